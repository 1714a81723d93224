import { z } from 'zod';
import { calendarSettings } from '../../profiles/profile';
import type { Change } from '../plan';
import type { RoomsFacts } from './collect';
import { sameText } from './deviations';

/** The room that a change is about, and what it sets there. */
const SetCalendar = z.object({
  CmdletInput: z.object({ Parameters: z.record(z.string(), z.union([z.string(), z.boolean()])) }),
});

/** The settings that a change is about, as they are now. */
export function observe(facts: RoomsFacts | null, { request }: Change): unknown {
  const parsed = SetCalendar.safeParse(request.body);
  if (!parsed.success) return undefined;
  const { Identity, ...set } = parsed.data.CmdletInput.Parameters;
  const read = facts?.settings.get(String(Identity));
  if (read?.ok !== true) return undefined;
  const now = read.value;
  const names = calendarSettings.filter((name) => set[name] !== undefined);
  // Spelled as the change does where it is the same: Exchange writes values in more than one way.
  return Object.fromEntries(
    names.map((name) => [name, sameText(now[name], set[name]) ? set[name] : now[name]]),
  );
}
