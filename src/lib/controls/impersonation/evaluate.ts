import type { Room } from '../../microsoft365/exchange';
import { isNotFound } from '../../microsoft365/read';
import type { Evaluation, Requirement, ResourceRow } from '../control';
import { compareText, conclude, unreadable } from '../evaluation';
import { unreadAccount } from '../service-account';
import type { Code, Reason } from './codes';
import { counts, type ImpersonationFacts } from './collect';
import { expectedKeys, Reach, type Stray, type Way } from './reach';
import {
  doubtful,
  noRole,
  noRooms,
  notCovered,
  openScope,
  reserved,
  strayMailbox,
  unscoped,
} from './reasons';
import { fineSummary, withNumbers } from './summary';
import { TenantWide } from './tenant-wide';

export function evaluate(facts: ImpersonationFacts, requirement: Requirement): Evaluation<Code> {
  const { target } = requirement;
  const wide = new TenantWide(facts, requirement);
  const reasons = [...wide.reasons()];
  const { client, account, rooms, assignments } = facts;

  // That the application is missing is the business of consent, and said there.
  const isHolderKnown = client.ok || (isNotFound(client) && target.acceptRetiredRole && account?.ok === true);
  if (!client.ok && !isHolderKnown) reasons.push(unreadable(client.failure));
  const unread = unreadAccount(account);
  const unknownHolder = target.acceptRetiredRole && unread !== undefined ? [unreadable(unread)] : [];
  reasons.push(...unknownHolder);
  if (!rooms.ok) reasons.push(unreadable(rooms.failure));
  else if (rooms.value.length === 0) reasons.push(noRooms(target));
  if (assignments?.ok === false) reasons.push(unreadable(assignments.failure));
  if (assignments?.ok !== true || !isHolderKnown) return conclude(reasons, '', { evidence: wide.evidence() });

  const counted = assignments.value.filter((assignment) => counts(assignment, target));
  const retired = assignments.value.filter(
    (assignment) => !counts(assignment, target) && assignment.doubt === undefined,
  );
  const reach = new Reach(counted, facts.contents, unknownHolder.length > 0, facts.exclusiveScopes);
  const isNone = counted.length === 0 && unknownHolder.length === 0;
  if (isNone) reasons.push(noRole(requirement, retired, wide.held));
  reasons.push(
    ...counted
      .filter(({ doubt, scope }) => doubt === undefined && scope.kind === 'organization')
      .map(unscoped),
  );

  const known = rooms.ok ? rooms.value : [];
  const roomKeys = keysOf(known);
  const open = onceEach([
    ...reach.questions(roomKeys).map(openScope),
    ...reach.reservations(known).map(reserved),
    ...known.filter((room) => room.doubt !== undefined && reach.wayTo(room) === 'open').map(doubtful),
  ]);
  reasons.push(...open);
  const evidence = {
    exchangeReader: target.exchangeReader,
    ...wide.evidence(),
    assignments: counted.map(({ role, holder, through, scope }) => ({
      role,
      holder,
      through: through ?? null,
      scope,
    })),
  };
  // Without the rooms nobody can be said to be none of them.
  if (!rooms.ok) return conclude(reasons, '', { evidence });

  const whyNot = isNone
    ? retired.length > 0
      ? 'impersonation.roleRetired'
      : 'impersonation.none'
    : undefined;
  const found = rooms.value.map((room) => judge(room, reach, whyNot, [...open, ...unknownHolder]));
  const outsiders = rooms.value.length === 0 ? [] : reach.strays(expectedKeys(roomKeys, facts, target));
  // Of several at the most one is the account itself, but nobody can tell which.
  const isOpen = unread !== undefined && outsiders.length > 0;
  if (isOpen && unknownHolder.length === 0) reasons.push(unreadable(unread));
  const strays = isOpen ? [] : outsiders;
  reasons.push(...found.flatMap(({ reason }) => reason ?? []), ...strays.map(strayMailbox));
  const resources = [...found.map(({ row }) => row), ...strays.map(strayRow)];
  const reached = found.filter(({ row }) => row.verdict === 'compliant').length;
  const evaluation = conclude(reasons, fineSummary(rooms.value.length, wide.held, wide.isKnown), {
    resources,
    evidence: {
      ...evidence,
      rooms: rooms.value.length,
      roomsReached: reached,
      strayMailboxes: strays.length,
    },
  });
  return withNumbers(evaluation, { rooms: rooms.value.length, reached, strays: strays.length });
}

/** What there is to say about one room. It is a violation of its own only where there is an assignment at all. */
function judge(
  room: Room,
  reach: Reach,
  whyNot: string | undefined,
  open: readonly Reason[],
): { row: ResourceRow; reason?: Reason } {
  const row = { resource: room.address, kind: 'room' as const, displayName: room.displayName };
  const way = reach.wayTo(room);
  if (way === 'open') {
    return { row: { ...row, verdict: 'unknown', codes: [...new Set(open.map(({ code }) => code))].sort() } };
  }
  if (way !== undefined) return { row: { ...row, verdict: 'compliant', codes: [], ...way } };
  if (whyNot !== undefined) return { row: { ...row, verdict: 'nonCompliant', codes: [whyNot] } };
  const reason = notCovered(room);
  return { row: { ...row, verdict: 'nonCompliant', codes: [reason.code], detail: reason.message }, reason };
}

function strayRow({ recipient, path, scope }: Stray): ResourceRow {
  const way: Way = { path, scope };
  const { address: resource, displayName } = recipient;
  const codes = ['impersonation.strayMailbox'];
  return { resource, kind: 'mailbox', displayName, verdict: 'nonCompliant', codes, ...way };
}

/** One reason for each scope, however many assignments use it. */
function onceEach(reasons: readonly Reason[]): Reason[] {
  const sorted = [...reasons].sort((a, b) => compareText(a.message, b.message));
  return [...new Map(sorted.map((reason) => [`${reason.code} ${reason.resource ?? ''}`, reason])).values()];
}

function keysOf(rooms: readonly Room[]): Set<string> {
  return new Set(rooms.flatMap(({ keys }) => keys));
}
