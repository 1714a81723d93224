import { latestBelieved } from '../clock';
import type { Log } from '../log';
import type { DayScores, StateTable } from '../storage/state';
import { scoreOf, type TargetStatus } from './target-status';

/** What it takes to keep the score of a day. */
export interface DayScoreServices {
  state: StateTable;
  now: () => Date;
  log: Log;
}

/** Later than every day that is kept. */
const endOfDays = '9999-12-31';

/**
 * The day (UTC) whose scores are still to be kept; undefined when those of today are. Days that a clock which ran ahead has
 * kept are doubted.
 */
export async function unscoredDay({ state, now, log }: DayScoreServices): Promise<string | undefined> {
  const date = dayOf(now());
  const days = await state.dayScores(date, endOfDays);
  const latest = dayOf(latestBelieved(now()));
  for (const day of days.filter((one) => one.date > latest && !one.isDoubted)) {
    await state.doubt(day);
    log.warn('The scores of a day lay ahead of the clock', { date: day.date });
  }
  return days.some((day) => day.date === date && !day.isDoubted) ? undefined : date;
}

/** Sums up scores of targets: those that are paused, and those to which nothing applies, have none. */
export class ScoreTotal implements Pick<DayScores, 'sum' | 'count'> {
  sum = 0;
  count = 0;

  add(targetStatus: TargetStatus): void {
    const value = targetStatus.target.paused ? undefined : scoreOf(targetStatus);
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
