import type { HistoryTable } from '../storage/history';
import type { StateTable } from '../storage/state';
import { dayOf } from './day-score';

const dayMs = 86_400_000;

/** Removes history older than `days`, but for the newest transition of each target and control. Gives how many. */
export function removeOldHistory(history: HistoryTable, days: number, now: Date): Promise<number> {
  return history.removeBefore(new Date(now.getTime() - days * dayMs));
}

/** Removes the scores of days that ended longer than `days` ago. Gives how many. */
export function removeOldScores(state: StateTable, days: number, now: Date): Promise<number> {
  return state.removeDayScoresBefore(dayOf(new Date(now.getTime() - days * dayMs)));
}
