import type { FindingTable } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import type { StateTable } from '../storage/state';
import type { TargetTable } from '../storage/targets';
import { dayOf, meanOf, ScoreTotal } from '../watch/day-score';
import type { Staleness } from '../watch/staleness';
import { type TargetStatus, targetStatuses } from '../watch/target-status';
import { rowOf, worstFirst } from './cells';
import type { DayScore, Overview } from './model';
import { recentChanges } from './recent-changes';
import { dayMs, firstDayOf } from './trend-days';

/** What the page about all targets is read from. */
export interface OverviewServices {
  targets: TargetTable;
  findings: FindingTable;
  history: HistoryTable;
  state: StateTable;
  staleness: Staleness;
}

/**
 * Reads the page about all targets as they are at `now`. Paused targets are shown, and count neither for the score nor for
 * the requests. What cannot be understood is shown as that. @throws when storage does not answer.
 */
export async function collectOverview(services: OverviewServices, now: Date): Promise<Overview> {
  const [all, past] = await Promise.all([readStandings(services), readTrend(services, now)]);
  const { changes, leftOut } = await recentChanges(services, all, new Date(now.getTime() - dayMs), now);
  const rows = all.map((targetStatus) => rowOf(targetStatus, services.staleness, now));
  const total = new ScoreTotal();
  for (const targetStatus of all) total.add(targetStatus);
  const score = meanOf(total);
  return {
    generatedAt: now.toISOString(),
    changes,
    leftOut,
    rows: worstFirst(rows),
    // What was kept of today is how it began; what counts is how it is.
    trend: score === undefined ? past : [...past, { date: dayOf(now), score }],
    score,
    requests: rows.filter(({ paused }) => !paused).reduce((sum, row) => sum + requestsOf(row.cells), 0),
  };
}

async function readStandings({ targets, findings }: OverviewServices): Promise<TargetStatus[]> {
  const all: TargetStatus[] = [];
  for await (const targetStatus of targetStatuses(findings, targets.all())) all.push(targetStatus);
  return all;
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

/** Requests that the last audits of these controls sent. */
export function requestsOf(cells: readonly { requests: number }[]): number {
  return cells.reduce((sum, { requests }) => sum + requests, 0);
}
