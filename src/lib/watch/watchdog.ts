import { announce } from '../audit/announce';
import { sayUnaudited } from '../audit/dispatch';
import { isDatedAfter, mend } from '../audit/mend';

import { isAhead, latestBelieved, unknownTime } from '../clock';
import { control, controls } from '../controls';
import { isReadable, type Watched } from '../model/target';
import type { FindingStatus } from '../storage/findings';
import type { StateTable } from '../storage/state';
import type { TargetRow } from '../storage/targets';
import { sayIn } from '../storage/unreadable';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import type { ReopenServices } from '../waivers/reopen';
import { dayOf, ScoreTotal, unscoredDay } from './day-score';
import { tellOpenViolations } from './open-violations';
import type { Staleness } from './staleness';
import { isStale, lastSeen, scoreOf, type TargetStatus, withStatuses } from './target-status';
import { remind, reopenExpired } from './waiver-watch';

/** What a round of the watchdog looks at and sets right. */
export interface WatchdogServices extends ReopenServices {
  state: StateTable;
  staleness: Staleness;
}

/** What one round of the watchdog came upon. */
export interface WatchdogRound {
  /** Targets that are not paused. */
  targets: number;
  /** Those of them that have been there for longer than a control may go unverified. */
  due: number;
  /** Those of them that cannot be understood, and so are not audited. */
  unreadable: number;
  announced: number;
  /** Findings whose waiver has ended. */
  reopened: number;
  /** Waivers that end soon. */
  expiring: number;
  stale: number;
  poisoned: number;
  scored: number;
}

/** A transition younger than this is probably being announced right now by the run that found it. */
const announcingMs = 5 * 60_000;

/** Looks after what the audits themselves cannot see: silence, messages that failed, waivers that end, and announcements that were lost. */
export async function watch(services: WatchdogServices, telemetry: Telemetry): Promise<WatchdogRound> {
  const announced = await announcePending(services, telemetry);
  // Before the scores: what is no longer accepted must not count as such.
  const reopened = await reopenExpired(services, telemetry);
  const { targets, due, unreadable, stale, scored } = await lookAtTargets(services, telemetry);
  const expiring = await remind(services, telemetry);
  const poisoned = await reportPoison(services, telemetry);
  const round = { targets, due, unreadable, announced, reopened, expiring, stale, poisoned, scored };
  telemetry.event('WatchdogCompleted', {}, round);
  return round;
}

async function announcePending(services: WatchdogServices, telemetry: Telemetry): Promise<number> {
  const now = services.now();
  const latest = now.getTime() - announcingMs;
  let announced = 0;
  for await (const finding of services.findings.pending(sayIn(services.log))) {
    const at = finding.pending.at(-1)?.at ?? '';
    if (Date.parse(at) > latest && !isAhead(at, now)) continue;
    if (await announce([finding], services, telemetry)) announced++;
  }
  return announced;
}

/**
 * Looks at every target once. The scores of the day are summed up in one go and written at its end, so nothing is counted twice,
 * whatever dies in between; they do not depend on telemetry. What is sent is sent page by page, and goes on where it ended.
 */
async function lookAtTargets(services: WatchdogServices, telemetry: Telemetry) {
  const today = dayOf(services.now());
  const unscored = await unscoredDay(services);
  const total = new ScoreTotal();
  let undelivered: Error | undefined;
  const progress = await services.state.scoreProgress();
  const scoredUpTo = progress?.date === today ? progress.lastTargetId : '';
  const limit = services.staleness.freshSince(services.now()).toISOString();
  let targets = 0;
  let due = 0;
  let unreadable = 0;
  let stale = 0;
  let scored = 0;
  for await (const page of services.targets.allRows()) {
    const rows = new Map(page.map((row) => [row.target.targetId, row]));
    const listed = page.map((row) => row.target);
    for await (const targetStatus of withStatuses(services.findings, listed)) {
      const { target, statuses } = targetStatus;
      await mendStatuses(services, target, statuses);
      await repeatStatuses(services, targetStatus, rows.get(target.targetId));
      total.add(targetStatus);
      if (target.paused || undelivered !== undefined) continue;
      targets++;
      if (!isReadable(target)) {
        unreadable++;
        sayUnaudited(services.log, target);
      }
      if (target.createdAt < limit || isAhead(target.createdAt, services.now())) due++;
      stale += reportStale(services, telemetry, target, statuses);
      if (target.targetId <= scoredUpTo) continue;
      scored += sendScore(telemetry, targetStatus);
      tellOpenViolations(telemetry, statuses);
    }
    if (undelivered !== undefined) continue;
    undelivered = await whyUndelivered(telemetry);
    const last = page.at(-1)?.target.targetId;
    if (undelivered === undefined && last !== undefined && last > scoredUpTo) {
      await services.state.setScoreProgress({ date: today, lastTargetId: last });
    }
  }
  await services.state.setLastRound(services.now());
  if (unscored !== undefined)
    await services.state.addDayScores({ date: unscored, sum: total.sum, count: total.count });
  if (undelivered !== undefined) throw undelivered;
  return { targets, due, unreadable, stale, scored };
}

