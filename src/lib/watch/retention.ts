import { dayMs } from '../durations';
import type { HistoryTable } from '../storage/history';
import type { StateTable } from '../storage/state';
import { dayOf } from './day-score';

/** The tables that things are removed from, and after how many days. */
export interface RetentionServices {
  history: HistoryTable;
  state: StateTable;
  settings: { retentionDays: number };
  now: () => Date;
}

/** Removes what is older than history may be. Gives how many transitions, and how many days of scores. */
export async function removeOld({ history, state, settings, now }: RetentionServices) {
  // What is removed is gone, so storage is asked for something first: with its answer comes the time that counts.
  await state.scoreProgress();
  const { retentionDays } = settings;
  return {
    removed: await removeOldHistory(history, retentionDays, now()),
    days: await removeOldScores(state, retentionDays, now()),
  };
}

/** Removes history older than `days`, but for the newest transition of each target and control. Gives how many. */
export function removeOldHistory(history: HistoryTable, days: number, now: Date): Promise<number> {
  return history.removeBefore(new Date(now.getTime() - days * dayMs));
}

/** Removes the scores of days that ended longer than `days` ago. Gives how many. */
export function removeOldScores(state: StateTable, days: number, now: Date): Promise<number> {
  return state.removeDayScoresBefore(dayOf(new Date(now.getTime() - days * dayMs)));
}
