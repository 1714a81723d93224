import type { CalendarProcessing } from '../../microsoft365/exchange/calendar-settings';
import type { CalendarSetting } from '../../profiles/profile';

/** The settings of a room that are not as they should be. */
export function deviationsOf(
  settings: CalendarProcessing,
  expected: readonly CalendarSetting[],
): CalendarSetting[] {
  return expected.filter((setting) => !sameText(settings[setting.name], setting.expected));
}

/** Exchange writes values in more than one way. */
export function sameText(a: unknown, b: unknown): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}
