import type { TableClient, TableEntity } from '@azure/data-tables';
import { hasStatus, isOvertaken, orAbsent } from './errors';
import { largestPage } from './pages';

/** One change of a table. */
export type Change = ['upsert', TableEntity, 'Replace'] | ['delete', TableEntity];

/** A row that is written only where nobody else has written since: over the one with this etag, or where there is none. */
export type Put = ['create', TableEntity] | ['update', TableEntity, 'Replace', { etag: string }];

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

/**
 * Puts rows, of which no two may be the same, in as few transactions as they fit into. Gives what became of each, in their
 * order: the new etag, undefined where someone else was faster, or why it cannot be kept. Each stands alone: what is wrong
 * with one keeps no other from being written.
 */
export async function putEach(
  table: TableClient,
  puts: Iterable<Put>,
): Promise<PromiseSettledResult<string | undefined>[]> {
  const outcomes: PromiseSettledResult<string | undefined>[] = [];
  for (const group of inTransactions(puts)) outcomes.push(...(await putTogether(table, group)));
  return outcomes;
}

async function putTogether(
  table: TableClient,
  group: Put[],
): Promise<PromiseSettledResult<string | undefined>[]> {
  const etags = group.length > 1 ? await putAtOnce(table, group).catch(() => undefined) : undefined;
  if (etags === undefined) return Promise.allSettled(group.map((put) => putOne(table, put)));
  return etags.map((value) => ({ status: 'fulfilled', value }));
}

/** The new etags; undefined when one of the rows would not go in, for which none does. */
async function putAtOnce(table: TableClient, group: Put[]): Promise<string[] | undefined> {
  const { subResponses } = await table.submitTransaction(group);
  const etags = subResponses.flatMap(({ etag }) => etag ?? []);
  return etags.length === group.length ? etags : undefined;
}

/** Puts one row. Gives its new etag, or undefined when someone else was faster. */
export async function putOne(table: TableClient, put: Put): Promise<string | undefined> {
  try {
    const written =
      put[0] === 'create'
        ? await table.createEntity(put[1])
        : await table.updateEntity(put[1], put[2], put[3]);
    return written.etag;
  } catch (error) {
    // Of one that is new nothing else tells that someone else was faster: 404 is said where there is no table.
    if (put[0] === 'create' ? hasStatus(error, 409) : isOvertaken(error)) return undefined;
    throw error;
  }
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
function* inTransactions<T extends Change | Put>(changes: Iterable<T>): Generator<T[]> {
  let transaction: T[] = [];
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

function sizeOf([, entity]: Change | Put): number {
  return Buffer.byteLength(JSON.stringify(entity)) + overhead;
}

async function submit(table: TableClient, transaction: Change[]): Promise<void> {
  try {
    await table.submitTransaction(transaction);
  } catch (error) {
    // Someone else was faster with one of the entities, for which all fail: one by one, the others succeed.
    if (!isOvertaken(error)) throw error;
    for (const change of transaction) await make(table, change);
  }
}

async function make(table: TableClient, [kind, entity]: Change): Promise<void> {
  if (kind === 'upsert') await table.upsertEntity(entity, 'Replace');
  else await orAbsent(table.deleteEntity(entity.partitionKey, entity.rowKey));
}
