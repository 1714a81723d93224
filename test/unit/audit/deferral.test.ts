import fc from 'fast-check';
import { longestDeferralMs, deferralMs } from '../../../src/lib/audit/work';

const minute = 60_000;
const hour = 60 * minute;

describe('an audit that had to give way', () => {
  it.each([
    ['after a quarter of a minute at the least', { ageMs: 0, deferMs: 4000, random: 0 }, 15_000],
    ['when Microsoft 365 wants to be asked again', { ageMs: 0, deferMs: minute, random: 0 }, minute],
    ['a little later, so that not all come at once', { ageMs: 0, deferMs: minute, random: 0.8 }, 66_000],
    ['the later the longer it has been trying', { ageMs: hour, deferMs: minute, random: 0 }, 7.5 * minute],
    ['just in time', { ageMs: longestDeferralMs - hour, deferMs: hour, random: 0 }, hour],
    [
      'never, when that would be too late',
      { ageMs: longestDeferralMs - hour, deferMs: hour + 1, random: 0 },
      undefined,
    ],
    ['never, when it is too late', { ageMs: longestDeferralMs + 1, deferMs: 1, random: 0 }, undefined],
    ['never, when it is told to wait a day', { ageMs: 0, deferMs: 24 * hour, random: 0 }, undefined],
  ])('tries again %s', (_case, input, expected) => {
    expect(deferralMs(input)).toBe(expected);
  });

  it('never comes back sooner than it was told, and in the end gives up', () => {
    const waits = fc.integer({ min: 1, max: 2 * hour });
    fc.assert(
      fc.property(waits, fc.double({ min: 0, max: 0.999, noNaN: true }), (deferMs, random) => {
        let ageMs = 0;
        let attempts = 0;
        for (let delay = deferralMs({ ageMs, deferMs: deferMs, random }); delay !== undefined; attempts++) {
          expect(delay).toBeGreaterThanOrEqual(deferMs);
          ageMs += delay;
          delay = deferralMs({ ageMs, deferMs: deferMs, random });
        }
        expect(ageMs).toBeLessThanOrEqual(longestDeferralMs);
        expect(attempts).toBeLessThan(50);
      }),
    );
  });
});
