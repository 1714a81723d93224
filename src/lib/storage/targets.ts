import { odata, type TableEntityResult } from '@azure/data-tables';
import { LRUCache } from 'lru-cache';
import {
  type Dispute,
  isReadable,
  type ListedTarget,
  type StoredTarget,
  subjectOf,
  type Target,
  type Watched,
} from '../model/target';
import { UnreadableError } from '../model/unreadable';
import type { StorageConnection } from './connection';
import { hasStatus, isOvertaken, orAbsent } from './errors';
import { cutToFit, writeJson } from './json';
import { encodeKey } from './keys';
import { largestPage, type Page, type PageRequest, readPage } from './pages';
import { repair, repeat, repeatedFrom, repeatedIn, repeatsAll } from './repeated-statuses';
import type { FindingStatus } from './finding-rows';
import {
  learntBefore,
  madeAt,
  partitionKey,
  subjectIn,
  targetColumns,
  toEntity,
  toListedTarget,
} from './target-rows';

const tableName = 'SyncwardenTargets';

type Row = TableEntityResult<Record<string, unknown>>;

/** A target with what its row repeats of its findings. */
export interface TargetRow {
  target: ListedTarget;
  /** The status of each finding; undefined where the row does not repeat them all. */
  statuses: FindingStatus[] | undefined;
  /** Has the row repeat these statuses and no others, unless it was written since it was read: then the next round does. */
  repeatInstead(statuses: readonly FindingStatus[], now: Date): Promise<void>;
}

/** What is kept of so many rows as it was understood: about ten kilobytes each. */
const mostUnderstood = 4000;

interface UnderstoodRow extends Pick<TargetRow, 'target' | 'statuses'> {
  etag: string;
}

/** The watched targets. */
export class TargetTable {
  /** By their keys. An etag is that of one writing, so that nothing here can be out of date. */
  private readonly understoodRows = new LRUCache<string, UnderstoodRow>({ max: mostUnderstood });

  constructor(private readonly storage: StorageConnection) {}

  /** @throws {UnreadableError} when it is there and cannot be understood. */
  async get(targetId: string): Promise<StoredTarget | undefined> {
    const target = await this.look(targetId);
    if (target === undefined || isReadable(target)) return target;
    throw new UnreadableError(target.unreadable);
  }

