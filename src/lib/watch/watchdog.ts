import { announce } from '../audit/announce';
import { isBelieved, sayUnaudited } from '../audit/dispatch';
import { isDatedAfter, mend } from '../audit/mend';
import { isAhead, latestBelieved } from '../clock';
import { isReadable, type ListedTarget, type Watched } from '../model/target';
import { controlIds } from '../model/verdict';
import { isSettled, type Unsettled, unsettled } from '../remediation/unsettled';
import type { FindingStatus } from '../storage/findings';
import type { RemediationTable } from '../storage/remediations';
import type { TargetRow } from '../storage/targets';
import { sayIn } from '../storage/unreadable';
import type { Telemetry } from '../telemetry/telemetry';
import type { ReopenServices } from '../waivers/reopen';
import { Conditions, openViolations } from './conditions';
import { dayOf, ScoreTotal, unscoredDay } from './day-score';
import { Overdue, type OverdueServices } from './overdue';
import { reportPoison } from './poison-watch';
import { reportStale, tellStale } from './stale-watch';
import { scoreOf, type TargetStatus, withStatuses } from './target-status';
import { remind, reopenExpired } from './waiver-watch';

/** What a round of the watchdog looks at and sets right. */
export interface WatchdogServices extends ReopenServices, OverdueServices {
  remediations: RemediationTable;
  settings: { address: string | undefined };
}

/** What one round of the watchdog came upon. */
export interface WatchdogRound {
  /** Targets that are not paused. */
  targets: number;
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
  /** Controls whose night was due and has not come, though there are targets. */
  missed: number;
}

/** A transition younger than this is probably being announced right now by the run that found it. */
const announcingMs = 5 * 60_000;

/** Looks after what the audits themselves cannot see: silence, messages that failed, waivers that end, and announcements that were lost. */
export async function watch(services: WatchdogServices, telemetry: Telemetry): Promise<WatchdogRound> {
  const announced = await announcePending(services, telemetry);
  // Before the scores: what is no longer accepted must not count as such.
  const reopened = await reopenExpired(services, telemetry);
  // With the first answers of storage comes the time that counts.
  const at = services.now();
  const overdue = await lookAtNights(services, at);
  const conditions = new Conditions(telemetry, at, services.settings.address);
  const looked = await lookAtTargets(services, telemetry, conditions, overdue);
  const expiring = await remind(services, telemetry, conditions);
  const poisoned = await reportPoison(services, telemetry, conditions);
  // Where there is nothing to audit, nobody is kept waiting.
  const missed = looked.targets === 0 ? 0 : overdue.missed.length;
  const round = { ...looked, announced, reopened, expiring, poisoned, missed };
  telemetry.event('WatchdogCompleted', { at: at.toISOString() }, round);
  return round;
}

/** Has nights waited for, from here on, of which nothing is known: of a new deployment, and where a schedule was changed. */
async function lookAtNights({ state, staleness }: WatchdogServices, now: Date): Promise<Overdue> {
  const { schedules } = staleness;
  const kept = await state.nights();
  const isKnown = new Set(
    kept.filter((night) => isBelieved(night, schedules[night.control], now)).map((night) => night.control),
  );
  const unknown = controlIds.filter((id) => !isKnown.has(id));
  const from = { at: now.toISOString(), due: now.toISOString() };
  const awaited = unknown.map((id) => ({ control: id, schedule: schedules[id], ...from }));
  if (awaited.length > 0) await state.setNights(awaited);
  return new Overdue(staleness, kept, now);
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
async function lookAtTargets(
  services: WatchdogServices,
  telemetry: Telemetry,
  conditions: Conditions,
  overdue: Overdue,
) {
  const failed = await unsettled(services);
  const today = dayOf(services.now());
  const unscored = await unscoredDay(services);
  const total = new ScoreTotal();
  let undelivered: Error | undefined;
  const progress = await services.state.scoreProgress();
  const scoredUpTo = progress?.date === today ? progress.lastTargetId : '';
  let targets = 0;
  let unreadable = 0;
  let stale = 0;
  let scored = 0;
  for await (const page of services.targets.allRows()) {
    const rows = new Map(page.map((row) => [row.target.targetId, row]));
    const listed = page.map((row) => row.target);
    for await (const targetStatus of withStatuses(services.findings, listed)) {
      const { target, statuses } = targetStatus;
      await mendStatuses(services, target, statuses);
      await repeatStatuses(overdue, targetStatus, rows.get(target.targetId));
      total.add(targetStatus);
      if (target.paused || undelivered !== undefined) continue;
      targets++;
      if (!isReadable(target)) {
        unreadable++;
        sayUnaudited(services.log, target);
      }
      await mendTarget(services, target);
      openViolations(statuses).forEach((open) => conditions.tell(open, target));
      await tellUnsettled(services, conditions, target, statuses, failed.get(target.targetId));
      stale += tellStale(conditions, overdue, targetStatus);
      if (target.targetId <= scoredUpTo) continue;
      reportStale(telemetry, overdue, targetStatus);
      scored += sendScore(telemetry, targetStatus);
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
  return { targets, unreadable, stale, scored };
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
  overdue: Overdue,
  { target, statuses }: TargetStatus,
  row: TargetRow | undefined,
): Promise<void> {
  const repeated = statuses.map((status) => ({
    ...status,
    stale: overdue.isStale(target, status.control, status),
  }));
  await row?.repeatInstead(repeated, overdue.now);
}

/** Likewise of a target: counted from a time that lies ahead, nothing would be stale once that has come. */
async function mendTarget({ targets, now }: WatchdogServices, target: ListedTarget): Promise<void> {
  const { watchedFrom } = target;
  if (watchedFrom === undefined || !isReadable(target) || !isAhead(watchedFrom, now())) return;
  await targets.watchFrom(target, now().toISOString());
}

/** Says of repairs that came to nothing that somebody has to look after them. */
async function tellUnsettled(
  services: WatchdogServices,
  conditions: Conditions,
  target: ListedTarget,
  statuses: readonly FindingStatus[],
  failed: readonly Unsettled[] = [],
): Promise<void> {
  for (const each of failed) {
    const { remediationId, control: id, tenantId, targetId, status: outcome } = each.remediation;
    const finding = statuses.find((status) => status.control === id);
    if (await isSettled(services, each, target, finding)) continue;
    conditions.tell(
      {
        ...{ condition: 'remediation', targetId, tenantId, control: id, finding, remediationId },
        since: each.endedAt,
        words:
          outcome === 'unverified' ? 'a repair is not seen in the tenant a day later' : 'a repair failed',
      },
      target,
    );
  }
}

function sendScore(telemetry: Telemetry, targetStatus: TargetStatus): number {
  const value = scoreOf(targetStatus);
  if (value === undefined) return 0;
  const { target } = targetStatus;
  telemetry.score(value, { targetId: target.targetId, customerTenantId: target.tenantId });
  return 1;
}
