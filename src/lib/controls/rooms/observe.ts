import { z } from 'zod';
import type { SettingValue } from '../../microsoft365/exchange/calendar-settings';
import type { Change } from '../../model/plan';
import type { RoomsFacts } from './collect';

const Value = z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]);

/** The room that a change is about, and what it sets there: null is nobody. */
const SetCalendar = z.object({
  CmdletInput: z.object({
    Parameters: z
      .object({ Identity: z.string() })
      .catchall(Value.nullable().transform((value) => value ?? [])),
  }),
});

/** The settings that a change is about, as they are now. */
export function observe(facts: RoomsFacts | null, { request }: Change): unknown {
  const parsed = SetCalendar.safeParse(request.body);
  if (!parsed.success) return undefined;
  const { Identity, ...set } = parsed.data.CmdletInput.Parameters;
  const read = facts?.settings.get(Identity);
  if (read?.ok !== true) return undefined;
  const now: Readonly<Record<string, SettingValue | undefined>> = read.value;
  const names = Object.keys(set);
  // Of what is no longer asked for, or was not understood, nothing can be said.
  if (names.some((name) => now[name] === undefined)) return undefined;
  // Spelled as the change does where it is the same: Exchange writes values in more than one way.
  return Object.fromEntries(
    names.map((name) => [name, sameText(now[name], set[name]) ? set[name] : now[name]]),
  );
}

function sameText(a: SettingValue | undefined, b: SettingValue | undefined): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}