  /** A target, also one that cannot be understood. */
  async look(targetId: string): Promise<ListedTarget | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(partitionKey, encodeKey(targetId)));
    return entity && toListedTarget(entity);
  }

  /** Whether there is such a target, understood or not. */
  async has(targetId: string): Promise<boolean> {
    return (await this.look(targetId)) !== undefined;
  }

  async page(request: PageRequest): Promise<Page<ListedTarget>> {
    const query = { filter: odata`PartitionKey eq ${partitionKey}`, select: targetColumns };
    return readPage(await this.table(), query, request, toListedTarget);
  }

  /** Every target, page by page, those that cannot be understood among them. */
  all(): AsyncGenerator<ListedTarget[]> {
    return allPages((request) => this.page(request));
  }

  /** The same, each with what its row repeats of its findings. */
  async *allRows(): AsyncGenerator<TargetRow[]> {
    const table = await this.table();
    const query = { filter: odata`PartitionKey eq ${partitionKey}` };
    yield* allPages((request) => readPage(table, query, request, (row) => this.rowOf(row)));
  }

  /** What a row says, which is understood once for each time that it is written. */
  private understoodRow(row: Row): UnderstoodRow {
    const known = this.understoodRows.get(row.rowKey ?? '');
    if (known?.etag === row.etag) return known;
    const target = toListedTarget(row);
    const statuses = repeatsAll(row) ? repeatedIn(row, target) : undefined;
    const understood = { etag: row.etag, target, statuses };
    this.understoodRows.set(row.rowKey ?? '', understood);
    return understood;
  }

  private rowOf(row: Row): TargetRow {
    const { target, statuses } = this.understoodRow(row);
    return {
      target,
      statuses,
      repeatInstead: async (statuses, now) => {
        const repairs = repair(row, statuses, now);
        if (repairs !== undefined) await this.merge(target.targetId, repairs, row.etag);
      },
    };
  }

  /**
   * Has the row of a target repeat these statuses, unless it was written since the target was read. Gives its new etag; undefined
   * where somebody was faster, or it is gone: read it again.
   */
  repeat(
    { targetId, etag }: Pick<StoredTarget, 'targetId' | 'etag'>,
    statuses: readonly FindingStatus[],
  ): Promise<string | undefined> {
    return this.merge(targetId, repeat(statuses), etag);
  }

  private async merge(
    targetId: string,
    properties: Record<string, string | boolean>,
    etag = '*',
  ): Promise<string | undefined> {
    const table = await this.table();
    try {
      const entity = { partitionKey, rowKey: encodeKey(targetId), ...properties };
      return (await table.updateEntity(entity, 'Merge', { etag })).etag;
    } catch (error) {
      if (isOvertaken(error)) return undefined;
      throw error;
    }
  }

  /**
   * Creates or replaces a target's definition. What was learnt about the service account is kept while it is the same
   * account, and what is in dispute while it is the same application. Gives what was there before, if anything; what could not be
   * understood is put right by this.
   */
  async put(
    target: Target,
    now: Date,
  ): Promise<{ stored: StoredTarget; previous: ListedTarget | undefined }> {
    const table = await this.table();
    const key = encodeKey(target.targetId);
    for (;;) {
      const entity = await orAbsent(table.getEntity(partitionKey, key));
      const previous = entity && toListedTarget(entity);
      const updatedAt = timeOf(now, previous);
      const defined = { ...target, createdAt: madeAt(previous) ?? updatedAt, updatedAt };
      const stored: StoredTarget = {
        ...defined,
        ...(previous && watchedFromOf(previous, defined)),
        ...(entity && learntBefore(entity, defined)),
      };
      const isAboutTheSame = previous !== undefined && subjectIn(previous) === subjectOf(stored);
      const row = { ...toEntity(stored), ...repeatedFrom(isAboutTheSame ? entity : undefined) };
      try {
        if (entity === undefined) await table.createEntity(row);
        else await table.updateEntity(row, 'Replace', { etag: entity.etag });
        return { stored, previous };
      } catch (error) {
        // Someone else was faster: look again at what is there now.
        if (!hasStatus(error, 409) && !hasStatus(error, 412) && !hasStatus(error, 404)) throw error;
      }
    }
  }

  /** Remembers who the service account is, unless the definition has changed since it was read. */
  learnServiceAccountId(
    target: StoredTarget,
    serviceAccountId: string,
    serviceAccountUpn?: string,
  ): Promise<void> {
    const upn = serviceAccountUpn === undefined ? {} : { serviceAccountUpn };
    return this.learn(target, { serviceAccountId, ...upn });
  }

  /** Remembers what is in dispute about rooms, in place of what was, unless the definition has changed since it was read. */
  learnDisputes(target: StoredTarget, disputes: readonly Dispute[]): Promise<void> {
    // In one property: where there were more, a shorter list would not replace the rest. Hundreds fit, which is enough to be open.
    return this.learn(target, writeJson('disputes', cutToFit({ disputes }).disputes));
  }

  /** Has a target looked after from another time on, unless its definition has changed since it was read. */
  watchFrom(target: StoredTarget, watchedFrom: string): Promise<void> {
    return this.learn(target, { watchedFrom });
  }

  private async learn({ targetId, updatedAt }: StoredTarget, news: Record<string, string>): Promise<void> {
    for (;;) {
      const current = await this.look(targetId);
      if (current === undefined || !isReadable(current) || current.updatedAt !== updatedAt) return;
      // Changed in this very moment, perhaps by another control that has learnt something else: look again.
      if ((await this.merge(targetId, news, current.etag)) !== undefined) return;
    }
  }

  /** Gives false when there was no such target. */
  async delete(targetId: string): Promise<boolean> {
    const table = await this.table();
    try {
      await table.deleteEntity(partitionKey, encodeKey(targetId));
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  private table() {
    return this.storage.table(tableName);
  }
}

async function* allPages<T>(page: (request: PageRequest) => Promise<Page<T>>): AsyncGenerator<T[]> {
  let continuation: string | undefined;
  do {
    const read = await page({ continuation, limit: largestPage });
    yield read.items;
    continuation = read.continuation;
  } while (continuation !== undefined);
}

/** From when on it is looked after as it is now, where that is later than when it was made. */
function watchedFromOf(previous: ListedTarget, target: StoredTarget): Pick<Watched, 'watchedFrom'> {
  const isResumed = previous.paused && !target.paused;
  if (isResumed || subjectIn(previous) !== subjectOf(target)) return { watchedFrom: target.updatedAt };
  const { watchedFrom } = previous;
  return watchedFrom === undefined ? {} : { watchedFrom };
}

/** So many milliseconds may a definition be dated later than it was put. What is later was dated by a clock that was wrong. */
const mostAheadMs = 1000;

/** Definitions are told apart by their times, so that no two of a target may have the same. */
function timeOf(now: Date, previous: ListedTarget | undefined): string {
  const last = previous !== undefined && isReadable(previous) ? previous.updatedAt : '';
  const aheadMs = Date.parse(last) - now.getTime();
  const isTaken = aheadMs >= 0 && aheadMs < mostAheadMs;
  return new Date(now.getTime() + (isTaken ? aheadMs + 1 : 0)).toISOString();
}
