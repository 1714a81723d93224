import { dayMs, hourMs } from '../durations';
import type { FindingTable } from '../storage/findings';
import { isAhead } from '../clock';
import { started } from '../started';
import type { TargetRow, TargetTable } from '../storage/targets';
import { dayOf, meanOf, ScoreTotal } from '../watch/day-score';
import { type OverdueServices, readOverdue } from '../watch/overdue';
import { type TargetStatus, withStatuses } from '../watch/target-status';
import { rowOf, worstFirst } from './cells';
import type { DayScore, Overview } from './model';
import { type Cause, causesOf } from './causes';
import { concernsOf } from './concerns';
import { recentlyBetter } from './recently-better';
import { firstDayOf } from './trend-days';

/** What the page about all targets is read from. */
export interface OverviewServices extends OverdueServices {
  targets: TargetTable;
  findings: FindingTable;
}

/**
 * Reads the page about all targets as they are at `now`, or about those of one customer, of whom the others learn nothing. Paused targets are shown, and do not count for the score. What cannot be understood is shown as that. @throws when storage does not answer.
 */
export async function collectOverview(
  services: OverviewServices,
  now: Date,
  customer?: string,
): Promise<Overview> {
  const isWanted = ({ target }: TargetStatus) => customer === undefined || target.customer === customer;
  const [read, past, overdue] = await Promise.all([
    readTargets(services, now),
    customer === undefined ? readTrend(services, now) : [],
    readOverdue(services, now),
  ]);
  const all = read.filter(isWanted);
  const rows = all.map((targetStatus) => rowOf(targetStatus, overdue));
  const total = new ScoreTotal();
  for (const targetStatus of all) total.add(targetStatus);
  const score = meanOf(total);
  return {
    generatedAt: now.toISOString(),
    customer,
    concerns: concernsOf(rows),
    ...recentlyBetter(all, new Date(now.getTime() - dayMs)),
    rows: worstFirst(rows),
    // What was kept of today is how it began; what counts is how it is.
    trend: score === undefined || customer !== undefined ? past : [...past, { date: dayOf(now), score }],
    score,
  };
}

/** What is violated on all targets as they are at `now`, by its cause. @throws when storage does not answer. */
export async function collectCauses(services: OverviewServices, now: Date): Promise<Cause[]> {
  const [all, overdue] = await Promise.all([readTargets(services, now), readOverdue(services, now)]);
  return causesOf(all.map((targetStatus) => rowOf(targetStatus, overdue)));
}

/** In milliseconds. The watchdog looks every hour: after so long without a round nobody has told what is stale. */
export const roundHoldsMs = 3 * hourMs;

/**
 * Every target as it is at `now`, by what its row repeats of its findings. Where that is not all, or the watchdog is silent, the findings are
 * asked themselves, and for their age.
 */
export async function readTargets(
  { targets, findings, state }: Pick<OverviewServices, 'targets' | 'findings' | 'state'>,
  now: Date,
): Promise<TargetStatus[]> {
  const all: TargetStatus[] = [];
  const round = started(state.lastRound());
  for await (const page of targets.allRows()) {
    const isWatched = isRecentRound(await round, now);
    const isTold = ({ statuses }: TargetRow) => isWatched && statuses !== undefined;
    for (const row of page) if (isTold(row)) all.push({ target: row.target, statuses: row.statuses ?? [] });
    const others = page.filter((row) => !isTold(row)).map(({ target }) => target);
    for await (const targetStatus of withStatuses(findings, others)) all.push(targetStatus);
  }
  return all;
}

/** Whether the watchdog, whose last round this was, still tells what is stale. */
export function isRecentRound(round: string | undefined, now: Date): boolean {
  return round !== undefined && !isAhead(round, now) && Date.parse(round) > now.getTime() - roundHoldsMs;
}

/** The days before today. The watchdog keeps how each one began. */
async function readTrend({ state }: OverviewServices, now: Date): Promise<DayScore[]> {
  const yesterday = dayOf(new Date(now.getTime() - dayMs));
  const days = await state.dayScores(firstDayOf(now), yesterday);
  return days.flatMap((day) => {
    const score = meanOf(day);
    return score === undefined ? [] : [{ date: day.date, score }];
  });
}
