import {
  type FilterScope,
  isUncertain,
  type Recipient,
  type RoleAssignment,
  type Room,
  scopeKey,
  scopeName,
  type ScopeContents,
  unresolved,
} from '../../microsoft365/exchange';
import type { ReadFailure } from '../../microsoft365/wire/read';
import { compareText } from '../evaluation';
import type { ImpersonationFacts } from './facts';
import type { Demand } from './protocols';

/** How a mailbox is reached. */
export interface Way {
  /** The role. */
  path: string;
  scope: string;
}

/** Something about a scope that could not be found out, and that may matter. */
export interface OpenQuestion {
  assignment: RoleAssignment;
  problem: ReadFailure | string;
  /** Addresses of those inside who may be mailboxes that ought to be out of reach. */
  uncertain: string[];
}

/** An exclusive scope that keeps rooms, or may keep them, from the roles that reach them otherwise. */
export interface Reservation {
  scope: FilterScope;
  rooms: Room[];
  /** Why it is not known who is in it, where that is so. */
  problem?: ReadFailure | string | undefined;
}

/** A mailbox that is reached and should not be. */
export interface Stray extends Way {
  recipient: Recipient;
}

/** Which mailboxes the assignments that count reach: several of them add up, and so do their scopes. */
export class Reach {
  private readonly ways = new Map<string, Way>();
  private readonly members = new Map<string, Stray>();
  private readonly openKeys = new Set<string>();
  private everything: Way | undefined;
  /** Exclusive scopes that no role is certainly assigned with, and the keys of those who may be in one. */
  private readonly foreign: { scope: FilterScope; keys: ReadonlySet<string> | 'any' }[];
  /** The keys of those in an exclusive scope that a role is assigned with: no other scope keeps them from it. */
  private readonly ownKeys = new Set<string>();

  /**
   * @param assignments those that count.
   * @param contents of their scopes, by {@link scopeKey}.
   * @param isAnythingOpen whether there may be assignments that could not be read: then nothing is out of reach for certain.
   * @param exclusiveScopes all of the tenant; their contents are among `contents`.
   */
  constructor(
    private readonly assignments: readonly RoleAssignment[],
    private readonly contents: ReadonlyMap<string, ScopeContents>,
    private isAnythingOpen: boolean,
    exclusiveScopes: readonly FilterScope[] = [],
  ) {
    const own = new Set(
      assignments.flatMap(({ doubt, scope }) => (doubt === undefined ? scopeKey(scope) : [])),
    );
    this.foreign = exclusiveScopes
      .filter((scope) => !own.has(scopeKey(scope)))
      .map((scope) => ({ scope, keys: this.keysIn(scope) }));
    // In a fixed order, so that a room that is reached in several ways always tells the same one.
    const inOrder = [...assignments].sort(
      (a, b) => compareText(scopeKey(a.scope), scopeKey(b.scope)) || compareText(a.role, b.role),
    );
    for (const assignment of inOrder) this.add(assignment);
  }

  /** How a room is reached; `open` when that cannot be told, undefined when it is not. */
  wayTo(room: Room): Way | 'open' | undefined {
    const way = this.wayThroughScopes(room);
    if (way === undefined) return undefined;
    const isOpen = room.doubt !== undefined || this.foreign.some(({ keys }) => this.isReserved(room, keys));
    return isOpen ? 'open' : way;
  }

  /** What keeps rooms from roles that reach them otherwise. */
  reservations(rooms: readonly Room[]): Reservation[] {
    return this.foreign.flatMap(({ scope, keys }): Reservation[] => {
      const reserved = rooms.filter((room) => {
        const way = this.wayThroughScopes(room);
        return way !== undefined && way !== 'open' && this.isReserved(room, keys);
      });
      return reserved.length === 0
        ? []
        : [{ scope, rooms: reserved, problem: this.contentsOf({ scope }).problem }];
    });
  }

  /**
   * Mailboxes within a scope that go by none of these keys, and are no desks: these are rooms of a kind, and harm nobody.
   * Not for scopes of the whole organisation.
   */
  strays(expected: ReadonlySet<string>): Stray[] {
    return [...this.members.values()].filter(
      ({ recipient }) =>
        recipient.hasMailbox === true &&
        recipient.desk === undefined &&
        !recipient.keys.some((key) => expected.has(key)),
    );
  }

