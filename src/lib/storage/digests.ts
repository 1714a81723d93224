import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Log } from '../log';
import type { StorageConnection } from './connection';
import { orAbsent } from './errors';
import { encodeKey } from './keys';
import { putOne } from './transactions';

const tableName = 'SyncwardenDigests';
const partitionKey = 'sink';

const ToldTarget = z.object({
  targetId: z.string(),
  /** What the target was called, and whose it was: nobody else knows once it is deleted. */
  name: z.string(),
  customer: z.string().exactOptional(),
});

const TroubleOfTarget = z.object({
  /** Empty for what is about the target as a whole. */
  control: z.string(),
  kind: z.string(),
  codes: z.array(z.string()),
  /** Since when the violations were those, and when the finding had changed last; null for anything else. */
  since: z.string().nullable(),
  changedAt: z.string().nullable(),
});

/** Something that was wrong with a target when it was told. */
export type ToldTrouble = z.infer<typeof ToldTarget> & z.infer<typeof TroubleOfTarget>;

/** A target once, with all that was wrong with it: when much is wrong with thousands of them that has to fit as well. */
const Open = z.array(ToldTarget.extend({ troubles: z.array(TroubleOfTarget) }));

/** What a sink was told, as far as the next digest has to know it: it tells what is different from then. */
const StoredTold = z.object({
  open: Open,
  /** What ends soon, with the number of days at which that was told. */
  ends: z.array(z.object({ key: z.string(), days: z.number() })),
  /** How many messages there were in the poison queue, and the ids of the first. */
  poison: z.object({ count: z.number(), messageIds: z.array(z.string()) }),
  /** Why nobody is looking, and the day (UTC) on which that was said. */
  blind: z.array(z.object({ kind: z.string(), day: z.string() })),
});
const ToldSoFar = StoredTold.transform(({ open, ...told }) => ({ ...told, open: open.flatMap(ofTarget) }));
export type ToldSoFar = z.infer<typeof ToldSoFar>;

function ofTarget({ troubles, ...target }: z.infer<typeof Open>[number]): ToldTrouble[] {
  return troubles.map((trouble) => ({ ...target, ...trouble }));
}

function byTarget(troubles: readonly ToldTrouble[]): z.infer<typeof Open> {
  const groups = Map.groupBy(troubles, ({ targetId }) => targetId);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { targetId, name, customer } = first;
    return [
      {
        ...{ targetId, name },
        ...(customer === undefined ? {} : { customer }),
        troubles: group.map(({ control, kind, codes, since, changedAt }) => ({
          ...{ control, kind, codes, since, changedAt },
        })),
      },
    ];
  });
}

/** A digest that is about to be sent. Whoever comes after a process that died sends this one, with this id, and no other. */
const Begun = z.object({
  id: z.string(),
  body: z.string(),
  counts: z.record(z.string(), z.number()),
  /** What is told when it has arrived, and up to when. */
  told: ToldSoFar,
  until: z.iso.datetime(),
});
export type Begun = z.infer<typeof Begun>;

const Scalars = z.object({
  awaitedFrom: z.iso.datetime(),
  /** Empty for never: Table Storage has no null. */
  since: z.union([z.literal(''), z.iso.datetime()]),
  /** Empty when nobody is at it. */
  leasedUntil: z.union([z.literal(''), z.iso.datetime()]),
});

/** What is kept of a sink. */
export interface SinkState {
  /** Since when it is there: what was before it had its first digest. */
  awaitedFrom: string;
  /** Up to when it was told everything; undefined where it was told nothing yet. */
  since: string | undefined;
  told: ToldSoFar | undefined;
  /** Until when somebody is sending to it. */
  leasedUntil: string | undefined;
  /** What somebody has begun to send. */
  begun: Begun | undefined;
}

/** The state of a sink, and what it takes to put another one in its place; undefined where there was none. */
export interface KeptSinkState extends SinkState {
  etag: string | undefined;
}

/** What each sink of the digest was told: a row for each. */
export class DigestTable {
  constructor(private readonly storage: StorageConnection) {}

