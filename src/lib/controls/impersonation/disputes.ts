import type { Authorization, RoleAssignment, Room } from '../../microsoft365/exchange';
import type { Dispute, StoredTarget } from '../../model/target';
import { type Protocol, protocolNames } from '../../profiles/protocol';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import { counts } from './assigned';
import type { Reason } from './codes';
import type { ImpersonationFacts, CrossCheck } from './facts';
import { opens, possibleProtocols } from './protocols';
import type { Way } from './reach';
import { Reaches } from './reaches';
import { areAllRoomsKnown } from './room-lists';

/** What the roles of the application reach. Exchange's test knows no account. */
export function applicationReaches(
  counted: readonly RoleAssignment[],
  { contents, exclusiveScopes }: Pick<ImpersonationFacts, 'contents' | 'exclusiveScopes'>,
): Reaches {
  const own = counted.filter(({ holder }) => holder === 'application');
  return new Reaches(own, contents, [], exclusiveScopes);
}

/** What Exchange's own test and this evaluation say differently. */
export interface Disputes {
  /** By address of the room. */
  reasons: ReadonlyMap<string, Reason>;
  /** What the next reading has to know of: it may not ask about the same rooms, or get no answer. */
  open: readonly Dispute[];
}

/**
 * Compares what Exchange's own test says of rooms with this evaluation. What was in dispute stays so until the test is
 * heard again: no answer, or one about other rooms, settles nothing.
 */
export function disputesOf(
  rooms: readonly Room[],
  counted: readonly RoleAssignment[],
  facts: ImpersonationFacts,
  requirement: Requirement,
): Disputes {
  const { crossCheck } = facts;
  const before = rememberedIn(requirement.target);
  if ((crossCheck?.size ?? 0) + before.size === 0) return { reasons: new Map(), open: [] };
  const reaches = applicationReaches(counted, facts);
  const reasons = new Map<string, Reason>();
  const open = areAllRoomsKnown(facts) ? [] : ofOtherRooms(before, rooms);
  for (const room of rooms.filter(({ exists }) => exists)) {
    const test = crossCheck?.get(room.address);
    for (const protocol of possibleProtocols(requirement)) {
      const said = test?.ok === true ? isInScope(test.value, protocol, requirement) : undefined;
      const last = before.get(keyOf({ room: room.address, protocol }));
      const theirs = said ?? last?.isInScope;
      if (theirs === undefined) continue;
      const ours = reaches.wayBy(protocol, room);
      const isOpen = ours === 'open';
      if (isOpen ? last === undefined : theirs === (ours !== undefined)) continue;
      open.push({ room: room.address, protocol, isInScope: theirs });
      if (isOpen || reasons.has(room.address)) continue;
      reasons.set(room.address, disputed(room, protocol, ours, said === undefined));
    }
  }
  return { reasons, open: open.sort((a, b) => compareText(keyOf(a), keyOf(b))) };
}

type Remembered = ReadonlyMap<string, Dispute>;

/** With Microsoft Graph there is nobody to ask. */
function rememberedIn({ disputes = [], exchangeReader }: StoredTarget): Remembered {
  return new Map(exchangeReader === 'admin-api' ? disputes.map((each) => [keyOf(each), each]) : []);
}

function keyOf({ room, protocol }: Pick<Dispute, 'room' | 'protocol'>): string {
  return `${room} ${protocol}`;
}

/** Of rooms that are not among these, and may be rooms of the target all the same. */
function ofOtherRooms(before: Remembered, rooms: readonly Room[]): Dispute[] {
  const known = new Set(rooms.map(({ address }) => address));
  return [...before.values()].filter(({ room }) => !known.has(room));
}

/** What came of the test, for the record. */
export function crossCheckEvidence(
  crossCheck: CrossCheck | undefined,
  disputes: ReadonlyMap<string, Reason>,
): Record<string, unknown> {
  if (crossCheck === undefined) return {};
  const reads = [...crossCheck.values()];
  const failed = reads.flatMap((read) => (read.ok ? [] : [read.failure.message]));
  const answered = reads.length - failed.length;
  return {
    crossCheck: {
      rooms: answered,
      disputed: disputes.size,
      ...(failed.length === 0 ? {} : { notAnswered: failed.length, problem: failed[0] }),
    },
  };
}

/** Whether Exchange says that a role of the application reaches a room by a protocol; undefined where it does not say. */
function isInScope(
  rows: readonly Authorization[],
  protocol: Protocol,
  requirement: Requirement,
): boolean | undefined {
  const answers = rows.flatMap(({ role, inScope }) => {
    const scope = { kind: 'organization' } as const;
    const isCounted = counts({ role, holder: 'application', scope }, requirement);
    return isCounted && opens({ role }, [protocol]) ? [inScope] : [];
  });
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

/** @param isFromBefore whether this was said when Exchange was asked the last time, and not today. */
function disputed(
  { displayName, address }: Room,
  protocol: Protocol,
  ours: Way | undefined,
  isFromBefore: boolean,
): Reason {
  const by = protocolNames[protocol];
  const [told, found] =
    ours === undefined
      ? ['is within reach', 'is not']
      : ['is not within reach', `is, by ${ours.path} through ${ours.scope}`];
  const says = isFromBefore
    ? "Exchange's own test, which was not heard about it since, said"
    : "Exchange's own test says";
  return {
    code: 'impersonation.disputed',
    level: 'unknown',
    message: `${says} that ${displayName} (${address}) ${told} by ${by}, and this evaluation that it ${found}.`,
    resource: address,
    expected: ours === undefined ? 'out of reach' : 'within reach',
    actual: ours === undefined ? 'within reach' : 'out of reach',
  };
}
