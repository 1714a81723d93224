import { isWeekDue, midnightOf, mondayOf } from '../../../src/lib/notify/due';

it.each([
  ['2026-11-30T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
  ['2026-11-30T07:00:00.000Z', '2026-11-30T00:00:00.000Z'],
  ['2026-12-06T23:59:59.999Z', '2026-11-30T00:00:00.000Z'],
  ['2026-12-07T00:00:00.000Z', '2026-12-07T00:00:00.000Z'],
  ['2028-02-29T12:00:00.000Z', '2028-02-28T00:00:00.000Z'],
])('%s is in the week that begins on %s', (moment, monday) => {
  expect(mondayOf(new Date(moment)).toISOString()).toBe(monday);
});

it('takes days from midnight on', () => {
  expect(midnightOf(new Date('2026-11-30T23:59:59.999Z')).toISOString()).toBe('2026-11-30T00:00:00.000Z');
});

describe('a digest that comes once a week', () => {
  const [monday, tuesday, nextMonday] = ['2026-11-30', '2026-12-01', '2026-12-07'].map(
    (day) => new Date(`${day}T07:00:00.000Z`),
  ) as [Date, Date, Date];

  it.each([
    ['is not due on the day after it was made', monday.toISOString(), tuesday, false],
    ['is due on the next Monday', monday.toISOString(), nextMonday, true],
    ['is due the day after, where Monday’s has not arrived', '2026-11-23T07:00:00.000Z', tuesday, true],
    ['is due on the Monday on which it is set up', '2026-11-30T00:00:00.000Z', monday, true],
    ['is not due in the week in which it is set up', '2026-12-01T00:00:00.000Z', tuesday, false],
    ['is due where the last was dated by a clock that ran ahead', '2027-12-01T00:00:00.000Z', tuesday, true],
  ])('%s', (_case, last, now, isDue) => {
    expect(isWeekDue(last, now)).toBe(isDue);
  });
});
