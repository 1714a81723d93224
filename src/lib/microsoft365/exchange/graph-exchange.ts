import type { StoredTarget } from '../../target';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import {
  type CountedRoles,
  type ExchangeReader,
  type Holders,
  membersOf,
  namedRooms,
  type RoleAssignment,
  type Room,
  type Scope,
  type ScopeContents,
  unresolved,
} from './exchange';
import { readAssignments } from './graph-assignments';
import { filterContents } from './graph-filter';
import { readGroupMembers, readUnitMembers, readUser, readUsers } from './graph-members';
import { type GraphRecipient, markRooms, PlaceRecipient } from './graph-recipient';
import { readAllRooms, readRoomsOfLists } from './graph-rooms';

/**
 * Exchange as Microsoft Graph shows it, with the least privileges: its beta API for roles, and places for rooms. It
 * evaluates recipient filters here, over the properties that Microsoft Graph knows.
 */
export class GraphExchange implements ExchangeReader {
  private all: Promise<Read<(GraphRecipient | PlaceRecipient)[]>> | undefined;

  constructor(
    private readonly tenant: Tenant,
    private readonly target: StoredTarget,
  ) {}

  async rooms(): Promise<Read<Room[]>> {
    const { rooms } = this.target;
    switch (rooms.source) {
      case 'all':
        return readAllRooms(this.tenant);
      case 'roomLists':
        return readRoomsOfLists(this.tenant, rooms.roomLists);
      case 'mailboxes': {
        const everybody = await this.everybody();
        return everybody.ok ? readOk(namedRooms(rooms.mailboxes, everybody.value)) : everybody;
      }
    }
  }

  assignments(holders: Holders, roles: CountedRoles): Promise<Read<RoleAssignment[]>> {
    return readAssignments(this.tenant, holders, roles);
  }

  async contents(scope: Scope): Promise<ScopeContents> {
    switch (scope.kind) {
      case 'organization':
        return { inside: 'all', undecided: [] };
      case 'administrativeUnit':
        return membersOf(await this.withRooms(readUnitMembers(this.tenant, scope.id)));
      case 'group':
        return membersOf(await this.withRooms(readGroupMembers(this.tenant, scope.id)));
      case 'user':
        return membersOf(await this.withRooms(readUser(this.tenant, scope.id)));
      case 'filter': {
        const everybody = await this.everybody();
        return everybody.ok
          ? filterContents(this.tenant, scope, everybody.value, this.target.scopeGroups)
          : unresolved(everybody.failure);
      }
      case 'other':
        return unresolved(scope.why);
    }
  }

  /** Everybody who may be in a scope: the users, and the rooms to which no user belongs. */
  private everybody(): Promise<Read<(GraphRecipient | PlaceRecipient)[]>> {
    return (this.all ??= this.readEverybody());
  }

  private async readEverybody(): Promise<Read<(GraphRecipient | PlaceRecipient)[]>> {
    const [users, places] = await Promise.all([
      this.withRooms(readUsers(this.tenant)),
      readAllRooms(this.tenant),
    ]);
    if (!users.ok) return users;
    if (!places.ok) return places;
    const keys = new Set(users.value.flatMap((user) => user.keys));
    const lonely = places.value.filter((place) => !place.keys.some((key) => keys.has(key)));
    return readOk([...users.value, ...lonely.map((place) => new PlaceRecipient(place))]);
  }

  /** Recipients, with the room mailboxes among them marked as such. */
  private async withRooms(reading: Promise<Read<GraphRecipient[]>>): Promise<Read<GraphRecipient[]>> {
    const [recipients, places] = await Promise.all([reading, readAllRooms(this.tenant)]);
    if (!recipients.ok) return recipients;
    if (!places.ok) return places;
    markRooms(recipients.value, new Set(places.value.map(({ address }) => address)));
    return recipients;
  }
}
