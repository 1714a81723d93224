import { odata, type TableEntityResult } from '@azure/data-tables';
import type { Transition } from '../finding';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import { readJson, writeJson } from './json';
import { encodeKey, newestFirst } from './keys';
import { type Page, type PageRequest, readPage } from './pages';
import { StoredTransition } from './schemas';

const tableName = 'SyncwardenHistory';

/** The transitions of every target, newest first. They outlive the target. */
export class HistoryTable {
  constructor(private readonly storage: StorageConnection) {}

  /** Keeps a transition. Doing it again changes nothing: the key comes from what it says. */
  async add(transition: Transition): Promise<void> {
    const table = await this.table();
    const { targetId, control, at } = transition;
    try {
      await table.createEntity({
        partitionKey: encodeKey(targetId),
        rowKey: rowKey(transition),
        control,
        at,
        ...writeJson('transition', transition),
      });
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
    }
  }

  async page(targetId: string, control: string | undefined, request: PageRequest): Promise<Page<Transition>> {
    const ofTarget = odata`PartitionKey eq ${encodeKey(targetId)}`;
    const filter = control === undefined ? ofTarget : `${ofTarget} and ${odata`control eq ${control}`}`;
    return readPage(await this.table(), { filter }, request, fromEntity);
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

function rowKey({ at, control }: Transition): string {
  return newestFirst(new Date(at), control);
}

function fromEntity(entity: TableEntityResult<Record<string, unknown>>): Transition {
  return StoredTransition.parse(readJson(entity, 'transition'));
}
