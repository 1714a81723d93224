import type { Room } from '../../microsoft365/exchange';
import type { ResourceRow, Verdict } from '../../model/verdict';
import type { Protocol } from '../../profiles/protocol';
import type { Reason } from './codes';
import { type Granted, policyBlocks } from './granted';
import type { OpenedRooms } from './opening-reasons';
import type { Way } from './reach';
import type { Reaches } from './reaches';
import { notCovered } from './reasons';

/** What rooms are judged by. */
export interface Grounds {
  reaches: Reaches;
  /** The protocols that the product may use; none where the vendor asks for no role. */
  wanted: readonly Protocol[];
  /** Why no role reaches any room, or what leaves that open. */
  missing: Reason | undefined;
  /** What leaves open whether rooms are reached. */
  open: readonly Reason[];
  /** What Exchange itself says otherwise, by address. */
  disputes: ReadonlyMap<string, Reason>;
  granted: Granted;
  /** How rooms are opened to the account, where that is the product's way. */
  opened?: OpenedRooms | undefined;
}

/** What there is to say about one room. */
export interface JudgedRoom {
  row: ResourceRow;
  reasons: readonly Reason[];
  /** Where it is reached by one of two protocols: which one, and how. */
  unconfirmed?: { by: Protocol; way: Way };
}

/** What one question about a room comes to. */
interface Answer {
  verdict: Verdict;
  /** Of the row; reasons that are given once for all rooms are not among `reasons`. */
  codes: readonly string[];
  reasons?: readonly Reason[];
  way?: Way;
  detail?: string;
  unconfirmed?: JudgedRoom['unconfirmed'];
}

/** Judges a room by what reaches it, by what keeps the application from it, and by what Exchange itself says. */
export function judgeRoom(room: Room, grounds: Grounds): JudgedRoom {
  const { resource, displayName } = { resource: room.address, displayName: room.displayName };
  const hasRoles = grounds.wanted.length > 0;
  const reached =
    grounds.opened === undefined
      ? hasRoles
        ? byRole(room, grounds)
        : byGrant(room, grounds)
      : byOpening(room, grounds.opened);
  const dispute = grounds.disputes.get(room.address);
  const others = [...(hasRoles ? keptFrom(room, grounds) : []), ...(dispute === undefined ? [] : [dispute])];
  const { verdict, codes, reasons = [], way, detail, unconfirmed } = reached;
  const row: ResourceRow = {
    ...{ resource, kind: 'room', displayName, verdict: worst(verdict, others) },
    codes: [...new Set([...codes, ...others.map(({ code }) => code)])].sort(),
    ...way,
    ...(detail === undefined ? {} : { detail }),
  };
  return {
    row,
    reasons: [...reasons, ...others],
    ...(unconfirmed === undefined ? {} : { unconfirmed }),
  };
}

/** Whether a role reaches it. Not being reached is a violation of its own only where some role counts at all. */
function byRole(room: Room, { reaches, wanted, missing, open }: Grounds): Answer {
  const access = reaches.accessTo(room, wanted);
  switch (access.kind) {
    case 'open':
      return { verdict: 'unknown', codes: open.map(({ code }) => code) };
    case 'reached':
      return { verdict: 'compliant', codes: [], way: access.way };
    case 'unconfirmed': {
      const { by, way } = access;
      return {
        ...{ verdict: 'unknown', codes: ['impersonation.protocolUnconfirmed'], way },
        unconfirmed: { by, way },
      };
    }
    case 'missed':
      return missing === undefined ? missed(room) : { verdict: verdictFor(missing), codes: [missing.code] };
  }
}

/** Whether the permission of Microsoft Entra reaches it, where that is the product's way. */
function byGrant(room: Room, { granted }: Grounds): Answer {
  if (!room.exists) return missed(room);
  const access = granted.accessTo(room);
  switch (access.kind) {
    case 'none':
      return { verdict: 'notApplicable', codes: [], detail: 'Nothing is granted that reaches it.' };
    case 'reached':
      return { verdict: 'compliant', codes: [], way: access.way };
    case 'blocked':
      return violation(policyBlocks(room, access.by));
    case 'open': {
      const { reasons } = access;
      return { verdict: 'unknown', codes: reasons.map(({ code }) => code), reasons };
    }
  }
}

/** Whether it is open to the account, where that is the product's way. */
function byOpening(room: Room, { byRoom, reasons }: OpenedRooms): Answer {
  const opened = byRoom.get(room.address);
  if (opened === undefined) return missed(room);
  if (opened.kind === 'open') {
    const { path, scope } = opened;
    return { verdict: 'compliant', codes: [], way: { path, scope } };
  }
  const { reason } = opened;
  const verdict = verdictFor(reason);
  // What is about all rooms is said once.
  if (reasons.includes(reason)) return { verdict, codes: [reason.code] };
  return { verdict, codes: [reason.code], reasons: [reason], detail: reason.message };
}

/** What keeps the permission for the whole tenant from it, where no role opens it to Microsoft Graph. */
function keptFrom(room: Room, { granted, reaches }: Grounds): readonly Reason[] {
  if (!room.exists || reaches.wayBy('graph', room) !== undefined) return [];
  const access = granted.accessTo(room);
  if (access.kind === 'open') return access.reasons;
  return access.kind === 'blocked' ? [policyBlocks(room, access.by)] : [];
}

function missed(room: Room): Answer {
  const reason = notCovered(room);
  return { ...violation(reason), detail: reason.message };
}

function violation(reason: Reason): Answer {
  return { verdict: 'nonCompliant', codes: [reason.code], reasons: [reason] };
}

function worst(verdict: Verdict, others: readonly Reason[]): Verdict {
  const all = [verdict, ...others.map(verdictFor)];
  return all.includes('nonCompliant') ? 'nonCompliant' : all.includes('unknown') ? 'unknown' : verdict;
}

function verdictFor({ level }: Reason): Verdict {
  return level === 'violation' ? 'nonCompliant' : 'unknown';
}