/** Sends what was noted. Gives why it did not arrive, or undefined. */
async function whyUndelivered(telemetry: Telemetry): Promise<Error | undefined> {
  try {
    await telemetry.flush();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Puts right what was dated by a clock that runs ahead, also where no audit comes that would: once that time has come, it
 * would be believed. What may be an ordinary difference of clocks is left to the next audit.
 */
async function mendStatuses(
  services: WatchdogServices,
  { targetId, createdAt }: Watched,
  statuses: readonly FindingStatus[],
): Promise<void> {
  const now = services.now();
  for (const status of statuses) {
    if (!isDatedAfter(status, latestBelieved(now))) continue;
    const finding = await services.findings.find(targetId, status.control, sayIn(services.log));
    await mend(services, { finding }, { now, moment: now, createdAt });
  }
}

/** The row of a target repeats its findings, and which of them are stale. Where they have come apart, the findings are right. */
async function repeatStatuses(
  { staleness, now }: WatchdogServices,
  { target, statuses }: TargetStatus,
  row: TargetRow | undefined,
): Promise<void> {
  const moment = now();
  const repeated = statuses.map((status) => ({
    ...status,
    stale: isStale(staleness, target, status.control, status, moment),
  }));
  await row?.repeatInstead(repeated, moment);
}

/** Stands in for the finding of a control that never ran. */
const never = { verdict: 'unknown' as const, waived: false, codes: [] };

function reportStale(
  { staleness, now }: WatchdogServices,
  telemetry: Telemetry,
  target: Watched,
  statuses: readonly FindingStatus[],
): number {
  let stale = 0;
  const moment = now();
  for (const { id, severity } of controls) {
    const status = statuses.find((candidate) => candidate.control === id);
    if (!isStale(staleness, target, id, status, moment)) continue;
    const { targetId, tenantId, createdAt } = target;
    const { verifiedAt = null } = status ?? {};
    telemetry.event('AuditStale', {
      ...findingProperties({ ...(status ?? never), targetId, tenantId, control: id, severity }),
      verifiedAt: verifiedAt === null || isAhead(verifiedAt, moment) ? '' : verifiedAt,
      at: lastSeen(status, moment) ?? (isAhead(createdAt, moment) ? unknownTime : createdAt),
    });
    stale++;
  }
  return stale;
}

function sendScore(telemetry: Telemetry, targetStatus: TargetStatus): number {
  const value = scoreOf(targetStatus);
  if (value === undefined) return 0;
  const { target } = targetStatus;
  telemetry.score(value, { targetId: target.targetId, customerTenantId: target.tenantId });
  return 1;
}

async function reportPoison({ queue, targets }: WatchdogServices, telemetry: Telemetry): Promise<number> {
  const { count, messages } = await queue.peekPoison();
  for (const { messageId, visit } of messages) {
    const target = visit === null ? undefined : await targets.look(visit.targetId);
    // What is left of a visit: an event for each control, as for everything else.
    for (const id of visit?.controls ?? [undefined]) {
      telemetry.event('AuditPoisoned', {
        targetId: visit?.targetId ?? '',
        customerTenantId: target?.tenantId ?? '',
        control: id ?? '',
        verdict: 'unknown',
        severity: id === undefined ? '' : control(id).severity,
        waived: 'false',
        codes: '',
        messageId,
      });
    }
  }
  return count;
}
