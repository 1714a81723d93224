import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TableClient } from '@azure/data-tables';
import {
  BackupError,
  type EntityCounts,
  isKept,
  type KeptEntity,
  keptEntity,
  Line,
  parsed,
  sum,
  type Tables,
} from './backup-format';
import { type Change, makeChanges } from './transactions';

/**
 * Puts a backup back into tables that are not there, are empty, or hold what an earlier attempt with the same file has put
 * there before it was killed: that is left as it is, and the rest is added. The whole file, and all that is in the tables, is
 * looked at before anything is written.
 * @param open gives the file from its beginning; it is read several times.
 * @param found is told how many entities of each table were there already.
 * @throws {BackupError} when the file is no whole backup, or a table holds anything that is not in it.
 */
export async function restore(
  tables: Tables,
  open: () => Readable,
  found: Record<string, number> = {},
): Promise<EntityCounts> {
  const counts = await countsOf(open());
  const names = new Set(Object.keys(counts));
  for (const name of names) await tables.client(name).createTable();
  for await (const name of tables.names()) if (isKept(name)) names.add(name);
  for (const name of names) {
    let missing = 0;
    for await (const _entity of missingIn(tables.client(name), name, open())) missing++;
    found[name] = (counts[name] ?? 0) - missing;
  }
  for (const name of Object.keys(counts)) {
    const table = tables.client(name);
    for await (const changes of inPortions(missingIn(table, name, open()))) await makeChanges(table, changes);
  }
  return counts;
}

/** How many entities of each table a file holds. @throws {BackupError} */
async function countsOf(file: Readable): Promise<EntityCounts> {
  const counts: Record<string, number> = {};
  let [number, isWhole] = [0, false];
  for await (const text of createInterface({ input: file })) {
    number++;
    const line = Line.safeParse(parsed(text));
    if (!line.success || isWhole || 'format' in line.data !== (number === 1)) {
      throw new BackupError(`Line ${number} of the file is not one of a backup.`);
    }
    if ('table' in line.data) counts[line.data.table] = (counts[line.data.table] ?? 0) + 1;
    if ('end' in line.data) isWhole = line.data.entities === sum(counts);
  }
  if (!isWhole)
    throw new BackupError('The file is not whole: its last line is missing, or counts something else.');
  return counts;
}

/**
 * The entities of a file that are not in the table yet. Both come in the order of their keys, so that neither has to be
 * held in memory; and what is added while this goes on lies before all that is still to be listed.
 * @throws {BackupError} at the end, when the table holds one that is not in the file, or not as it is there.
 */
async function* missingIn(table: TableClient, name: string, file: Readable): AsyncGenerator<KeptEntity> {
  const there = table.listEntities({ disableTypeConversion: true });
  let next = await there.next();
  for await (const entity of rowsOf(file, name)) {
    if (next.done !== true && isSame(keptEntity(next.value), entity)) next = await there.next();
    else yield entity;
  }
  if (next.done === true) return;
  const { partitionKey = '', rowKey = '' } = next.value;
  throw new BackupError(
    `Table ${name} is not empty: "${partitionKey}", "${rowKey}" is not in this file, or not as it is there. Nothing is written over what is there, and nothing was written now. A backup goes into an account without such data, or into one where putting back the same file has ended early and nothing else has written since.`,
  );
}

function isSame(kept: Record<string, unknown>, entity: KeptEntity): boolean {
  const names = Object.keys(kept);
  return (
    names.length === Object.keys(entity).length &&
    names.every((name) => JSON.stringify(kept[name]) === JSON.stringify(entity[name]))
  );
}

async function* rowsOf(file: Readable, table: string): AsyncGenerator<KeptEntity> {
  for await (const text of createInterface({ input: file })) {
    const line = Line.parse(parsed(text));
    if ('table' in line && line.table === table) yield doubted(line.entity);
  }
}

/**
 * A finding vouches for its rows by a digest. In a backup they may be of different moments, so it no longer does: the
 * next audit compares the rows, and mends them.
 */
function doubted(entity: KeptEntity): KeptEntity {
  return 'resourcesDigest' in entity ? { ...entity, resourcesDigest: '' } : entity;
}

/** How many entities are held in memory at once. */
const portion = 1000;

async function* inPortions(entities: AsyncIterable<KeptEntity>): AsyncGenerator<Change[]> {
  let changes: Change[] = [];
  for await (const entity of entities) {
    changes.push(['upsert', entity, 'Replace']);
    if (changes.length < portion) continue;
    yield changes;
    changes = [];
  }
  if (changes.length > 0) yield changes;
}
