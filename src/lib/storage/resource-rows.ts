import { hash } from 'node:crypto';
import * as z from 'zod';
import { type ResourceRow, verdicts } from '../model/verdict';
import { shorten } from './json';
import { encodeKey } from './keys';

const CountByVerdict = z.record(z.enum(verdicts), z.number());

/** How many rows of one finding have which verdict: the rooms of the target, and the mailboxes that are none. */
export const RowCounts = z.object({ rooms: CountByVerdict, mailboxes: CountByVerdict });
export type RowCounts = z.infer<typeof RowCounts>;

/** A row, and the digest of what is kept of it. */
export interface DigestedRow {
  row: ResourceRow;
  digest: string;
}

/** What is kept of a row: its long texts shortened, and its properties in a fixed order, so that equal rows give equal JSON. */
export function keptRow(row: ResourceRow): ResourceRow {
  const { kind, verdict, path, scope, detail } = row;
  return {
    resource: shorten(row.resource.toLowerCase()),
    kind,
    displayName: shorten(row.displayName),
    verdict,
    codes: [...new Set(row.codes)].sort(),
    ...(path === undefined ? {} : { path: shorten(path) }),
    ...(scope === undefined ? {} : { scope: shorten(scope) }),
    ...(detail === undefined ? {} : { detail: shorten(detail) }),
  };
}

/**
 * Rows by their keys. Of several about one resource the one with the worst verdict stays, whatever order they come in.
 * The rows themselves are not copied: there may be a hundred thousand of them.
 */
export function rowsByKey(rows: readonly ResourceRow[]): Map<string, DigestedRow> {
  const byKey = new Map<string, DigestedRow>();
  for (const row of rows) {
    const key = encodeKey(row.resource.toLowerCase());
    const digested = { row, digest: sha256(JSON.stringify(keptRow(row))) };
    const other = byKey.get(key);
    if (other === undefined || isWorse(digested, other)) byKey.set(key, digested);
  }
  return byKey;
}

/** How many rows are kept, and a digest over all of them that does not depend on their order. It is never empty. */
export function summaryOfRows(rows: readonly ResourceRow[]): {
  count: number;
  digest: string;
  counts: RowCounts;
} {
  const byKey = rowsByKey(rows);
  const lines = [...byKey].map(([key, { digest }]) => `${key} ${digest}`);
  const kept = [...byKey.values()].map(({ row }) => row);
  return { count: byKey.size, digest: sha256(lines.sort().join('\n')), counts: countRows(kept) };
}

/** Counts rows, of which no two are about the same resource. */
export function countRows(rows: Iterable<Pick<ResourceRow, 'kind' | 'verdict'>>): RowCounts {
  const none = () => ({ nonCompliant: 0, unknown: 0, compliant: 0, notApplicable: 0 });
  const counts: RowCounts = { rooms: none(), mailboxes: none() };
  for (const { kind, verdict } of rows) {
    counts[kind === 'room' ? 'rooms' : 'mailboxes'][verdict]++;
  }
  return counts;
}

/** Between two rows of the same verdict the digest decides: any order will do, as long as it is always the same. */
function isWorse(a: DigestedRow, b: DigestedRow): boolean {
  const difference = verdicts.indexOf(a.row.verdict) - verdicts.indexOf(b.row.verdict);
  return difference < 0 || (difference === 0 && a.digest < b.digest);
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
