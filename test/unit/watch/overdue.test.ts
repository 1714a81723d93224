import type { UnreadableTarget } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import { controlIds } from '../../../src/lib/model/verdict';
import { Overdue } from '../../../src/lib/watch/overdue';
import { Staleness } from '../../../src/lib/watch/staleness';
import { at, storedTarget } from '../../support/storage';

const nightly = '0 0 2 * * *';
/** Of 1 November 2026, which is a Sunday, and the days after it. */
const begun = (night: number, due = night) => ({ at: at(night).toISOString(), due: at(due).toISOString() });
const iso = (hours: number | undefined) => (hours === undefined ? null : at(hours).toISOString());

interface Case {
  schedule?: string;
  /** Hours of the clock; the target was put at zero. */
  now: number;
  /** When the last night began; undefined where none is known. */
  night?: number;
  /** When that was due; by itself then. */
  due?: number;
  /** When it was last looked at, and verified. */
  checked?: number;
  verified?: number;
  waived?: boolean;
  /** From when on it is looked after. */
  watchedFrom?: number;
  paused?: boolean;
  missed?: boolean;
}

function judge({
  schedule = nightly,
  now,
  night,
  due,
  checked,
  verified,
  waived = false,
  watchedFrom,
  paused = false,
}: Case) {
  const schedules = Object.fromEntries(controlIds.map((id) => [id, schedule])) as Record<ControlId, string>;
  const kept = night === undefined ? [] : [{ control: 'license' as const, schedule, ...begun(night, due) }];
  const overdue = new Overdue(new Staleness(26, schedules), kept, at(now));
  const target = storedTarget('a', {
    paused,
    ...(watchedFrom === undefined ? {} : { watchedFrom: at(watchedFrom).toISOString() }),
  });
  const status =
    checked === undefined
      ? undefined
      : { waived, checkedAt: at(checked).toISOString(), verifiedAt: iso(verified) };
  return { stale: overdue.isStale(target, 'license', status), missed: overdue.missed.includes('license') };
}

describe('a control is not overdue', () => {
  it.each<[string, Case]>([
    ['26 hours after it was verified', { now: 32, night: 26, checked: 6, verified: 6 }],
    ['26 hours after its target was put', { now: 26 }],
    ['of a paused target', { now: 9000, paused: true }],
    ['26 hours after its target was paused no more', { now: 500, watchedFrom: 474, checked: 2, verified: 2 }],
    [
      'while a night is under way that has not come to it',
      { now: 33.9, night: 26, checked: 2.1, verified: 2.1 },
    ],
    [
      'while the first night is under way after some that did not come',
      { now: 75, night: 74, due: 26, checked: 6, verified: 6 },
    ],
    ['while a timer is late', { now: 27.9, night: 2, checked: 1.5, verified: 1.5 }],
    [
      'when no night comes: that is told once',
      { now: 200, night: 26, checked: 26.1, verified: 26.1, missed: true },
    ],
    [
      'on a Monday, of working days',
      { schedule: '0 0 2 * * 1-5', now: 27, night: 26, checked: -45, verified: -45 },
    ],
    [
      'in the week after its week',
      { schedule: '0 0 2 * * 0', now: 171, night: 170, checked: 2, verified: 2 },
    ],
    ['where what is unknown was looked at and accepted', { now: 52, night: 50, checked: 26, waived: true }],
    ['where the timer has fired a little early', { now: 30, night: 25.9999, checked: 26.1, verified: 26.1 }],
  ])('%s', (_when, given) => {
    expect(judge(given)).toEqual({ stale: false, missed: given.missed ?? false });
  });
});

describe('a control is overdue', () => {
  it.each<[string, Case]>([
    ['where it was not verified for longer', { now: 26.1 }],
    ['once the night is over that has not come to it', { now: 34.1, night: 26, checked: 2.1, verified: 2.1 }],
    [
      'where the night has come to it, and could not read it',
      { now: 29, night: 26, checked: 26.1, verified: 2.1 },
    ],
    [
      'where it was so before the night, which is under way',
      { now: 51, night: 50, checked: 26.1, verified: 2.1 },
    ],
    [
      'where it was so when the night was due',
      { now: 90, night: 26, checked: 26, verified: -1, missed: true },
    ],
    ['once it was paused no more for long', { now: 500, watchedFrom: 473, checked: 2, verified: 2 }],
    [
      'whatever a clock that ran ahead has said of that',
      { now: 400, watchedFrom: 500, checked: 2, verified: 2 },
    ],
    [
      'whatever a clock that ran ahead has said of a night',
      { now: 400, night: 500, checked: 2, verified: 2 },
    ],
  ])('%s', (_when, given) => {
    expect(judge(given)).toEqual({ stale: true, missed: given.missed ?? false });
  });

  it('of a target that nobody can understand, however lately somebody could, unless it is paused', () => {
    const overdue = new Overdue(new Staleness(26, schedulesOf(nightly)), [], at(3));
    const lost = (paused: boolean) =>
      ({
        ...storedTarget('a', { paused }),
        unreadable: {},
        subject: undefined,
      }) as unknown as UnreadableTarget;
    const fresh = { waived: false, checkedAt: at(2).toISOString(), verifiedAt: at(2).toISOString() };
    expect(overdue.isStale(lost(false), 'license', fresh)).toBe(true);
    expect(overdue.isStale(lost(true), 'license', fresh)).toBe(false);
  });
});

const schedulesOf = (schedule: string) =>
  Object.fromEntries(controlIds.map((id) => [id, schedule])) as Record<ControlId, string>;

it('a night that was dispatched by another schedule says nothing of this one', () => {
  const kept = [{ control: 'license' as const, schedule: nightly, ...begun(2) }];
  const overdue = new Overdue(new Staleness(26, schedulesOf('0 0 3 * * *')), kept, at(90));
  expect(overdue.missed).toEqual([]);
});

it.each([
  [1.9, []],
  [2.1, ['license']],
])('a night is missed %f hours after it was due', (hours, missed) => {
  const kept = [{ control: 'license' as const, schedule: nightly, ...begun(2) }];
  expect(new Overdue(new Staleness(26, schedulesOf(nightly)), kept, at(26 + hours)).missed).toEqual(missed);
});
