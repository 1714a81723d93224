import * as z from 'zod';
import { fieldErrorsOf } from '../input';
import type { Log } from '../log';
import { type Unreadable, UnreadableError } from '../model/unreadable';
import { decodeKey } from './keys';

/** So many of the things that are wrong with a row are named. */
const mostErrors = 20;

/** Hears of what is kept and cannot be read, where the rest goes on without it. */
export type Told = (kept: Unreadable) => void;

/**
 * Parses a row.
 * @param about what it is, asked for when something is wrong: there are thousands of rows.
 * @throws {UnreadableError} when it cannot be understood.
 */
export function understood<T>(about: () => Omit<Unreadable, 'errors'>, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new UnreadableError({ ...about(), errors: fieldErrorsOf(error).slice(0, mostErrors) });
  }
}

/** What is read of a row, or what takes its place where it cannot be understood: one row harms no other. */
export function readOr<T, U>(read: () => T, instead: (kept: Unreadable) => U): T | U {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return instead(error.kept);
  }
}

/** What is read; undefined for what cannot be understood, where that is all there is to know. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What is read of a row; undefined where it cannot be understood, of which `told` hears. */
export function readOrTold<T>(told: Told, read: () => T): T | undefined {
  return readOr(read, (kept) => {
    told(kept);
    return undefined;
  });
}

/** What is read of rows, as they come, without those that cannot be understood, of which `told` hears. */
export async function* readRows<Row, T>(
  rows: AsyncIterable<Row>,
  told: Told,
  read: (row: Row) => T,
): AsyncGenerator<T> {
  for await (const row of rows) {
    const item = readOrTold(told, () => read(row));
    if (item !== undefined) yield item;
  }
}

/** Says in the log what cannot be read. */
export function sayIn(log: Log): Told {
  return ({ targetId, what, errors }) =>
    log.warn('Something that is kept cannot be read', { targetId, what, errors });
}

/** For a list of which every row decides. @throws {UnreadableError} */
export function refuse(kept: Unreadable): never {
  throw new UnreadableError(kept);
}

/** A row that has to be what it says it is, wherever it stands. @throws {z.ZodError} */
export function requireKey(path: string, said: string, key: string): void {
  if (said === key) return;
  const message = `is not ${key}, under which it is kept`;
  throw new z.ZodError([{ code: 'custom', path: [path], input: said, message }]);
}

/** The text behind a key; the key itself where it is none of this app's. */
export function nameOf(key: string): string {
  try {
    return decodeKey(key);
  } catch {
    return key;
  }
}
