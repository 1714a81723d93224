import { sayUnreadable, type Unreadable } from '../../lib/model/unreadable';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { printable, toJson } from './printable';

/** All items of a list of an app, and what stands among them that the app cannot read. */
export interface AppList<T> {
  items: T[];
  unreadable: Unreadable[];
}

/** Shows a list as JSON, or as text. What cannot be read is told beside it. Gives `unknown` where there is any: of that nobody knows how it stands. */
export function showList<T>(
  io: Io,
  list: AppList<T>,
  json: boolean | undefined,
  textOf: (items: readonly T[]) => string,
): ExitCode {
  const { items, unreadable } = list;
  io.out(json === true ? toJson(unreadable.length === 0 ? { items } : list) : textOf(items));
  for (const kept of unreadable) io.err(printable(sayUnreadable(kept)));
  return unreadable.length === 0 ? exitCodes.compliant : exitCodes.unknown;
}
