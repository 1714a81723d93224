import { odata } from '@azure/data-tables';
import type { BriefTransition, Transition } from '../model/finding';
import { controlIds } from '../model/verdict';
import { allOf, unlessAnother } from './conditions';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import {
  briefColumns,
  briefOf,
  briefOrUnknown,
  fromEntity,
  hasColumns,
  type HistoryFilter,
  inBrief,
  toEntity,
  toQuery,
} from './history-rows';
import { encodeKey, newestFirst } from './keys';
import { type HistoryPosition, NewestRows, type PlacedTransition } from './newest-history';
import { largestPage, type Page, type PageRequest, readPage } from './pages';
import { type Put, putEach } from './transactions';
import { readRows, type Told } from './unreadable';

const tableName = 'SyncwardenHistory';

/** A part of the history of all targets. */
export interface HistoryPart {
  /** From this time on … */
  from: Date;
  /** … and before this one, if told. */
  to?: Date | undefined;
  /** Only what comes after this place. */
  after?: HistoryPosition | undefined;
  control?: string | undefined;
  /** Of these targets only, by their keys, and of each only what was found in this tenant; there is at least one. */
  partitions?: ReadonlyMap<string, string> | undefined;
}

/** The transitions of every target, newest first. They outlive the target. */
export class HistoryTable {
  constructor(private readonly storage: StorageConnection) {}

  /**
   * Keeps transitions of one target. Doing it again changes nothing: the keys come from what they say.
   * @throws what kept one of them from being written.
   */
  async add(...transitions: readonly Transition[]): Promise<void> {
    const puts = transitions.map((transition): Put => ['create', toEntity(transition)]);
    for (const outcome of await putEach(await this.table(), puts)) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
  }

  /**
   * Transitions of a target that pass the filter. With a verdict, a page may have fewer of them than the limit, and
   * still be followed by another: older rows have no column to ask for it.
   */
  async page(
    targetId: string,
    filter: HistoryFilter | undefined,
    request: PageRequest,
  ): Promise<Page<Transition>> {
    const query = { filter: toQuery(targetId, filter ?? {}) };
    const isWanted = ({ verdict }: Transition) => filter?.verdict === undefined || verdict === filter.verdict;
    return readPage(await this.table(), query, request, fromEntity, isWanted);
  }

  /**
   * Every transition from `from` on and, if told, before `to`, of one target or of all, also of those that are gone: target by
   * target in the order of their ids, and of each the newest first.
   */
  async *range(from: Date, to: Date | undefined, told: Told, targetId?: string): AsyncGenerator<Transition> {
    const table = await this.table();
    const queryOptions = { filter: toQuery(targetId, { from, to }) };
    yield* readRows(table.listEntities({ queryOptions }), told, fromEntity);
  }

