import { dayMs } from '../durations';
import { isAhead } from '../clock';

/** When the week began that a moment is in: Monday, midnight in UTC. */
export function mondayOf(moment: Date): Date {
  const midnight = midnightOf(moment);
  const days = (midnight.getUTCDay() + 6) % 7;
  return new Date(midnight.getTime() - days * dayMs);
}

/** When the day began that a moment is in, in UTC. */
export function midnightOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / dayMs) * dayMs);
}

/**
 * Whether a digest is due that is sent once a week: on Monday, and, where that did not succeed, each day until it does.
 * @param last when the last one was made, or since when there is one to be made.
 */
export function isWeekDue(last: string, now: Date): boolean {
  return isAhead(last, now) || Date.parse(last) <= mondayOf(now).getTime();
}
