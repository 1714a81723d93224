import { latestBelieved } from '../clock';
import type { Log } from '../log';
import type { FindingTable } from '../storage/findings';
import type { DayScores, StateTable } from '../storage/state';
import type { TargetTable } from '../storage/targets';
import { scoreOf, type Standing, standings } from './standing';

export interface DayScoreServices {
  targets: TargetTable;
  findings: FindingTable;
  state: StateTable;
  now: () => Date;
  log: Log;
}

/** Later than every day that is kept. */
const endOfDays = '9999-12-31';

/**
 * Keeps the scores of all targets as they stand now, as those of this day (UTC), unless that was done. They are summed up
 * in one go and written at its end, so nothing is counted twice, whatever dies in between. Does not depend on telemetry.
 */
export async function keepDayScores({ targets, findings, state, now, log }: DayScoreServices): Promise<void> {
  const date = dayOf(now());
  const days = await state.dayScores(date, endOfDays);
  const latest = dayOf(latestBelieved(now()));
  for (const day of days.filter((one) => one.date > latest && !one.isDoubted)) {
    await state.doubt(day);
    log.warn('The scores of a day lay ahead of the clock', { date: day.date });
  }
  if (days.some((day) => day.date === date && !day.isDoubted)) return;
  const total = new ScoreTotal();
  for await (const standing of standings(findings, targets.all())) total.add(standing);
  await state.addDayScores({ date, sum: total.sum, count: total.count });
}

/** Sums up scores of targets: those that are paused, and those to which nothing applies, have none. */
export class ScoreTotal implements Pick<DayScores, 'sum' | 'count'> {
  sum = 0;
  count = 0;

  add(standing: Standing): void {
    const value = standing.target.paused ? undefined : scoreOf(standing);
    if (value === undefined) return;
    this.sum += value;
    this.count++;
  }
}

/** The mean of scores, from 0 to 1; undefined when there are none. */
export function meanOf({ sum, count }: Pick<DayScores, 'sum' | 'count'>): number | undefined {
  return count === 0 ? undefined : sum / count;
}

/** `2026-11-23`, UTC. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
