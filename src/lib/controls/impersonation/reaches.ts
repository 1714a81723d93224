import type { FilterScope, RoleAssignment, Room, ScopeContents } from '../../microsoft365/exchange';
import { type Protocol, protocols } from '../../profiles/protocol';
import { opens } from './protocols';
import { Reach, type Reservation, type Way } from './reach';

/** How a room stands. */
export type RoomAccess =
  /** Reached by every protocol that the product may use. */
  | { kind: 'reached'; way: Way }
  /** Reached by one of the two protocols that the product may use, and not by the other. */
  | { kind: 'unconfirmed'; way: Way; by: Protocol }
  /** Nobody can tell. */
  | { kind: 'open' }
  | { kind: 'missed' };

/** What the assignments that count reach, by each protocol. */
export class Reaches {
  /** By any protocol: whom a role reaches at all. */
  readonly all: Reach;
  private readonly by: Readonly<Record<Protocol, Reach>>;

  /**
   * @param counted the assignments that count.
   * @param mayBeHeld roles that somebody may hold who could not be read: nothing is out of their reach for certain.
   */
  constructor(
    counted: readonly RoleAssignment[],
    contents: ReadonlyMap<string, ScopeContents>,
    mayBeHeld: readonly string[],
    exclusiveScopes: readonly FilterScope[] = [],
  ) {
    const reachOf = (wanted: readonly Protocol[]) =>
      new Reach(
        counted.filter((assignment) => opens(assignment, wanted)),
        contents,
        mayBeHeld.some((role) => opens({ role }, wanted)),
        exclusiveScopes,
      );
    this.all = reachOf(protocols);
    // Large tenants have large scopes, and as a rule one role: what is the same is not put together twice.
    const isSame = (protocol: Protocol) =>
      counted.every((assignment) => opens(assignment, [protocol])) &&
      mayBeHeld.every((role) => opens({ role }, [protocol]));
    const each = (protocol: Protocol) => (isSame(protocol) ? this.all : reachOf([protocol]));
    this.by = { ews: each('ews'), graph: each('graph') };
  }

  /** How a room is reached by one protocol; `open` when that cannot be told, undefined when it is not. */
  wayBy(protocol: Protocol, room: Room): Way | 'open' | undefined {
    return this.by[protocol].wayTo(room);
  }

  /** @param wanted the protocols that the product may use: one, or both. */
  accessTo(room: Room, wanted: readonly Protocol[]): RoomAccess {
    const ways = wanted.map((protocol) => [protocol, this.wayBy(protocol, room)] as const);
    if (ways.some(([, way]) => way === 'open')) return { kind: 'open' };
    const reached = ways.flatMap(([by, way]) => (way === undefined || way === 'open' ? [] : [{ by, way }]));
    const [first] = reached;
    if (first === undefined) return { kind: 'missed' };
    return reached.length === ways.length
      ? { kind: 'reached', way: first.way }
      : { kind: 'unconfirmed', ...first };
  }

  /** What keeps rooms from roles that reach them otherwise. */
  reservations(rooms: readonly Room[], wanted: readonly Protocol[]): Reservation[] {
    const reaches = new Set(wanted.map((protocol) => this.by[protocol]));
    return [...reaches].flatMap((reach) => reach.reservations(rooms));
  }
}
