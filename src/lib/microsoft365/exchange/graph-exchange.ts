import { started } from '../../started';
import type { StoredTarget } from '../../target';
import { propertiesOf } from '../opath/filter';
import { type ParsedFilter, parseFilter } from '../opath/parse';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import {
  type CountedRoles,
  type ExchangeReader,
  type FilterScope,
  type Holders,
  membersOf,
  namedRooms,
  type RoleAssignment,
  type Room,
  type Scope,
  type ScopeContents,
  unresolved,
} from './exchange';
import { type Ground, type GroundQuery, namedLists, type RoomList } from './ground';
import { readAssignments, readExclusiveScopes } from './graph-assignments';
import { filterContents } from './graph-filter';
import { readGroupMembers, readUnitMembers, readUser, readUsers } from './graph-members';
import { learnPlans } from './graph-plans';
import { readGround } from './graph-ground';
import { type GraphRecipient, markRooms, PlaceRecipient } from './graph-recipient';
import { readAllRooms, readRoomsOfLists } from './graph-rooms';

/**
 * Exchange as Microsoft Graph shows it, with the least privileges: its beta API for roles, and places for rooms. It
 * evaluates recipient filters here, over the properties that Microsoft Graph knows.
 */
export class GraphExchange implements ExchangeReader {
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
      case 'mailboxes':
        return this.namedRooms(rooms.mailboxes);
    }
  }

  assignments(holders: Holders, roles: CountedRoles): Promise<Read<RoleAssignment[]>> {
    return readAssignments(this.tenant, holders, roles);
  }

  exclusiveScopes(): Promise<Read<FilterScope[]>> {
    return readExclusiveScopes(this.tenant);
  }

  ground(query: GroundQuery): Promise<Read<Ground>> {
    return readGround(this.tenant, query);
  }

  /** Microsoft Graph does not know distinguished names: only those that the target gives are known. */
  roomLists(): Promise<Read<RoomList[]>> {
    const { rooms, scopeGroups } = this.target;
    const lists = rooms.source === 'roomLists' ? rooms.roomLists : [];
    return Promise.resolve(readOk(namedLists(lists, scopeGroups)));
  }

  async contents(scopes: readonly Scope[]): Promise<ScopeContents[]> {
    const filters = new Map<Scope, ParsedFilter>(
      scopes.flatMap((scope) =>
        scope.kind === 'filter' ? [[scope, parseFilter(scope.filter)] as const] : [],
      ),
    );
    // One list serves all filters, with the properties that any of them asks for.
    const everybody = filters.size === 0 ? undefined : started(this.everybody([...filters.values()]));
    const contents = await Promise.all(
      scopes.map((scope) => this.contentsOf(scope, filters.get(scope), everybody)),
    );
    const people = new Set(
      contents.flatMap(({ inside, undecided }) => [
        ...(inside === 'all' ? [] : inside),
        ...(undecided === 'any' ? [] : undecided),
      ]),
    );
    const plans = await learnPlans(this.tenant, people);
    if (plans.ok) return contents;
    // Who is inside is known, and whether that is a mailbox is not.
    return contents.map((content) =>
      content.inside === 'all' ? content : { ...content, undecided: 'any', problem: plans.failure },
    );
  }

  /** @param filter the scope's, where it has one; @param everybody the users, where any scope has a filter. */
  private async contentsOf(
    scope: Scope,
    filter: ParsedFilter | undefined,
    everybody: ReturnType<GraphExchange['everybody']> | undefined,
  ) {
    switch (scope.kind) {
      case 'organization':
        return { inside: 'all' as const, undecided: [] };
      case 'administrativeUnit':
        return membersOf(await this.withRooms(readUnitMembers(this.tenant, scope.id)));
      case 'group':
        return membersOf(await this.withRooms(readGroupMembers(this.tenant, scope.id)));
      case 'user':
        return membersOf(await this.withRooms(readUser(this.tenant, scope.id)));
      case 'filter': {
        const read = await everybody;
        if (read === undefined || filter === undefined) return unresolved('it was not read');
        return read.ok
          ? filterContents(this.tenant, filter, read.value, this.target.scopeGroups)
          : unresolved(read.failure);
      }
      case 'other':
        return unresolved(scope.why);
    }
  }

  private async namedRooms(addresses: readonly string[]): Promise<Read<Room[]>> {
    const everybody = await this.everybody([]);
    if (!everybody.ok) return everybody;
    const named = new Set(addresses.map((address) => address.toLowerCase()));
    const plans = await learnPlans(
      this.tenant,
      everybody.value.filter(({ keys }) => keys.some((key) => named.has(key))),
    );
    if (!plans.ok) return plans;
    return readOk(
      namedRooms(addresses, everybody.value).map((room) =>
        room.exists && !room.hasMailbox ? { ...room, doubt: noSignOfMailbox } : room,
      ),
    );
  }

  /** Everybody who may be in a scope: the users, and the rooms to which no user belongs. */
  private async everybody(
    filters: readonly ParsedFilter[],
  ): Promise<Read<(GraphRecipient | PlaceRecipient)[]>> {
    const properties = filters.flatMap((parsed) => (parsed.ok ? [...propertiesOf(parsed.filter)] : []));
    const [users, places] = await Promise.all([
      readUsers(this.tenant, properties),
      readAllRooms(this.tenant),
    ]);
    if (!users.ok) return users;
    if (!places.ok) return places;
    const found = markRooms(users.value, addressesOf(places.value));
    const lonely = places.value.filter(({ address }) => !found.has(address));
    return readOk([...users.value, ...lonely.map((place) => new PlaceRecipient(place))]);
  }

  /** Recipients, with the room mailboxes among them marked as such. */
  private async withRooms(reading: Promise<Read<GraphRecipient[]>>): Promise<Read<GraphRecipient[]>> {
    const [recipients, places] = await Promise.all([reading, readAllRooms(this.tenant)]);
    if (!recipients.ok) return recipients;
    if (!places.ok) return places;
    markRooms(recipients.value, addressesOf(places.value));
    return recipients;
  }
}

/** Rooms need no licence, and a new one is not among the places yet. */
const noSignOfMailbox =
  'Microsoft Graph has it neither among the places nor with a plan of Exchange. A new room is there after up to a day; otherwise set exchangeReader to admin-api, or correct the setting rooms of the target';

function addressesOf(rooms: readonly Room[]): Set<string> {
  return new Set(rooms.map(({ address }) => address));
}
