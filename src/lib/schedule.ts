import { Cron } from 'croner';
import { dayMs } from './durations';

const field = (range: string) => `(\\*|${range}(-${range})?)(/\\d{1,2})?`;
const list = (range: string) => `${field(range)}(,${field(range)})*`;

/** The six fields of NCRONTAB; days of the week are 0 to 6. https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions */
const ncrontab = new RegExp(
  `^${[
    list('[0-5]?\\d'),
    list('[0-5]?\\d'),
    list('([01]?\\d|2[0-3])'),
    list('([1-9]|[12]\\d|3[01]|0[1-9])'),
    list('([1-9]|1[0-2]|0[1-9]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'),
    list('([0-6]|sun|mon|tue|wed|thu|fri|sat)'),
  ].join(' ')}$`,
  'i',
);

/** Whether this is a schedule that Azure Functions understands, and that comes round at all. */
export function isSchedule(text: string): boolean {
  if (!ncrontab.test(text)) return false;
  try {
    return cron(text).nextRun() !== null;
  } catch {
    return false;
  }
}

/** Five years hold every gap between the days of a schedule, also of one that runs on leap days. */
const daysLookedAt = 5 * 366;

const intervals = new Map<string, number>();

/**
 * The longest time between two occurrences, in milliseconds: 72 hours for one that leaves out the weekend. Seconds do
 * not count: what is measured against this is hours.
 */
export function longestIntervalMs(schedule: string): number {
  const known = intervals.get(schedule);
  if (known !== undefined) return known;
  const [, minute = '*', hour = '*', ...days] = schedule.split(' ');
  // Every day that it runs on it runs at the same times, so days and times of day can be looked at apart.
  const start = Date.parse('2024-01-01T00:00:00Z');
  const times = runsBetween(`0 ${minute} ${hour} * * *`, start, start + dayMs);
  const dates = runsBetween(`0 0 0 ${days.join(' ')}`, start, start + daysLookedAt * dayMs);
  const overnight = longestGap(dates) - ((times.at(-1) ?? 0) - (times[0] ?? 0));
  const longest = Math.max(longestGap(times), overnight);
  intervals.set(schedule, longest);
  return longest;
}

/** The first occurrence after a moment. */
export function nextRun(schedule: string, after: Date): Date {
  const next = cron(schedule).nextRun(after);
  if (next === null) throw new Error(`The schedule ${schedule} does not come round.`);
  return next;
}

/** The occurrences from `start` up to `end`. */
function runsBetween(schedule: string, start: number, end: number): number[] {
  const job = cron(schedule);
  const runs: number[] = [];
  let next = job.nextRun(new Date(start - 1));
  for (; next !== null && next.getTime() < end; next = job.nextRun(next)) runs.push(next.getTime());
  return runs;
}

function longestGap(runs: readonly number[]): number {
  return Math.max(0, ...runs.slice(1).map((run, index) => run - (runs[index] ?? run)));
}

/** NCRONTAB wants both the day of the month and the day of the week to fit; all times are UTC. */
function cron(schedule: string): Cron {
  return new Cron(schedule, { mode: '6-part', domAndDow: true, timezone: 'UTC', paused: true });
}
