import type { Room } from '../../microsoft365/exchange';
import { isNotFound } from '../../microsoft365/wire/read';
import type { ResourceRow } from '../../model/verdict';
import type { Evaluation, Requirement } from '../control';
import { compareText, conclude, unreadable } from '../evaluation';
import { notKnown } from '../not-known';
import { unreadAccount } from '../service-account';
import { counts, retiredOf } from './assigned';
import type { Code, Reason } from './codes';
import { crossCheckEvidence, disputesOf } from './disputes';
import { excessEvidence, excessReasons } from './excess-roles';
import type { ImpersonationFacts } from './facts';
import { Granted } from './granted';
import { mayBeHeld, missingRole } from './missing-role';
import { type OpenedRooms, openedRooms } from './opening-reasons';
import { asksForRoles, possibleProtocols } from './protocols';
import { expectedKeys, type Stray, type Way } from './reach';
import { Reaches } from './reaches';
import { doubtful, noRooms, openScope, reserved, strayMailbox, unscoped } from './reasons';
import { protocolUnconfirmed } from './role-reasons';
import { areAllRoomsKnown, isAnyRoomUnread, roomListReasons } from './room-lists';
import { judgeRoom } from './room-verdicts';
import { fineSummary, withNumbers } from './summary';
import { TenantWide } from './tenant-wide';

/**
 * Decides whether roles, the permission that the vendor asks for, or the rooms' own lists open every room of the target, and whether
 * anybody else is within reach. Scopes of several roles add up; permissions for the whole tenant stand beside them.
 * Where a scope or the rooms could not be read, no room is called missed, and no mailbox a stray, that the rest could
 * clear.
 */
