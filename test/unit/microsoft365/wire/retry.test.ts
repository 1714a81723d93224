import {
  Budget,
  isRetryable,
  parseRetryAfter,
  realTimers,
  retryDelay,
} from '../../../../src/lib/microsoft365/wire/retry';

describe('the delay before another attempt', () => {
  it('grows, with jitter, up to 30 seconds', () => {
    const delay = (attempt: number, random: number) =>
      retryDelay({ attempt, retryAfterMs: undefined, random });
    expect([1, 2, 3, 10, 1000].map((attempt) => delay(attempt, 0))).toEqual([250, 500, 1000, 15_000, 15_000]);
    expect([1, 2, 3, 10, 1000].map((attempt) => delay(attempt, 0.999))).toEqual([
      500, 1000, 1999, 29_985, 29_985,
    ]);
  });

  it('is never shorter than Retry-After, however long that is', () => {
    for (const retryAfterMs of [0, 1, 5_000, 180_000, 600_000])
      for (const random of [0, 0.5, 0.999])
        expect(retryDelay({ attempt: 1, retryAfterMs, random })).toBeGreaterThanOrEqual(retryAfterMs);
    expect(retryDelay({ attempt: 1, retryAfterMs: 600_000, random: 0.5 })).toBe(600_000);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T02:00:00Z');

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1_500],
    ['Mon, 23 Nov 2026 02:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 01:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    [' ', undefined],
    [undefined, undefined],
  ])('%p is %p milliseconds', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

it('repeats reads after a throttle or a fault of the service, and nothing else', () => {
  const statuses = [200, 301, 400, 401, 403, 404, 409, 412, 423, 429, 500, 501, 502, 503, 504, 509];
  expect(statuses.filter(isRetryable)).toEqual([429, 500, 502, 503, 504]);
});

it('knows what is left of a budget', () => {
  let now = 1_000;
  const budget = new Budget(120_000, { now: () => now, sleep: () => Promise.resolve() });
  now += 100_000;
  expect([budget.seconds, budget.remaining, budget.now]).toEqual([120, 20_000, 101_000]);
  now += 100_000;
  expect(budget.remaining).toBe(0);
});

it('waits in real time in the app', async () => {
  jest.useFakeTimers({ now: 1_000 });
  const budget = new Budget(5_000);
  const done = jest.fn();
  const sleep = budget.sleep(2_000).then(done);
  await jest.advanceTimersByTimeAsync(1_999);
  expect(done).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  await sleep;
  expect([realTimers.now(), budget.remaining]).toEqual([3_000, 3_000]);
  jest.useRealTimers();
});
