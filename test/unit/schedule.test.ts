import { manualRunId, nightlyRunId } from '../../src/lib/audit/dispatch';
import { type ControlId, controlIds } from '../../src/lib/model/verdict';
import { isSchedule, longestIntervalMs, nextRun } from '../../src/lib/schedule';
import { Staleness } from '../../src/lib/watch/staleness';

const hour = 3_600_000;
const schedules = {
  ...(Object.fromEntries(controlIds.map((id) => [id, '0 0 2 * * *'])) as Record<ControlId, string>),
  'password-expiry': '0 0 2 * * 1',
  license: '0 */30 * * * *',
  consent: '0 0 2 * * 1-5',
};

describe('a schedule', () => {
  it.each([
    '0 0 2 * * *',
    '*/10 * * * * *',
    '0 0 2 * * 1-5',
    '0 0 2 1,15 jan-mar *',
    '0 30 2 * * MON',
    '0 0 0 29 2 *',
  ])('is %s', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each([
    'every night',
    '0 2 * * *',
    '0 0 2 * * 7',
    '0 0 2 L * *',
    '0 0 24 * * *',
    '60 0 2 * * *',
    '0 0 2 32 * *',
    '0 0 0 31 2 *',
    '%AUDIT_SCHEDULE%',
    '',
  ])('is not "%s"', (text) => {
    expect(isSchedule(text)).toBe(false);
  });

  it.each([
    ['0 0 2 * * *', 24],
    ['0 0 2 * * 1', 7 * 24],
    ['0 0 2 * * 1-5', 72],
    ['0 */30 * * * *', 0.5],
    ['0 0 * * * 1-5', 49],
    ['0 0 2 * 1-6 *', 185 * 24],
    ['0 0 8,20 * * *', 12],
    ['* * * * * *', 1 / 60],
    ['0 0 0 29 2 *', 1461 * 24],
  ])('%s leaves at most %d hours', (text, hours) => {
    expect(longestIntervalMs(text)).toBe(hours * hour);
  });
});

it.each([
  ['0 0 2 * * *', '2026-11-23T01:59:59Z', '2026-11-23T02:00:00.000Z'],
  ['0 0 2 * * *', '2026-11-23T02:00:00Z', '2026-11-24T02:00:00.000Z'],
  ['0 0 2 * * 1-5', '2026-11-27T02:00:00Z', '2026-11-30T02:00:00.000Z'],
])('%s comes after %s at %s', (schedule, after, next) => {
  expect(nextRun(schedule, new Date(after)).toISOString()).toBe(next);
});

describe('staleness', () => {
  const staleness = new Staleness(26, schedules);

  it.each([
    ['account', 26],
    ['license', 26],
    ['password-expiry', 170],
    ['consent', 74],
  ] as const)('of %s begins after %i hours', (control, hours) => {
    expect(staleness.limitMs(control)).toBe(hours * hour);
  });

  it('has a shortest limit', () => {
    expect(staleness.shortestMs).toBe(26 * hour);
  });
});

it('names runs by what they are', () => {
  const now = new Date('2026-11-23T02:00:00.123Z');
  expect(nightlyRunId(now)).toBe('2026-11-23');
  expect(manualRunId(now)).toBe('manual-2026-11-23T02:00:00.123Z');
});