  /**
   * The newest transitions of this part, whatever their target: at most `most` of them, in the order of their places. All of the
   * part is gone through, and no more than these are held.
   */
  async newest(
    { from, to, after, control, partitions }: HistoryPart,
    most: number,
  ): Promise<PlacedTransition[]> {
    const table = await this.table();
    const filter = allOf(
      partitions === undefined ? '' : aroundAll(new Set(partitions.keys())),
      toQuery(undefined, { from, to }),
      after === undefined ? '' : odata`RowKey ge ${after.rowKey}`,
      control === undefined ? '' : unlessAnother('control', control, controlIds),
    );
    const ending = control === undefined ? '' : `|${encodeKey(control)}`;
    const newest = new NewestRows(most, after, partitions);
    const pages = table.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: largestPage });
    for await (const page of pages)
      for (const row of page) {
        const { partitionKey = '', rowKey = '' } = row;
        if (partitions?.has(partitionKey) !== false && rowKey.endsWith(ending)) newest.add(row);
      }
    return newest.transitions();
  }

  /** Transitions of a target from `from` on, or all, without their reasons: a target that flaps has many, and long ones. */
  async *brief(targetId: string, from?: Date): AsyncGenerator<BriefTransition> {
    const table = await this.table();
    const filter = toQuery(targetId, { from });
    const queryOptions = { filter, select: ['PartitionKey', 'RowKey', ...briefColumns] };
    for await (const page of table.listEntities({ queryOptions }).byPage({ maxPageSize: largestPage })) {
      if (page.every(hasColumns))
        for (const row of page) yield* inList(briefOrUnknown(row, () => briefOf(row)));
      else yield* this.whole(page);
    }
  }

  /** The same rows with all that is in them: some were kept before they had the columns. */
  private async *whole(
    rows: readonly { partitionKey?: string; rowKey?: string }[],
  ): AsyncGenerator<BriefTransition> {
    const { partitionKey = '', rowKey: first = '' } = rows[0] ?? {};
    const last = rows.at(-1)?.rowKey ?? '';
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${first} and RowKey le ${last}`;
    const table = await this.table();
    for await (const entity of table.listEntities({ queryOptions: { filter } })) {
      yield* inList(briefOrUnknown(entity, () => inBrief(fromEntity(entity))));
    }
  }

  /**
   * Dates the transitions of a control that are dated later than `now` to right before `moment`, in their order. What the
   * wrong clock said stays with them. Gives their new times, by id. Safe to repeat.
   */
  async redate(
    targetId: string,
    control: string,
    now: Date,
    moment: Date,
    told: Told,
  ): Promise<Map<string, string>> {
    const table = await this.table();
    const filter = toQuery(targetId, { control, from: new Date(now.getTime() + 1) });
    const ahead: Transition[] = [];
    const rows = table.listEntities({ queryOptions: { filter } });
    for await (const transition of readRows(rows, told, fromEntity)) ahead.push(transition);
    const times = new Map<string, string>();
    let next = Math.min(moment.getTime(), now.getTime()) - 1;
    // They come newest first.
    for (const transition of ahead) {
      const at = await this.move(transition, next);
      next = at - 1;
      times.set(transition.transitionId, new Date(at).toISOString());
    }
    return times;
  }

  /** Dates a transition to this time, or to the last one before it that is free. Gives which. */
  private async move(transition: Transition, latest: number): Promise<number> {
    const table = await this.table();
    const { partitionKey, rowKey } = toEntity(transition);
    for (let time = latest; ; time--) {
      const at = new Date(time).toISOString();
      try {
        // Both at once: a process that dies here has neither lost nor doubled it.
        await table.submitTransaction([
          ['delete', { partitionKey, rowKey }],
          ['create', toEntity({ ...transition, at, statedAt: transition.statedAt ?? transition.at })],
        ]);
        return time;
      } catch (error) {
        // Someone else has moved it.
        if (hasStatus(error, 404)) return time;
        if (!hasStatus(error, 409)) throw error;
      }
    }
  }

  /** Removes what is older than `before`, but for the newest transition of each target and control. Gives how many. */
  async removeBefore(before: Date): Promise<number> {
    const table = await this.table();
    // Rows come newest first within a target, so the first old row of a control is the newest of the old ones.
    let partition = '';
    let kept = new Set<string>();
    let removed = 0;
    const old = table.listEntities<{ control: string }>({
      queryOptions: {
        filter: odata`RowKey gt ${newestFirst(before, '')}`,
        select: ['PartitionKey', 'RowKey', 'control'],
      },
    });
    for await (const { partitionKey = '', rowKey: key = '', control } of old) {
      if (partitionKey !== partition) {
        partition = partitionKey;
        kept = new Set();
      }
      if (!kept.has(control)) {
        kept.add(control);
        if (!(await this.hasNewer(partitionKey, control, before))) continue;
      }
      // Absent when another run of the timer was faster.
      await orAbsent(table.deleteEntity(partitionKey, key));
      removed++;
    }
    return removed;
  }

  private async hasNewer(partitionKey: string, control: string, before: Date): Promise<boolean> {
    const table = await this.table();
    const filter = odata`PartitionKey eq ${partitionKey} and control eq ${control} and RowKey le ${newestFirst(before, '')}`;
    for await (const _newer of table.listEntities({ queryOptions: { filter, select: ['RowKey'] } }))
      return true;
    return false;
  }

  private table() {
    return this.storage.table(tableName);
  }
}

function inList<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item];
}

/** From the first to the last of some partitions. */
function aroundAll(partitions: ReadonlySet<string>): string {
  const sorted = [...partitions].sort();
  return odata`PartitionKey ge ${sorted[0] ?? ''} and PartitionKey le ${sorted.at(-1) ?? ''}`;
}
