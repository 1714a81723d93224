import { dayOf } from '../watch/day-score';

/** The length of a day in UTC, in milliseconds. */
export const dayMs = 86_400_000;

/** How many days a trend shows, today among them. */
export const trendDays = 90;

/** The first day of a trend that ends at `now`. */
export function firstDayOf(now: Date): string {
  return dayOf(new Date(now.getTime() - (trendDays - 1) * dayMs));
}
