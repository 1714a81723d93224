import { sayUnreadable, type Unreadable } from '../../lib/model/unreadable';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { printable, toJson } from './printable';

/** All items of a list of an app, and what stands among them that the app cannot read. */
export interface AppList<T> {
  items: T[];
  unreadable: Unreadable[];
}

/** Shows a list as JSON, or as text: where there is nothing at all, as the sentence `none`. What cannot be read is told beside it. Gives `unknown` where there is any: of that nobody knows how it stands. */
export function showList<T>(
  io: Io,
  list: AppList<T>,
  json: boolean | undefined,
  textOf: (items: readonly T[]) => string,
  none: string,
): ExitCode {
  const { items, unreadable } = list;
  if (json === true) io.out(toJson(unreadable.length === 0 ? { items } : list));
  else if (items.length > 0) io.out(textOf(items));
  // Where something cannot be read nobody knows that there is nothing.
  else if (unreadable.length === 0) io.out(none);
  for (const kept of unreadable) io.err(printable(sayUnreadable(kept)));
  return unreadable.length === 0 ? exitCodes.compliant : exitCodes.unknown;
}