  /**
   * What is open about scopes. A recipient without a mailbox that is no room either leaves nothing open, nor does one
   * inside of whom it is not known what he is, as long as he belongs there.
   * @param expected the keys of those who may be within a scope.
   */
  questions(roomKeys: ReadonlySet<string>, expected: ReadonlySet<string>): OpenQuestion[] {
    const matters = ({ hasMailbox, keys }: Recipient) =>
      hasMailbox !== false || keys.some((key) => roomKeys.has(key));
    const mayBeStray = (recipient: Recipient) =>
      isUncertain(recipient) && !recipient.keys.some((key) => expected.has(key));
    return this.assignments.flatMap((assignment): OpenQuestion[] => {
      if (assignment.doubt !== undefined) return [{ assignment, problem: assignment.doubt, uncertain: [] }];
      const { inside, undecided, problem } = this.contentsOf(assignment);
      const uncertain = inside === 'all' ? [] : inside.filter(mayBeStray).map(({ address }) => address);
      const isOpen = undecided === 'any' || undecided.some(matters) || uncertain.length > 0;
      return isOpen ? [{ assignment, problem: problem ?? 'its members are not known', uncertain }] : [];
    });
  }

  private wayThroughScopes(room: Room): Way | 'open' | undefined {
    if (!room.exists) return undefined;
    if (this.everything !== undefined) return this.everything;
    for (const key of room.keys) {
      const way = this.ways.get(key);
      if (way !== undefined) return way;
    }
    return this.isAnythingOpen || room.keys.some((key) => this.openKeys.has(key)) ? 'open' : undefined;
  }

  private add(assignment: RoleAssignment): void {
    const { inside, undecided } = this.contentsOf(assignment);
    if (undecided === 'any') this.isAnythingOpen = true;
    else for (const recipient of undecided) this.open(recipient);
    if (assignment.doubt !== undefined) {
      if (inside === 'all') this.isAnythingOpen = true;
      else for (const recipient of inside) this.open(recipient);
      return;
    }
    const { role, scope } = assignment;
    const way = { path: role, scope: scopeName(scope) };
    if (inside === 'all') {
      this.everything ??= way;
      return;
    }
    for (const recipient of inside) {
      const [id = recipient.address] = recipient.keys;
      if (!this.members.has(id)) this.members.set(id, { recipient, ...way });
      for (const key of recipient.keys) {
        if (!this.ways.has(key)) this.ways.set(key, way);
        if (scope.kind === 'filter' && scope.exclusive) this.ownKeys.add(key);
      }
    }
  }

  private open(recipient: Recipient): void {
    for (const key of recipient.keys) this.openKeys.add(key);
  }

  private isReserved(room: Room, keys: ReadonlySet<string> | 'any'): boolean {
    if (room.keys.some((key) => this.ownKeys.has(key))) return false;
    return keys === 'any' || room.keys.some((key) => keys.has(key));
  }

  private keysIn(scope: FilterScope): ReadonlySet<string> | 'any' {
    const { inside, undecided } = this.contentsOf({ scope });
    if (inside === 'all' || undecided === 'any') return 'any';
    return new Set([...inside, ...undecided].flatMap(({ keys }) => keys));
  }

  private contentsOf({ scope }: Pick<RoleAssignment, 'scope'>): ScopeContents {
    return this.contents.get(scopeKey(scope)) ?? unresolved('it was not read');
  }
}

/**
 * The keys of those who may be within a scope: the rooms, equipment where the vendor means that as well, and the service
 * account. Some vendors ask for the latter, and it is the integration's own. Where the product has none, the address that
 * the target gives is anybody's.
 */
export function expectedKeys(
  roomKeys: Iterable<string>,
  { account, ...within }: WhoIsWithin,
  { profile, target: { serviceAccount, serviceAccountId } }: Demand,
): Set<string> {
  const equipment = profile.rooms.equipment ? equipmentKeys(within) : [];
  if (account === null) return new Set([...roomKeys, ...equipment]);
  const own = account.ok ? [account.value.id, account.value.userPrincipalName.toLowerCase()] : [];
  const named = serviceAccount === undefined ? [] : [serviceAccount.toLowerCase()];
  const learnt = serviceAccountId === undefined ? [] : [serviceAccountId];
  return new Set([...roomKeys, ...equipment, ...named, ...learnt, ...own]);
}

type WhoIsWithin = Pick<ImpersonationFacts, 'account'> &
  Partial<Pick<ImpersonationFacts, 'contents' | 'policies' | 'everybody'>>;

function equipmentKeys({ contents, policies, everybody }: Omit<WhoIsWithin, 'account'>): string[] {
  const groups = [
    ...[...(contents?.values() ?? [])].map(({ inside }) => inside),
    ...(policies?.ok === true ? policies.value.map(({ members }) => members.inside) : []),
    ...(everybody?.ok === true ? [everybody.value] : []),
  ];
  return groups.flatMap((inside) =>
    inside === 'all' ? [] : inside.flatMap(({ equipment, keys }) => (equipment === true ? keys : [])),
  );
}