export function evaluate(facts: ImpersonationFacts, requirement: Requirement): Evaluation<Code> {
  const { profile, target } = requirement;
  const wide = new TenantWide(facts, requirement);
  const reasons = [...wide.reasons()];
  const silent = notKnown(profile, 'access', 'impersonation.notKnown');
  const { client, account, rooms, assignments } = facts;

  // That the application is missing is the business of consent, and said there.
  const opened = openedRooms(facts, requirement);
  const isHolderKnown =
    client.ok ||
    (isNotFound(client) && (opened !== undefined || (target.acceptRetiredRole && account?.ok === true)));
  if (!client.ok && !isHolderKnown) reasons.push(unreadable(client.failure));
  const unread = unreadAccount(account);
  const heldPerhaps = mayBeHeld(account, requirement);
  if (unread !== undefined && heldPerhaps.length > 0) reasons.push(unreadable(unread));
  if (!rooms.ok) reasons.push(unreadable(rooms.failure));
  else if (rooms.value.length === 0 && areAllRoomsKnown(facts)) reasons.push(noRooms(target));
  reasons.push(...onceEach(roomListReasons(facts)), ...(opened?.reasons ?? []), ...silent);
  if (assignments?.ok === false) reasons.push(unreadable(assignments.failure));
  if (assignments?.ok !== true || !isHolderKnown)
    return conclude(onceEach(reasons), '', { evidence: wide.evidence() });

  const counted = assignments.value.filter((assignment) => counts(assignment, requirement));
  const retired = retiredOf(assignments.value, requirement);
  const reaches = new Reaches(counted, facts.contents, heldPerhaps, facts.exclusiveScopes);
  const missing = missingRole(counted, retired, facts, requirement, wide.held);
  if (missing !== undefined) reasons.push(missing);
  reasons.push(
    // Where not all is known of the vendor's way, what else is assigned may be a part of it.
    ...(silent.length > 0 ? [] : excessReasons(assignments.value, requirement)),
    ...counted
      .filter(({ doubt, scope }) => doubt === undefined && scope.kind === 'organization')
      .map(unscoped),
  );

  const wanted = asksForRoles(requirement) ? possibleProtocols(requirement) : [];
  const known = rooms.ok ? rooms.value : [];
  const roomKeys = keysOf(known);
  const expected = expectedKeys(roomKeys, facts, requirement);
  const isOpenRoom = (room: Room) => reaches.accessTo(room, wanted).kind === 'open';
  const open = oncePerScope([
    // Of a room that does not exist it is certain that nothing reaches it.
    ...reaches.all.questions(keysOf(known.filter(({ exists }) => exists)), expected).map(openScope),
    ...reaches.reservations(known, wanted).map(reserved),
    ...known.filter((room) => room.doubt !== undefined && isOpenRoom(room)).map(doubtful),
  ]);
  reasons.push(...open);
  const { reasons: disputes, open: inDispute } = disputesOf(known, counted, facts, requirement);
  const evidence = {
    exchangeReader: target.exchangeReader,
    ...notSeen(target),
    ...openedEvidence(opened),
    ...wide.evidence(),
    assignments: counted.map(({ role, holder, through, scope }) => ({
      role,
      holder,
      through: through ?? null,
      scope,
    })),
    ...excessEvidence(assignments.value, requirement),
    ...crossCheckEvidence(facts.crossCheck, disputes),
  };
  // Without the rooms nobody can be said to be none of them.
  if (!rooms.ok) return conclude(onceEach(reasons), '', { evidence });

  const held = unread !== undefined && heldPerhaps.length > 0 ? [unreadable(unread)] : [];
  const grounds = { reaches, wanted, missing, open: [...open, ...held], disputes, opened };
  const granted = new Granted(facts, requirement, wide);
  const found = rooms.value.map((room) => judgeRoom(room, { ...grounds, granted }));
  const unconfirmed = found.flatMap((room) => room.unconfirmed ?? []);
  if (unconfirmed.length > 0) reasons.push(protocolUnconfirmed(requirement, unconfirmed));
  const outsiders = rooms.value.length > 0 && areAllRoomsKnown(facts) ? reaches.all.strays(expected) : [];
  // Of several at the most one is the account itself, but nobody can tell which.
  const isOpen = unread !== undefined && outsiders.length > 0;
  if (isOpen) reasons.push(unreadable(unread));
  const strays = isOpen ? [] : outsiders;
  reasons.push(...found.flatMap((room) => room.reasons), ...strays.map(strayMailbox));
  const resources = [...found.map(({ row }) => row), ...strays.map(strayRow)];
  const reached = found.filter(({ row }) => row.verdict === 'compliant').length;
  const numbers = { rooms: rooms.value.length, reached, strays: strays.length };
  const evaluation = conclude(onceEach(reasons), fineSummary(numbers, wide, requirement), {
    // What was there before stays where a list of rooms could not be read.
    ...(isAnyRoomUnread(facts) ? {} : { resources }),
    disputes: inDispute,
    evidence: { ...evidence, rooms: numbers.rooms, roomsReached: reached, strayMailboxes: strays.length },
  });
  return withNumbers(evaluation, numbers);
}

function strayRow({ recipient, path, scope }: Stray): ResourceRow {
  const way: Way = { path, scope };
  const { address: resource, displayName } = recipient;
  const codes = ['impersonation.strayMailbox'];
  return { resource, kind: 'mailbox', displayName, verdict: 'nonCompliant', codes, ...way };
}

/** Such rooms are no places, and not among all rooms of the tenant. */
function notSeen({ exchangeReader, rooms }: Requirement['target']): { notSeen?: string } {
  const isBlind = exchangeReader === 'graph' && rooms.source === 'all';
  return isBlind ? { notSeen: 'rooms that are hidden from address lists' } : {};
}

/** What the lists of the rooms cannot say. */
function openedEvidence(opened: OpenedRooms | undefined): Record<string, unknown> {
  if (opened === undefined) return {};
  const through = [...opened.byRoom.values()].flatMap((room) => (room.kind === 'open' ? room.scope : []));
  return {
    openedThrough: [...new Set(through)].sort(),
    notJudged: 'which other mailboxes the account may open',
  };
}

/** What leaves one thing open may leave several open. */
function onceEach(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()];
}

/** One reason for each scope, however many assignments use it. */
function oncePerScope(reasons: readonly Reason[]): Reason[] {
  const sorted = [...reasons].sort((a, b) => compareText(a.message, b.message));
  return [...new Map(sorted.map((reason) => [`${reason.code} ${reason.resource ?? ''}`, reason])).values()];
}

function keysOf(rooms: readonly Room[]): Set<string> {
  return new Set(rooms.flatMap(({ keys }) => keys));
}
