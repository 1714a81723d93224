import { odata, type TableEntity, type TableEntityResult } from '@azure/data-tables';
import { sayUnreadable } from '../model/unreadable';
import type { ResourceRow, Verdict } from '../model/verdict';
import type { StorageConnection } from './connection';
import { parseJson, writeJson } from './json';
import { pairKey, pairKeysOf } from './keys';
import { largestPage, type Page, type PageRequest, readPage } from './pages';
import { type DigestedRow, keptRow, rowsByKey } from './resource-rows';
import { StoredResourceRow } from './schemas';
import { type Change, deleteRows, makeChanges } from './transactions';
import { nameOf, readOr, understood } from './unreadable';

const tableName = 'SyncwardenResources';

/** The part of a stored row that is enough to tell whether it has changed. */
interface Stub {
  partitionKey: string;
  rowKey: string;
  digest: string;
}

/** What was found out about each room and mailbox: one partition per finding, one row per resource. */
export class ResourceTable {
  constructor(private readonly storage: StorageConnection) {}

  /**
   * Makes these the rows of a finding. Only what differs is written: rows that are new or have changed, and those that
   * are no more are deleted. Gives how many entities that took. Safe to repeat, and to go on with after a crash.
   */
  async replace(targetId: string, control: string, rows: readonly ResourceRow[]): Promise<number> {
    const partitionKey = pairKey(targetId, control);
    const changed = rowsByKey(rows);
    const gone: string[] = [];
    for await (const stubs of this.stubs(odata`PartitionKey eq ${partitionKey}`)) {
      for (const { rowKey, digest } of stubs) {
        const wanted = changed.get(rowKey);
        if (wanted === undefined) gone.push(rowKey);
        else if (wanted.digest === digest) changed.delete(rowKey);
      }
    }
    return makeChanges(await this.table(), difference(partitionKey, gone, changed));
  }

  /** Rows of a finding in the order of their addresses, all or those of one verdict. */
  async page(
    targetId: string,
    control: string,
    verdict: Verdict | undefined,
    request: PageRequest,
  ): Promise<Page<ResourceRow>> {
    const filter = toQuery(targetId, control, verdict);
    return readPage(await this.table(), { filter }, request, fromEntity);
  }

  /**
   * Rows of a finding in the order of their addresses, all or those of one verdict, for a reader who stops when it has
   * enough: it says how many rows it expects to need, so that no more are fetched.
   */
  async *rows(
    targetId: string,
    control: string,
    verdict?: Verdict,
    needed = largestPage,
  ): AsyncGenerator<ResourceRow> {
    const table = await this.table();
    const queryOptions = { filter: toQuery(targetId, control, verdict) };
    const maxPageSize = Math.min(needed, largestPage);
    for await (const page of table.listEntities({ queryOptions }).byPage({ maxPageSize })) {
      yield* page.map(fromEntity);
    }
  }

  /** Rows of every finding, finding by finding, each with the key of its finding as {@link findingKey} gives it. */
  async *all(): AsyncGenerator<{ of: string; row: ResourceRow }> {
    const table = await this.table();
    for await (const page of table.listEntities().byPage({ maxPageSize: largestPage }))
      for (const entity of page) yield { of: entity.partitionKey ?? '', row: fromEntity(entity) };
  }

  /** Deletes the rows of one finding, or those of every finding of a target. */
  async deleteAll(targetId: string, control?: string): Promise<void> {
    const { from, to } = pairKeysOf(targetId);
    const filter =
      control === undefined
        ? odata`PartitionKey ge ${from} and PartitionKey lt ${to}`
        : odata`PartitionKey eq ${pairKey(targetId, control)}`;
    await deleteRows(await this.table(), filter);
  }

  private async *stubs(filter: string): AsyncGenerator<Stub[]> {
    const table = await this.table();
    const queryOptions = { filter, select: ['PartitionKey', 'RowKey', 'digest'] };
    yield* table.listEntities<Stub>({ queryOptions }).byPage({ maxPageSize: largestPage });
  }

  private table() {
    return this.storage.table(tableName);
  }
}

/** Under which key the rows of a finding are kept. */
export function findingKey(targetId: string, control: string): string {
  return pairKey(targetId, control);
}

function toQuery(targetId: string, control: string, verdict: Verdict | undefined): string {
  const ofFinding = odata`PartitionKey eq ${pairKey(targetId, control)}`;
  return verdict === undefined ? ofFinding : `${ofFinding} and ${odata`verdict eq ${verdict}`}`;
}

function* difference(
  partitionKey: string,
  gone: readonly string[],
  changed: ReadonlyMap<string, DigestedRow>,
): Generator<Change> {
  for (const rowKey of gone) yield ['delete', { partitionKey, rowKey }];
  for (const [rowKey, digested] of changed) {
    yield ['upsert', toEntity(partitionKey, rowKey, digested), 'Replace'];
  }
}

/** The verdict stands apart from the rest so that it can be asked for. */
function toEntity(partitionKey: string, rowKey: string, { row, digest }: DigestedRow): TableEntity {
  return { partitionKey, rowKey, verdict: row.verdict, digest, ...writeJson('row', keptRow(row)) };
}

/** A row; unknown with the cause where it cannot be understood: left out, its room would pass for one that is not there. */
function fromEntity(entity: TableEntityResult<Record<string, unknown>>): ResourceRow {
  const resource = nameOf(entity.rowKey ?? '');
  const about = () => ({
    targetId: nameOf((entity.partitionKey ?? '').split('|')[0] ?? ''),
    what: `The row of ${resource}`,
    remedy: 'It is written anew when anything of these rooms changes.',
  });
  return readOr(
    () => understood(about, () => parseJson(StoredResourceRow, entity, 'row')),
    (kept): ResourceRow => ({
      ...{ resource, kind: 'room', displayName: resource, verdict: 'unknown', codes: [] },
      detail: sayUnreadable(kept),
    }),
  );
}
