import type { CalendarProcessing, SettingValue } from '../../microsoft365/exchange/calendar-settings';
import type { Comparison } from '../../profiles/calendar-setting';
import type { Expectation } from './expectations';

/** A setting that is not as it should be. */
export interface Deviation extends Expectation {
  actual: SettingValue;
  /** What a repair sets: what is there already stays as far as it may. */
  repaired: SettingValue;
}

/** How the settings of a room compare with what is expected of them. */
export interface Comparisons {
  deviations: Deviation[];
  /** What Exchange did not give, or not so that it can be compared. */
  unclear: Expectation[];
}

/** Compares the settings of a room with what is expected of them. */
export function deviationIn(settings: CalendarProcessing, expectations: readonly Expectation[]): Comparisons {
  const found: Comparisons = { deviations: [], unclear: [] };
  for (const expectation of expectations) {
    const actual = settings[expectation.name];
    const repaired = actual === undefined ? undefined : repairOf(actual, expectation);
    if (actual === undefined || repaired === undefined) found.unclear.push(expectation);
    else if (repaired !== null) found.deviations.push({ ...expectation, actual, repaired });
  }
  return found;
}

/** What a setting has to become: null when it may stay as it is, undefined when nobody can tell. */
function repairOf(actual: SettingValue, expectation: Expectation): SettingValue | null | undefined {
  const { expected, compare } = expectation;
  if (typeof actual === 'object' && typeof expected === 'object')
    return repairPeople(actual, expected, compare);
  if (typeof actual === 'number' && typeof expected === 'number')
    return isNumberRight(actual, expected, expectation) ? null : expected;
  if (typeof actual !== typeof expected) return undefined;
  return actual === expected ? null : expected;
}

function isNumberRight(actual: number, expected: number, { name, compare }: Expectation): boolean {
  const measure = (value: number) =>
    // A duration of 0 is one without a limit.
    name === 'MaximumDurationInMinutes' && value === 0 ? Infinity : value;
  if (compare === 'atLeast') return measure(actual) >= measure(expected);
  return compare === 'atMost' ? measure(actual) <= measure(expected) : actual === expected;
}

/**
 * Exchange lists people by a name of its choice, which need not be the one that is expected. Where somebody is missing
 * and somebody else is there, the two may be the same person, unless both are given by their addresses.
 */
function repairPeople(
  actual: readonly string[],
  expected: readonly string[],
  compare: Comparison,
): SettingValue | null | undefined {
  const missing = expected.filter((name) => !isAmong(name, actual));
  const further = actual.filter((name) => !isAmong(name, expected));
  const isRight =
    (compare === 'atMost' || missing.length === 0) && (compare === 'atLeast' || further.length === 0);
  if (isRight) return null;
  const isSure = missing.length === 0 || further.length === 0 || [...missing, ...further].every(isAddress);
  if (!isSure) return undefined;
  if (compare === 'atLeast') return [...actual, ...missing].sort();
  return compare === 'atMost' ? actual.filter((name) => !further.includes(name)) : [...expected].sort();
}

function isAmong(name: string, names: readonly string[]): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}

function isAddress(name: string): boolean {
  return name.includes('@');
}

/** A value in words, the same for the same value. */
export function settingText(value: SettingValue): string {
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? 'nobody' : value.join(', ');
}

/** What would be right, in words. */
export function expectedText({ name, expected, compare }: Expectation): string {
  const bound = { equal: '', atLeast: 'at least ', atMost: 'at most ' }[compare];
  return `${name} ${bound}${settingText(expected)}`;
}
