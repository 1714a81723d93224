import type { HistoryTable } from '../storage/history';

const dayMs = 86_400_000;

/** Removes history older than `days`, but for the newest transition of each target and control. Gives how many. */
export function removeOldHistory(history: HistoryTable, days: number, now: Date): Promise<number> {
  return history.removeBefore(new Date(now.getTime() - days * dayMs));
}
