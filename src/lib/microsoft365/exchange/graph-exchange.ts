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
  type RoleAssignment,
  type Room,
  type Scope,
  type ScopeContents,
  uncertainIn,
  unresolved,
} from './exchange';
import { type Ground, type GroundQuery, namedLists, type RoomList } from './ground';
import { readAssignments } from './graph-assignments';
import { filterContents } from './graph-filter';
import { noSignOfMailbox } from './graph-list-walk';
import { readGroupMembers, readUnitMembers, readUser, readUsers } from './graph-members';
import { markPlaces, PlaceRecipient } from './graph-place-recipient';
import { PlaceIndex, readDesks, readRooms } from './graph-places';
import { learnPlans } from './graph-plans';
import { readGround } from './graph-ground';
import type { GraphRecipient } from './graph-recipient';
import { walkLists } from './graph-room-lists';
import { readExclusiveScopes } from './graph-scopes';
import { allOf, namedRooms, type RoomGap, roomsIn, type TargetRooms } from './target-rooms';

/**
 * Exchange as Microsoft Graph shows it, with the least privileges: its beta API for roles, and places for rooms. It
 * evaluates recipient filters here, over the properties that Microsoft Graph knows.
 */
export class GraphExchange implements ExchangeReader {
  constructor(
    private readonly tenant: Tenant,
    private readonly target: StoredTarget,
  ) {}

  async rooms(): Promise<Read<TargetRooms>> {
    const { rooms } = this.target;
    switch (rooms.source) {
      case 'all':
        return this.allRooms(rooms.desks === 'include');
      case 'roomLists':
        return readOk(await walkLists(this.tenant, rooms.roomLists));
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
  async roomLists(): Promise<Read<RoomList[]>> {
    const { rooms, scopeGroups } = this.target;
    if (rooms.source !== 'roomLists') return readOk([]);
    const walked = await walkLists(this.tenant, rooms.roomLists);
    const read = roomsIn(readOk(walked));
    return read.ok ? readOk(namedLists(walked.lists, scopeGroups)) : read;
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
    if (plans.ok) return Promise.all(contents.map((content) => this.withUncertain(content)));
    // Who is inside is known, and whether that is a mailbox is not.
    return contents.map((content) =>
      content.inside === 'all' ? content : { ...content, undecided: 'any', problem: plans.failure },
    );
  }

  /** Says why it is not known of some what they are. */
  private async withUncertain(content: ScopeContents): Promise<ScopeContents> {
    const uncertain = uncertainIn(content);
    if (uncertain.some(({ desk }) => desk === 'unknown')) {
      const desks = await readDesks(this.tenant);
      if (!desks.ok) return { ...content, problem: desks.failure };
    }
    const addresses = uncertain.flatMap(({ hasMailbox, address }) =>
      hasMailbox === undefined ? address : [],
    );
    return addresses.length === 0 || content.problem !== undefined
      ? content
      : { ...content, problem: perhapsMailboxes(addresses) };
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
        return membersOf(await this.withPlaces(readUnitMembers(this.tenant, scope.id)));
      case 'group':
        return membersOf(await this.withPlaces(readGroupMembers(this.tenant, scope.id)));
      case 'user':
        return membersOf(await this.withPlaces(readUser(this.tenant, scope.id)));
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

  private async allRooms(withDesks: boolean): Promise<Read<TargetRooms>> {
    const [rooms, desks] = await Promise.all([readRooms(this.tenant), readDesks(this.tenant)]);
    if (!rooms.ok) return rooms;
    const gaps: RoomGap[] = withDesks && !desks.ok ? [{ problem: desks.failure }] : [];
    const places = withDesks && desks.ok ? [...desks.value, ...rooms.value] : rooms.value;
    const byAddress = new Map(
      places.map(({ address, displayName }): [string, Room] => [
        address,
        { address, displayName, keys: [address], hasMailbox: true, exists: true },
      ]),
    );
    return readOk({ ...allOf([...byAddress.values()]), gaps });
  }

  private async namedRooms(addresses: readonly string[]): Promise<Read<TargetRooms>> {
    const everybody = await this.everybody([]);
    if (!everybody.ok) return everybody;
    const named = new Set(addresses.map((address) => address.toLowerCase()));
    const plans = await learnPlans(
      this.tenant,
      everybody.value.filter(({ keys }) => keys.some((key) => named.has(key))),
    );
    if (!plans.ok) return plans;
    const rooms = namedRooms(addresses, everybody.value).map((room) =>
      room.exists && room.hasMailbox !== true ? { ...room, doubt: noSignOfMailbox } : room,
    );
    // One that nothing speaks for may be a desk, where these could not be read.
    const desks = await readDesks(this.tenant);
    const isDoubtful = rooms.some(({ doubt }) => doubt !== undefined);
    const gaps: RoomGap[] = isDoubtful && !desks.ok ? [{ problem: desks.failure }] : [];
    return readOk({ ...allOf(rooms), gaps });
  }

  /** Everybody who may be in a scope: the users, and the rooms and desks to which no user belongs. */
  private async everybody(
    filters: readonly ParsedFilter[],
  ): Promise<Read<(GraphRecipient | PlaceRecipient)[]>> {
    const properties = filters.flatMap((parsed) => (parsed.ok ? [...propertiesOf(parsed.filter)] : []));
    const [users, rooms, desks] = await Promise.all([
      readUsers(this.tenant, properties),
      readRooms(this.tenant),
      readDesks(this.tenant),
    ]);
    if (!users.ok) return users;
    if (!rooms.ok) return rooms;
    const places = new PlaceIndex(rooms.value, desks.ok ? desks.value : undefined);
    const found = markPlaces(users.value, places);
    const lonely = [...rooms.value, ...(desks.ok ? desks.value : [])].filter(
      ({ address }) => !found.has(address),
    );
    return readOk([
      ...users.value,
      ...lonely.map((place) => new PlaceRecipient(place, places.kindOf(place.address))),
    ]);
  }

  /** Recipients, with the rooms and desks among them marked as such. */
  private async withPlaces(reading: Promise<Read<GraphRecipient[]>>): Promise<Read<GraphRecipient[]>> {
    const [recipients, rooms, desks] = await Promise.all([
      reading,
      readRooms(this.tenant),
      readDesks(this.tenant),
    ]);
    if (!recipients.ok) return recipients;
    if (!rooms.ok) return rooms;
    markPlaces(recipients.value, new PlaceIndex(rooms.value, desks.ok ? desks.value : undefined));
    return recipients;
  }
}

/** How many of those of whom something is not known a message names. */
const mostNamed = 3;

function perhapsMailboxes(addresses: readonly string[]): string {
  const sorted = [...addresses].sort();
  const more = sorted.length > mostNamed ? ` and ${sorted.length - mostNamed} more` : '';
  const who = `${sorted.slice(0, mostNamed).join(', ')}${more}`;
  return `whether there is a mailbox behind ${who} is not known to Microsoft Graph, which finds an address, and neither a plan of Exchange nor a place. It may be a shared mailbox, equipment, or a room that is hidden from address lists. Set exchangeReader to admin-api`;
}
