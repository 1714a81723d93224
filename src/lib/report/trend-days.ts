import { dayMs } from '../durations';
import { dayOf } from '../watch/day-score';

/** How many days a trend shows, today among them. */
export const trendDays = 90;

/** The first day of a trend that ends at `now`. */
export function firstDayOf(now: Date): string {
  return dayOf(new Date(now.getTime() - (trendDays - 1) * dayMs));
}
