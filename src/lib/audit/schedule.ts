import { Cron } from 'croner';

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

/** How many occurrences are looked at: enough for a year of weeks. */
const occurrences = 60;

/** The longest time between two occurrences, in milliseconds: 72 hours for one that leaves out the weekend. */
export function longestIntervalMs(schedule: string): number {
  const runs = cron(schedule).nextRuns(occurrences, new Date('2024-01-01T00:00:00Z'));
  const gaps = runs.slice(1).map((run, index) => run.getTime() - (runs[index] ?? run).getTime());
  return Math.max(0, ...gaps);
}

/** NCRONTAB wants both the day of the month and the day of the week to fit; all times are UTC. */
function cron(schedule: string): Cron {
  return new Cron(schedule, { mode: '6-part', domAndDow: true, timezone: 'UTC', paused: true });
}
