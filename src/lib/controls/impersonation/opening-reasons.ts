import type { Room } from '../../microsoft365/exchange';
import type { RoomOpening } from '../../microsoft365/exchange/openings';
import { accountName } from '../../model/target';
import type { Opening } from '../../profiles/access';
import type { Requirement } from '../control';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './facts';
import { openingKind, openingTo } from './openings';

/** How each room stands towards the account, where that is the product's way. */
export interface OpenedRooms {
  /** Reasons that are about no single room. */
  reasons: Reason[];
  /** By address, of the rooms that exist. */
  byRoom: ReadonlyMap<string, OpenedRoom>;
}

/** What there is to say about one room. */
export type OpenedRoom =
  { kind: 'open'; path: string; scope: string } | { kind: 'shut' | 'denied' | 'undecided'; reason: Reason };

/** What a permission is called. */
const words: Readonly<Record<Opening, { has: string; lacks: string; path: string }>> = {
  fullAccess: { has: 'full access', lacks: 'no full access', path: 'full access' },
  delegate: { has: 'a delegate of the room', lacks: 'no delegate of the room', path: 'delegate' },
};

/** Judges each room by who may open it; undefined for a product that reaches its rooms in another way. */
export function openedRooms(facts: ImpersonationFacts, requirement: Requirement): OpenedRooms | undefined {
  const kind = openingKind(requirement);
  if (kind === undefined) return undefined;
  const { rooms, account, openings } = facts;
  const existing = (rooms.ok ? rooms.value : []).filter(({ exists }) => exists);
  const all = (reason: Reason): OpenedRooms => ({
    reasons: [reason],
    byRoom: new Map(existing.map(({ address }) => [address, { kind: 'undecided', reason }])),
  });
  if (account?.ok === false) return all(unreadable(account.failure));
  if (openings === undefined) return all(notSeen(requirement));
  if (!openings.ok) return all(unreadable(openings.failure));
  if (account === null) return all(notSeen(requirement));
  const user = account.value;
  const byRoom = new Map(
    existing.map((room) => {
      const opening = openingTo(room, openings.value, user);
      return [room.address, judged(room, opening, kind, requirement)] as const;
    }),
  );
  return { reasons: [], byRoom };
}

function judged(
  room: Room,
  opening: ReturnType<typeof openingTo>,
  kind: Opening,
  requirement: Requirement,
): OpenedRoom {
  if (!('kind' in opening))
    return { kind: 'undecided', reason: { ...unreadable(opening), resource: room.address } };
  const { path } = words[kind];
  switch (opening.kind) {
    case 'open': {
      const scope = opening.through === undefined ? 'this room' : `the group ${opening.through}`;
      return { kind: 'open', path, scope };
    }
    case 'undecided':
      return { kind: 'undecided', reason: undecided(room, opening, requirement) };
    case 'denied':
      return { kind: 'denied', reason: notOpened(room, kind, requirement, opening.by) };
    case 'shut':
      return { kind: 'shut', reason: notOpened(room, kind, requirement) };
  }
}

/** A room that is not open to the account. @param deniedTo whom an entry of the room names that keeps it out. */
function notOpened(room: Room, kind: Opening, { target }: Requirement, deniedTo?: string): Reason {
  const account = accountName(target);
  const { has, lacks } = words[kind];
  const name = `${room.displayName} (${room.address})`;
  const message =
    deniedTo === undefined
      ? `${account} ${kind === 'delegate' ? `is ${lacks}` : `has ${lacks} to`} ${name}: its bookings are not synced.`
      : `${account} cannot open ${name}: an entry of the mailbox denies full access to ${deniedTo}.`;
  return {
    ...{ code: 'impersonation.roomNotCovered', level: 'violation', message, resource: room.address },
    expected: kind === 'delegate' ? `${account} as ${has}` : `${has} of ${account}`,
    actual: deniedTo === undefined ? lacks : 'denied',
  };
}

function undecided(
  room: Room,
  { why }: Extract<RoomOpening, { kind: 'undecided' }>,
  { target }: Requirement,
): Reason {
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Whether ${room.displayName} (${room.address}) is open to ${accountName(target)} cannot be told: ${why}.`,
    resource: room.address,
    actual: why,
  };
}

function notSeen({ target, profile }: Requirement): Reason {
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Whether the rooms are open to ${accountName(target)}, as ${profile.name} needs it, cannot be told: Microsoft Graph does not show who may open a mailbox. Set exchangeReader to admin-api.`,
    resource: accountName(target),
    actual: 'not shown by Microsoft Graph',
  };
}
