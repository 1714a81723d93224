import type { SettingValue } from '../../microsoft365/exchange/calendar-settings';
import type { Target } from '../../model/target';
import type { Profile } from '../../profiles';
import type { CalendarSettingName, Comparison } from '../../profiles/calendar-setting';

/** What is expected of one calendar setting of every room of a target. */
export interface Expectation {
  name: CalendarSettingName;
  expected: SettingValue;
  compare: Comparison;
  level: 'violation' | 'notice';
  /** What happens otherwise, as a sentence. */
  why: string;
}

/** What a vendor asks for of the rooms of this target, with the numbers that only the target knows. */
export function expectationsOf(
  { rooms: { calendarSettings } }: Profile,
  { bookingWindowInDays }: Pick<Target, 'bookingWindowInDays'>,
): Expectation[] {
  const asked = calendarSettings.flatMap((setting): Expectation[] => {
    if (setting.name !== 'BookingWindowInDays') return [setting];
    const { expected, ...rest } = setting;
    const days = bookingWindowInDays ?? (typeof expected === 'number' ? expected : undefined);
    return days === undefined ? [] : [{ ...rest, expected: days }];
  });
  const isNamed = asked.some(({ name }) => name === 'BookingWindowInDays');
  return bookingWindowInDays === undefined || isNamed ? asked : [...asked, windowOf(bookingWindowInDays)];
}

/** Where the target says how far ahead rooms can be booked, and its profile has no word about it. */
function windowOf(days: number): Expectation {
  return {
    name: 'BookingWindowInDays',
    expected: days,
    compare: 'equal',
    level: 'notice',
    why: 'The booking product and the room do not agree on how far ahead can be booked.',
  };
}
