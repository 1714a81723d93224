import { createHash } from 'node:crypto';

/** A key may hold 1 KiB, that is 512 UTF-16 units. */
const longestKey = 512;

/**
 * Makes any text a key of Table Storage, reversibly. Keys must not contain `/ \ # ?` or control characters, and `%`
 * is unsafe in some clients, so everything beyond letters, digits and a few marks is written `=XX`.
 * Source: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export function encodeKey(text: string): string {
  const key = encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27').replaceAll('%', '=');
  if (key.length <= longestKey) return key;
  // Too long to be kept whole: its beginning keeps the order, its hash keeps it apart from its neighbours.
  const hash = createHash('sha256').update(text).digest('hex');
  return `${key.slice(0, longestKey - hash.length - 1)}~${hash}`;
}

/** The text behind a key that was not too long. */
export function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('=', '%'));
}

/** The largest time that JavaScript knows, so that the difference is never negative. */
const endOfTime = 8_640_000_000_000_000;

/** Sorts the newest first: rows come back in the order of their keys, and cannot be asked for in another. */
export function newestFirst(time: Date, suffix: string): string {
  return `${String(endOfTime - time.getTime()).padStart(16, '0')}|${encodeKey(suffix)}`;
}
