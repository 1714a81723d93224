import type { StoredTarget } from '../../../model/target';
import { started } from '../../../started';
import { propertiesOf } from '../../opath/filter';
import { type ParsedFilter, parseFilter } from '../../opath/parse';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import type { CountedRoles, ExchangeReader, Holders, RoleAssignment } from '../exchange';
import { type Baseline, type BaselineQuery, namedLists, type RoomList } from '../baseline';
import {
  type FilterScope,
  membersOf,
  type Scope,
  type ScopeContents,
  uncertainIn,
  unresolved,
} from '../scope';
import { roomsIn, type TargetRooms } from '../target-rooms';
import { readAssignments } from './assignments';
import { type Candidates, markHidden, readEverybody, withPlaces } from './everybody';
import { filterContents } from './filter';
import { readBaseline } from './baseline';
import { readGroupMembers, readUnitMembers, readUser } from './members';
import { readDesks } from './places';
import { learnPlans } from './plans';
import { walkLists } from './room-lists';
import { readTargetRooms } from './rooms';
import { readExclusiveScopes } from './scopes';

/**
 * Exchange as Microsoft Graph shows it, with the least privileges: its beta API for roles, and places for rooms. It
 * evaluates recipient filters here, over the properties that Microsoft Graph knows.
 */
export class GraphExchange implements ExchangeReader {
  private targetRooms: Promise<Read<TargetRooms>> | undefined;

  constructor(
    private readonly tenant: Tenant,
    private readonly target: StoredTarget,
  ) {}

  rooms(): Promise<Read<TargetRooms>> {
    return (this.targetRooms ??= started(readTargetRooms(this.tenant, this.target.rooms)));
  }

  assignments(holders: Holders, roles: CountedRoles): Promise<Read<RoleAssignment[]>> {
    return readAssignments(this.tenant, holders, roles);
  }

  exclusiveScopes(): Promise<Read<FilterScope[]>> {
    return readExclusiveScopes(this.tenant);
  }

  baseline(query: BaselineQuery): Promise<Read<Baseline>> {
    return readBaseline(this.tenant, query);
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
    const everybody = filters.size === 0 ? undefined : started(this.candidates([...filters.values()]));
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
    everybody: Promise<Read<Candidates>> | undefined,
  ) {
    switch (scope.kind) {
      case 'organization':
        return { inside: 'all' as const, undecided: [] };
      case 'administrativeUnit':
        return membersOf(await withPlaces(this.tenant, readUnitMembers(this.tenant, scope.id)));
      case 'group':
        return membersOf(await withPlaces(this.tenant, readGroupMembers(this.tenant, scope.id)));
      case 'user':
        return membersOf(await withPlaces(this.tenant, readUser(this.tenant, scope.id)));
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

  /**
   * Everybody whom filters may let through. A room of the target that is no place may be one that is hidden from address
   * lists, of which nothing is known that filters ask about the type.
   */
  private async candidates(filters: readonly ParsedFilter[]): Promise<Read<Candidates>> {
    const properties = filters.flatMap((parsed) => (parsed.ok ? [...propertiesOf(parsed.filter)] : []));
    const [everybody, rooms] = await Promise.all([readEverybody(this.tenant, properties), this.rooms()]);
    if (!everybody.ok || !rooms.ok) return everybody;
    const doubtful = rooms.value.rooms.filter(({ doubt }) => doubt !== undefined).flatMap(({ keys }) => keys);
    if (doubtful.length > 0) markHidden(everybody.value, new Set(doubtful));
    return everybody;
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
