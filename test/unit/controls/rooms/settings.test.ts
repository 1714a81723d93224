import { deviationIn, expectedText, settingText } from '../../../../src/lib/controls/rooms/deviations';
import { type Expectation, expectationsOf } from '../../../../src/lib/controls/rooms/expectations';
import type { SettingValue } from '../../../../src/lib/microsoft365/exchange/calendar-settings';
import { profile } from '../../../../src/lib/profiles';
import { CalendarSetting, largest, switches } from '../../../../src/lib/profiles/calendar-setting';

type Asked = Pick<Expectation, 'name' | 'expected'> & Partial<Expectation>;

const expectation = (asked: Asked): Expectation => ({
  ...{ compare: 'equal', level: 'violation', why: 'Because.' },
  ...asked,
});

/** Whether a value is fine, and what it would be repaired to where it is not. */
function judged(asked: Asked, actual: SettingValue | undefined): unknown {
  const settings = actual === undefined ? {} : { [asked.name]: actual };
  const { deviations, unclear } = deviationIn(settings, [expectation(asked)]);
  expect(deviations.length + unclear.length).toBeLessThanOrEqual(1);
  if (unclear.length > 0) return 'unclear';
  const [deviation] = deviations;
  return deviation === undefined ? 'fine' : deviation.repaired;
}

describe('a setting that is on or off', () => {
  it.each(switches)('%s has to be as expected', (name) => {
    for (const expected of [true, false]) {
      expect(judged({ name, expected }, expected)).toBe('fine');
      expect(judged({ name, expected }, !expected)).toBe(expected);
      expect(judged({ name, expected }, undefined)).toBe('unclear');
      expect(judged({ name, expected }, String(expected))).toBe('unclear');
    }
  });
});

describe('a setting that is a number', () => {
  const window = { name: 'BookingWindowInDays', expected: 365 } as const;
  const duration = { name: 'MaximumDurationInMinutes', expected: 480 } as const;

  it.each([
    ['equal', 364, 365],
    ['equal', 365, 'fine'],
    ['equal', 366, 365],
    ['atLeast', 364, 365],
    ['atLeast', 365, 'fine'],
    ['atLeast', 366, 'fine'],
    ['atMost', 364, 'fine'],
    ['atMost', 365, 'fine'],
    ['atMost', 366, 365],
    // Today alone.
    ['atLeast', 0, 365],
    ['atMost', 0, 'fine'],
  ] as const)('has to be %s: %i', (how, actual, found) => {
    expect(judged({ ...window, compare: how }, actual)).toBe(found);
  });

  it.each([
    ['atLeast', 0, 'fine'],
    ['atLeast', 479, 480],
    ['atMost', 0, 480],
    ['atMost', 480, 'fine'],
    ['equal', 0, 480],
  ] as const)('is without a limit where a duration is 0: %s, %i', (how, actual, found) => {
    expect(judged({ ...duration, compare: how }, actual)).toBe(found);
  });

  it('may have to be without a limit', () => {
    const unlimited = { ...duration, expected: 0, compare: 'atLeast' } as const;
    expect(judged(unlimited, 0)).toBe('fine');
    expect(judged(unlimited, largest.MaximumDurationInMinutes)).toBe(0);
  });

  it('is unclear where it is none', () => {
    for (const actual of [undefined, '365', true]) expect(judged(window, actual)).toBe('unclear');
  });
});

describe('AutomateProcessing', () => {
  it('has to be as expected', () => {
    const asked = { name: 'AutomateProcessing', expected: 'AutoUpdate' } as const;
    expect(judged(asked, 'AutoUpdate')).toBe('fine');
    expect(judged(asked, 'AutoAccept')).toBe('AutoUpdate');
    expect(judged(asked, undefined)).toBe('unclear');
  });
});

describe('the delegates of a room', () => {
  const [ada, ben] = ['ada@contoso.com', 'ben@contoso.com'];
  const asked = (compareBy: Expectation['compare'], ...expected: string[]): Asked => ({
    ...{ name: 'ResourceDelegates', expected, compare: compareBy },
  });

  it.each([
    ['equal', [], [], 'fine'],
    ['equal', [], ['Ada Nwosu'], []],
    ['equal', [ada], [], [ada]],
    ['equal', [ada], ['ADA@contoso.com'], 'fine'],
    ['equal', [ada, ben], [ben, ada], 'fine'],
    ['equal', [ada], [ada, 'Ben Castillo'], [ada]],
    ['equal', [ada], [ben], [ada]],
    ['atLeast', [ada], [ada, 'Ben Castillo'], 'fine'],
    ['atLeast', [ada], [ben], [ada, ben]],
    ['atLeast', [ada], [], [ada]],
    ['atMost', [ada], [], 'fine'],
    ['atMost', [ada], [ada], 'fine'],
    ['atMost', [ada], [ada, ben], [ada]],
    ['atMost', [], ['Ada Nwosu'], []],
  ] as const)('have to be %s %j: %j', (how, expected, actual, found) => {
    expect(judged(asked(how, ...expected), actual)).toEqual(found);
  });

  it.each(['equal', 'atLeast', 'atMost'] as const)(
    'are unclear where somebody may be the one who is expected, under another name: %s',
    (how) => {
      expect(judged(asked(how, ada), ['Ada Nwosu'])).toBe('unclear');
      expect(judged(asked(how, 'Nwosu, Ada'), [ada])).toBe('unclear');
      expect(judged(asked(how, ada), undefined)).toBe('unclear');
    },
  );
});

describe('what is expected of the rooms of a target', () => {
  const condeco = profile('condeco-exchange-sync');
  const windowIn = (settings: typeof condeco.rooms.calendarSettings, bookingWindowInDays?: number) =>
    expectationsOf(
      { ...condeco, rooms: { ...condeco.rooms, calendarSettings: settings } },
      { bookingWindowInDays },
    ).find(({ name }) => name === 'BookingWindowInDays');
  const { calendarSettings } = condeco.rooms;
  const fixed = CalendarSetting.parse({
    ...{ name: 'BookingWindowInDays', expected: 180, compare: 'atLeast', level: 'violation', why: 'Why.' },
  });

  it('has the number of the target in place of the profile, with the words of the profile', () => {
    const own = calendarSettings.find(({ name }) => name === 'BookingWindowInDays');
    expect(windowIn(calendarSettings, 90)).toEqual({ ...own, expected: 90 });
    expect(windowIn([fixed], 90)).toEqual({ ...fixed, expected: 90 });
    expect(windowIn([fixed])).toEqual(fixed);
    expect(windowIn(calendarSettings)).toBeUndefined();
    expect(windowIn([])).toBeUndefined();
    expect(windowIn([], 0)).toMatchObject({ expected: 0, compare: 'equal', level: 'notice' });
  });

  it('is said in words', () => {
    const window = { name: 'BookingWindowInDays', expected: 180 } as const;
    expect(expectedText(expectation({ ...window, compare: 'atLeast' }))).toBe(
      'BookingWindowInDays at least 180',
    );
    expect(expectedText(expectation({ ...window, compare: 'atMost' }))).toBe(
      'BookingWindowInDays at most 180',
    );
    expect(expectedText(expectation({ name: 'ResourceDelegates', expected: [] }))).toBe(
      'ResourceDelegates nobody',
    );
    expect(settingText(['Ada', 'Ben'])).toBe('Ada, Ben');
  });
});
