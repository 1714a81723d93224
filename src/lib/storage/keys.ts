import { createHash } from 'node:crypto';
import { odata } from '@azure/data-tables';
import { unknownTime } from '../clock';

/** A key may hold 1 KiB, that is 512 UTF-16 units. */
const longestKey = 512;

/** What either half of a key of two may hold, with one unit between them. */
const longestHalf = 255;

/**
 * Makes any text a key of Table Storage, reversibly. Keys must not contain `/ \ # ?` or control characters, and `%`
 * is unsafe in some clients, so everything beyond letters, digits and a few marks is written `=XX`.
 * Source: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export function encodeKey(text: string): string {
  return encode(text, longestKey);
}

function encode(text: string, longest: number): string {
  const key = encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27').replaceAll('%', '=');
  if (key.length <= longest) return key;
  // Too long to be kept whole: its beginning keeps the order, its hash keeps it apart from its neighbours.
  const hash = createHash('sha256').update(text).digest('hex');
  return `${key.slice(0, longest - hash.length - 1)}~${hash}`;
}

/** The rows of these controls in a table that has a partition for each target: all of it, or the one row that is asked for. */
export function rowsOf(targetId: string, controls: readonly string[]): string {
  const [control] = controls;
  const partition = odata`PartitionKey eq ${encodeKey(targetId)}`;
  if (control === undefined || controls.length > 1) return partition;
  return odata`PartitionKey eq ${encodeKey(targetId)} and RowKey eq ${encodeKey(control)}`;
}

/** One key of two texts. `|` cannot stand in either half, so no two pairs share a key. */
export function pairKey(first: string, second: string): string {
  return `${encode(first, longestHalf)}|${encode(second, longestHalf)}`;
}

/** All pair keys with this first text: they lie from `from` on, and before `to`. */
export function pairKeysOf(first: string): { from: string; to: string } {
  const half = encode(first, longestHalf);
  return { from: `${half}|`, to: `${half}}` };
}

/** The time in a key of {@link newestFirst}, in ISO 8601; that before everything where there is none. */
export function timeOf(key: string): string {
  const time = new Date(endOfTime - Number(key.split('|')[0]));
  return Number.isNaN(time.getTime()) ? unknownTime : time.toISOString();
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
