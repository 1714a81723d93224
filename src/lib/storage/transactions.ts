import type { TableClient, TableEntity } from '@azure/data-tables';
import { hasStatus, orAbsent } from './errors';
import { largestPage } from './pages';

/** One change of a table. */
export type Change = ['upsert', TableEntity, 'Replace'] | ['delete', TableEntity];

/** The service takes at most this many changes at once … */
const mostChanges = 100;

/** … and 4 MiB of them, a little of which is kept in reserve. */
const largestTransaction = 3.5 * 1024 * 1024;

/** What a change takes up beside its entity: headers, and an address with both keys. */
const overhead = 4096;

/** How many transactions are under way at once. */
const atOnce = 4;

/**
 * Makes changes, of which no two may be about the same entity, in as few transactions as they fit into. Gives how many
 * there were. When one fails no further ones begin, and those under way have ended before it throws.
 */
export async function makeChanges(table: TableClient, changes: Iterable<Change>): Promise<number> {
  const transactions = inTransactions(changes);
  let made = 0;
  const work = async () => {
    // All workers take from the same generator, and whichever leaves this loop with an error closes it for the others.
    for (const transaction of transactions) {
      await submit(table, transaction);
      made += transaction.length;
    }
  };
  for (const outcome of await Promise.allSettled(Array.from({ length: atOnce }, work))) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
  return made;
}

/** Deletes the rows that a filter names, understood or not. Gives how many there were. */
export async function deleteRows(table: TableClient, filter: string): Promise<number> {
  let deleted = 0;
  const queryOptions = { filter, select: ['PartitionKey', 'RowKey'] };
  for await (const page of table.listEntities({ queryOptions }).byPage({ maxPageSize: largestPage })) {
    deleted += await makeChanges(
      table,
      page.map(({ partitionKey = '', rowKey = '' }): Change => ['delete', { partitionKey, rowKey }]),
    );
  }
  return deleted;
}

/** Changes in groups that may be one transaction: of one partition, not too many, and not too large. */
function* inTransactions(changes: Iterable<Change>): Generator<Change[]> {
  let transaction: Change[] = [];
  let size = 0;
  for (const change of changes) {
    const added = sizeOf(change);
    const fits =
      transaction.length < mostChanges &&
      size + added <= largestTransaction &&
      transaction[0]?.[1].partitionKey === change[1].partitionKey;
    if (!fits && transaction.length > 0) {
      yield transaction;
      transaction = [];
      size = 0;
    }
    transaction.push(change);
    size += added;
  }
  if (transaction.length > 0) yield transaction;
}

function sizeOf([, entity]: Change): number {
  return Buffer.byteLength(JSON.stringify(entity)) + overhead;
}

async function submit(table: TableClient, transaction: Change[]): Promise<void> {
  try {
    await table.submitTransaction(transaction);
  } catch (error) {
    // Someone else was faster with one of the entities, for which all fail: one by one, the others succeed.
    if (![404, 409, 412].some((status) => hasStatus(error, status))) throw error;
    for (const change of transaction) await make(table, change);
  }
}

async function make(table: TableClient, [kind, entity]: Change): Promise<void> {
  if (kind === 'upsert') await table.upsertEntity(entity, 'Replace');
  else await orAbsent(table.deleteEntity(entity.partitionKey, entity.rowKey));
}
