import type { TableEntityResult } from '@azure/data-tables';
import type { Transition } from '../model/finding';
import type { Unreadable } from '../model/unreadable';
import { fromEntity } from './history-rows';
import { readOr } from './unreadable';

type Row = TableEntityResult<Record<string, unknown>>;

/**
 * A place among the transitions of all targets, the newest first: by the key of the row, which begins with its time, then by
 * that of its target. No two are at the same place.
 */
export interface HistoryPosition {
  rowKey: string;
  partitionKey: string;
}

/** A transition at its place, or why it cannot be understood. */
export type PlacedTransition = HistoryPosition & ({ transition: Transition } | { unreadable: Unreadable });

/** Keeps the first rows of all that come by, in the order of their places: so many, and no more are ever held. */
export class NewestRows {
  private readonly rows: Row[] = [];

  /** @param tenants of the targets, by their keys, where only what was found there is wanted. */
  constructor(
    private readonly most: number,
    private readonly after: HistoryPosition | undefined,
    private readonly tenants?: ReadonlyMap<string, string>,
  ) {}

  /** Takes a row, unless its place is not after the one to begin at, or there are enough before it. */
  add(row: Row): void {
    const place = placeOf(row);
    if (this.after !== undefined && !isBefore(this.after, place)) return;
    const last = this.rows.at(-1);
    if (this.rows.length >= this.most && last !== undefined && isBefore(placeOf(last), place)) return;
    if (!this.isOfTenant(row)) return;
    this.rows.splice(this.indexFor(place), 0, row);
    if (this.rows.length > this.most) this.rows.pop();
  }

  /** What is kept, in order. */
  transitions(): PlacedTransition[] {
    return this.rows.map((row) => ({
      ...placeOf(row),
      ...readOr(
        () => ({ transition: fromEntity(row) }),
        (unreadable) => ({ unreadable }),
      ),
    }));
  }

  /** Of one that cannot be understood nobody can tell: it is kept, and says nothing but that. */
  private isOfTenant(row: Row): boolean {
    if (this.tenants === undefined) return true;
    return readOr(
      () => fromEntity(row).tenantId === this.tenants?.get(row.partitionKey ?? ''),
      () => true,
    );
  }

  /** Where a place belongs: behind all that are before it. */
  private indexFor(place: HistoryPosition): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.rows[middle];
      if (row !== undefined && isBefore(placeOf(row), place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function placeOf({ rowKey = '', partitionKey = '' }: Row): HistoryPosition {
  return { rowKey, partitionKey };
}

function isBefore(a: HistoryPosition, b: HistoryPosition): boolean {
  return a.rowKey < b.rowKey || (a.rowKey === b.rowKey && a.partitionKey < b.partitionKey);
}
