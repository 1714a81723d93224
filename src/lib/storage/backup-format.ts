import type { TableClient } from '@azure/data-tables';
import * as z from 'zod';

/** The tables of one storage account. */
export interface Tables {
  /** Names of all that are there. */
  names(): AsyncIterable<string>;
  /** The table of this name; it need not be there. */
  client(name: string): TableClient;
}

/** What a backup, or a restore, came to: entities by table. */
export type EntityCounts = Readonly<Record<string, number>>;

/** A file that is no backup, or not a whole one, or tables that hold something else. Nothing has been written then. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Who is at work right now is no use later. */
const passing = ['SyncwardenLeases'];
const ours = /^Syncwarden[A-Z][A-Za-z]+$/;

/** Whether a table is part of a backup. */
export function isKept(name: string): boolean {
  return ours.test(name) && !passing.includes(name);
}

/** A value that JSON has no type for, as the service writes it. */
const Typed = z.strictObject({
  type: z.enum(['Int64', 'DateTime', 'Guid', 'Binary', 'Double']),
  value: z.string(),
});

/** An entity as it stands in a file: without what the service adds, and plain where JSON has the type. */
export const KeptEntity = z
  .object({ partitionKey: z.string(), rowKey: z.string() })
  .catchall(z.union([z.string(), z.number(), z.boolean(), Typed]));
export type KeptEntity = z.infer<typeof KeptEntity>;

const Head = z.strictObject({
  format: z.literal('syncwarden-tables'),
  version: z.literal(1),
  takenAt: z.iso.datetime(),
});
const Row = z.strictObject({ table: z.string().regex(ours), entity: KeptEntity });
/** Stands last: a file without it was cut off. */
const Tail = z.strictObject({ end: z.literal(true), entities: z.number() });

/** One line of a file. */
export const Line = z.union([Head, Row, Tail]);

/** A line as JSON; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** An entity of a table as it is kept. @param entity was listed with `disableTypeConversion`. */
export function keptEntity({ etag: _etag, timestamp: _timestamp, ...entity }: Record<string, unknown>) {
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

/** Entities of all tables. */
export function sum(counts: EntityCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
