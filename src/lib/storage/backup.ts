import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TableClient, TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import { type Change, makeChanges } from './transactions';

/** The tables of one storage account. */
export interface Tables {
  /** Names of all that are there. */
  names(): AsyncIterable<string>;
  /** The table of this name; it need not be there. */
  client(name: string): TableClient;
}

/** What a backup, or a restore, came to: entities by table. */
export type EntityCounts = Readonly<Record<string, number>>;

/** A file that is no backup, or not a whole one, or tables that are not empty. Nothing has been written then. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Who is at work right now is no use later. */
const passing = ['SyncwardenLeases'];
const ours = /^Syncwarden[A-Z][A-Za-z]+$/;

/** A value that JSON has no type for, as the service writes it. */
const Typed = z.strictObject({
  type: z.enum(['Int64', 'DateTime', 'Guid', 'Binary', 'Double']),
  value: z.string(),
});
const Entity = z
  .object({ partitionKey: z.string(), rowKey: z.string() })
  .catchall(z.union([z.string(), z.number(), z.boolean(), Typed]));

const Head = z.strictObject({
  format: z.literal('syncwarden-tables'),
  version: z.literal(1),
  takenAt: z.iso.datetime(),
});
const Row = z.strictObject({ table: z.string().regex(ours), entity: Entity });
/** Stands last: a file without it was cut off. */
const Tail = z.strictObject({ end: z.literal(true), entities: z.number() });
const Line = z.union([Head, Row, Tail]);

/**
 * All entities of all tables, one line of JSON each, with a first line that says what this is and a last one that says how
 * many there were. Nothing is locked meanwhile: what changes during the backup may be in it or not.
 * @param counts is told how many entities of each table there are.
 */
export async function* backupLines(
  tables: Tables,
  now: Date,
  counts: Record<string, number>,
): AsyncGenerator<string> {
  yield JSON.stringify({ format: 'syncwarden-tables', version: 1, takenAt: now.toISOString() });
  for await (const name of tables.names()) {
    if (!ours.test(name) || passing.includes(name)) continue;
    counts[name] = 0;
    for await (const entity of tables.client(name).listEntities({ disableTypeConversion: true })) {
      yield JSON.stringify({ table: name, entity: keptEntity(entity) });
      counts[name]++;
    }
  }
  yield JSON.stringify({ end: true, entities: sum(counts) });
}

/**
 * Puts a backup back into tables that are empty, or not there. The whole file is looked at before anything is written.
 * @param open gives the file from its beginning; it is read twice.
 * @throws {BackupError} when the file is no whole backup, or one of its tables is not empty.
 */
export async function restore(tables: Tables, open: () => Readable): Promise<EntityCounts> {
  const counts = await countsOf(open());
  for (const name of Object.keys(counts)) await requireEmpty(tables.client(name), name);
  for (const name of Object.keys(counts)) {
    const table = tables.client(name);
    for await (const changes of inPortions(rowsOf(open(), name))) await makeChanges(table, changes);
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

/** Makes a table that is not there. @throws {BackupError} when it is there and holds anything. */
async function requireEmpty(table: TableClient, name: string): Promise<void> {
  await table.createTable();
  for await (const _entity of table.listEntities({ queryOptions: { select: ['PartitionKey'] } })) {
    throw new BackupError(
      `Table ${name} is not empty. A backup goes into an account that has none of these rows.`,
    );
  }
}

async function* rowsOf(file: Readable, table: string): AsyncGenerator<TableEntity> {
  for await (const text of createInterface({ input: file })) {
    const line = Line.parse(parsed(text));
    if ('table' in line && line.table === table) yield doubted(line.entity);
  }
}

/**
 * A finding vouches for its rows by a digest. In a backup they may be of different moments, so it no longer does: the
 * next audit compares the rows, and mends them.
 */
function doubted(entity: TableEntity): TableEntity {
  return 'resourcesDigest' in entity ? { ...entity, resourcesDigest: '' } : entity;
}

/** How many entities are held in memory at once. */
const portion = 1000;

async function* inPortions(entities: AsyncIterable<TableEntity>): AsyncGenerator<Change[]> {
  let changes: Change[] = [];
  for await (const entity of entities) {
    changes.push(['upsert', entity, 'Replace']);
    if (changes.length < portion) continue;
    yield changes;
    changes = [];
  }
  if (changes.length > 0) yield changes;
}

/** An entity as it is kept: without what the service adds, and plain where JSON has the type. */
function keptEntity({ etag: _etag, timestamp: _timestamp, ...entity }: Record<string, unknown>): unknown {
  return Object.fromEntries(Object.entries(entity).map(([name, value]) => [name, kept(value)]));
}

function kept(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('type' in given) || !('value' in given)) return given;
  const { type, value } = given;
  if (type === 'String') return value;
  if (type === 'Boolean') return String(value) === 'true';
  if (type === 'Int32') return Number(value);
  return { type, value: String(value) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function sum(counts: EntityCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
