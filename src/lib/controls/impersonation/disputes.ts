import type { Authorization, RoleAssignment, Room } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/read';
import type { Protocol } from '../../profiles/profile';
import { protocolNames } from '../../profiles/roles';
import type { Requirement } from '../control';
import { counts } from './assigned';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './collect';
import { opens, possibleProtocols } from './protocols';
import type { Way } from './reach';
import { Reaches } from './reaches';

/** What Exchange's own test says of each room that it was asked about, by address. */
export type CrossCheck = ReadonlyMap<string, Read<Authorization[]>>;

/** What the roles of the application reach. Exchange's test knows no account. */
export function applicationReaches(
  counted: readonly RoleAssignment[],
  { contents, exclusiveScopes }: Pick<ImpersonationFacts, 'contents' | 'exclusiveScopes'>,
): Reaches {
  const own = counted.filter(({ holder }) => holder === 'application');
  return new Reaches(own, contents, [], exclusiveScopes);
}

/** The rooms of which Exchange's own test says something else than this evaluation, by address. */
export function disputesOf(
  rooms: readonly Room[],
  counted: readonly RoleAssignment[],
  facts: ImpersonationFacts,
  requirement: Requirement,
): ReadonlyMap<string, Reason> {
  const { crossCheck } = facts;
  if (crossCheck === undefined || crossCheck.size === 0) return new Map();
  const reaches = applicationReaches(counted, facts);
  return new Map(
    rooms.flatMap((room) => {
      const test = crossCheck.get(room.address);
      if (test?.ok !== true) return [];
      const [reason] = possibleProtocols(requirement).flatMap((protocol) => {
        const ours = reaches.wayBy(protocol, room);
        const theirs = isInScope(test.value, protocol, requirement);
        return ours === 'open' || theirs === undefined || theirs === (ours !== undefined)
          ? []
          : [disputed(room, protocol, ours)];
      });
      return reason === undefined ? [] : [[room.address, reason] as const];
    }),
  );
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

function disputed({ displayName, address }: Room, protocol: Protocol, ours: Way | undefined): Reason {
  const by = protocolNames[protocol];
  const [said, found] =
    ours === undefined
      ? ['is within reach', 'is not']
      : ['is not within reach', `is, by ${ours.path} through ${ours.scope}`];
  return {
    code: 'impersonation.disputed',
    level: 'unknown',
    message: `Exchange's own test says that ${displayName} (${address}) ${said} by ${by}, and this evaluation that it ${found}.`,
    resource: address,
    expected: ours === undefined ? 'out of reach' : 'within reach',
    actual: ours === undefined ? 'within reach' : 'out of reach',
  };
}