  /**
   * What is kept of a sink; undefined for one that is new. What cannot be understood counts as nothing told, so that nothing is
   * lost: then it is told again.
   */
  async get(sink: string, log: Log): Promise<KeptSinkState | undefined> {
    const table = await this.storage.table(tableName);
    const entity = await orAbsent(table.getEntity(partitionKey, encodeKey(sink)));
    if (entity === undefined) return undefined;
    const state = stateIn(entity);
    if (state !== undefined) return { ...state, etag: entity.etag };
    log.warn('What a sink of the digest was told cannot be read, and is told again', { sink });
    const nothing = { since: undefined, told: undefined, leasedUntil: undefined, begun: undefined };
    return { awaitedFrom: new Date(0).toISOString(), ...nothing, etag: entity.etag };
  }

  /** Keeps the state of a sink in place of the one with this etag. Gives the new etag; undefined where somebody was faster. */
  async put(sink: string, state: SinkState, over: string | undefined): Promise<string | undefined> {
    const table = await this.storage.table(tableName);
    const entity = { partitionKey, rowKey: encodeKey(sink), ...toProperties(state) };
    return putOne(
      table,
      over === undefined ? ['create', entity] : ['update', entity, 'Replace', { etag: over }],
    );
  }
}

function toProperties({ awaitedFrom, since, told, leasedUntil, begun }: SinkState) {
  return {
    ...{ awaitedFrom, since: since ?? '', leasedUntil: leasedUntil ?? '' },
    ...(told === undefined ? {} : packWith('told', told.open, (open) => ({ ...told, open }))),
    ...(begun === undefined
      ? {}
      : packWith('begun', begun.told.open, (open) => ({ ...begun, told: { ...begun.told, open } }))),
  };
}

function stateIn(entity: Record<string, unknown>): SinkState | undefined {
  const scalars = Scalars.safeParse(entity).data;
  const told = ToldSoFar.optional().safeParse(unpack(entity, 'told'));
  const begun = Begun.optional().safeParse(unpack(entity, 'begun'));
  if (scalars === undefined || !told.success || !begun.success) return undefined;
  const { awaitedFrom, since, leasedUntil } = scalars;
  return {
    awaitedFrom,
    since: since === '' ? undefined : since,
    leasedUntil: leasedUntil === '' ? undefined : leasedUntil,
    told: told.data,
    begun: begun.data,
  };
}

/** A binary property holds 64 KiB; a little is kept in reserve. */
const bytesPerProperty = 60_000;

/** So many properties of one value, twice, stay below 1 MiB. */
const mostParts = 8;

/**
 * A value with these troubles in it. Where they are too many for a row the last are left out, and told again: a digest that says
 * something twice is better than none at all.
 */
function packWith(
  name: string,
  troubles: readonly ToldTrouble[],
  value: (open: z.infer<typeof Open>) => unknown,
): Record<string, Uint8Array> {
  const open = byTarget(troubles);
  for (let count = open.length; ; count = Math.floor(count * 0.8)) {
    const packed = pack(name, value(open.slice(0, count)));
    if (packed !== undefined) return packed;
    if (count === 0) throw new RangeError(`${name} is too long to be stored.`);
  }
}

/** JSON, packed: the same few codes and times come thousands of times. Undefined when it is too long all the same. */
function pack(name: string, value: unknown): Record<string, Uint8Array> | undefined {
  const bytes = gzipSync(JSON.stringify(value));
  if (bytes.length > mostParts * bytesPerProperty) return undefined;
  const parts: Record<string, Uint8Array> = {};
  for (let start = 0; start < bytes.length; start += bytesPerProperty)
    parts[`${name}${start / bytesPerProperty}`] = bytes.subarray(start, start + bytesPerProperty);
  return parts;
}

/** Null for what cannot be unpacked, which no schema takes; undefined for nothing. */
function unpack(entity: Record<string, unknown>, name: string): unknown {
  const parts: Uint8Array[] = [];
  for (let index = 0; index < mostParts; index++) {
    const part = entity[`${name}${index}`];
    if (part instanceof Uint8Array) parts.push(part);
  }
  if (parts.length === 0) return undefined;
  try {
    return JSON.parse(gunzipSync(Buffer.concat(parts)).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
