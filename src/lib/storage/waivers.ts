import { odata, type TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import { type ControlId, controlIds } from '../model/verdict';
import { type StoredWaiver, type Waiver, waiverOf, type WaiverRecord } from '../model/waiver';
import type { StorageConnection } from './connection';
import { hasStatus, isOvertaken, orAbsent } from './errors';
import { parseJson, writeJson } from './json';
import { encodeKey, rowsOf } from './keys';
import { type Page, type PageRequest, readPage } from './pages';
import { packPins, unpackPins } from './pins';
import { deleteRows } from './transactions';
import { nameOf, readOrTold, readRows, type Told, understood } from './unreadable';

const tableName = 'SyncwardenWaivers';

type Entity = TableEntityResult<Record<string, unknown>>;

const Scalars = z.object({
  targetId: z.string(),
  control: z.enum(controlIds),
  by: z.string(),
  byObjectId: z.string(),
  reason: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  controlVersion: z.number(),
  pinned: z.number(),
  subject: z.string(),
  remindedOn: z.string(),
});
const Codes = z.array(z.string()).optional();
const Salt = z.object({ salt: z.string() });

/** Everything but the pins, of which there may be many. */
const recordColumns = ['PartitionKey', 'RowKey', ...Object.keys(Scalars.shape), 'codes'];

/** The accepted risks: one partition per target, one row per control. */
export class WaiverTable {
  constructor(private readonly storage: StorageConnection) {}

  /** @throws {UnreadableError} when it is there and cannot be understood. */
  async get(targetId: string, control: string): Promise<StoredWaiver | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(encodeKey(targetId), encodeKey(control)));
    return entity && fromEntity(entity);
  }

  /** A waiver, undefined also where it cannot be understood, of which `told` hears: then nothing is accepted. */
  async find(targetId: string, control: string, told: Told): Promise<StoredWaiver | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(encodeKey(targetId), encodeKey(control)));
    return entity && readOrTold(told, () => fromEntity(entity));
  }

  /**
   * The waivers of these controls on a target by their control: one query. Without those that cannot be understood, of which
   * `told` hears: then nothing is accepted.
   */
  async findAll(
    targetId: string,
    controls: readonly ControlId[],
    told: Told,
  ): Promise<Map<ControlId, StoredWaiver>> {
    const table = await this.table();
    const rows = table.listEntities({ queryOptions: { filter: rowsOf(targetId, controls) } });
    const found = new Map<ControlId, StoredWaiver>();
    for await (const waiver of readRows(rows, told, fromEntity)) found.set(waiver.control, waiver);
    return found;
  }

  /** Creates or replaces a waiver, whatever its etag: the last word counts. Gives whether there was none. */
  async put(waiver: StoredWaiver): Promise<{ created: boolean }> {
    const table = await this.table();
    const entity = toEntity(waiver);
    for (;;) {
      const last = await orAbsent(
        table.getEntity(entity.partitionKey, entity.rowKey, { queryOptions: keys }),
      );
      try {
        if (last === undefined) await table.createEntity(entity);
        else await table.updateEntity(entity, 'Replace', { etag: last.etag });
        return { created: last === undefined };
      } catch (error) {
        if (!isOvertaken(error)) throw error;
      }
    }
  }

  /** Leaves only these pins of a waiver, or removes one that has none left. Does nothing when someone else has written it. */
  async shrink(waiver: StoredWaiver, pins: ReadonlySet<string>): Promise<void> {
    const table = await this.table();
    const { etag } = waiver;
    const entity = toEntity({ ...waiver, pins, pinned: pins.size });
    try {
      if (pins.size > 0) await table.updateEntity(entity, 'Replace', { etag });
      else await table.deleteEntity(entity.partitionKey, entity.rowKey, { etag });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }

  /** Notes that the end of a waiver was announced on this day, unless someone else has written it. */
  markReminded(waiver: WaiverRecord, day: string): Promise<void> {
    return this.merge(waiver, { remindedOn: day });
  }

  /** Gives a waiver another time at which it was made, unless someone else has written it. */
  redate(waiver: WaiverRecord, createdAt: string): Promise<void> {
    return this.merge(waiver, { createdAt });
  }

  private async merge(
    { targetId, control, etag }: WaiverRecord,
    news: Record<string, string>,
  ): Promise<void> {
    const table = await this.table();
    const keysOfRow = { partitionKey: encodeKey(targetId), rowKey: encodeKey(control) };
    try {
      await table.updateEntity({ ...keysOfRow, ...news }, 'Merge', { etag });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }

  /** Gives false when there was none. */
  async delete(targetId: string, control: string): Promise<boolean> {
    const table = await this.table();
    try {
      await table.deleteEntity(encodeKey(targetId), encodeKey(control));
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  async deleteAll(targetId: string): Promise<void> {
    await deleteRows(await this.table(), ofTarget(targetId));
  }

  async page(targetId: string, request: PageRequest): Promise<Page<Waiver>> {
    const query = { filter: ofTarget(targetId), select: recordColumns };
    return readPage(await this.table(), query, request, (entity) => waiverOf(recordOf(entity)));
  }

  /** Every waiver, of one target or of all, also those that have ended. */
  async *all(told: Told, targetId?: string): AsyncGenerator<Waiver> {
    const table = await this.table();
    const filter = targetId === undefined ? '' : ofTarget(targetId);
    const rows = table.listEntities({ queryOptions: { filter, select: recordColumns } });
    yield* readRows(rows, told, (entity) => waiverOf(recordOf(entity)));
  }

  /** Waivers that end after `from`, and not after `to`. */
  async *endingBetween(from: Date, to: Date, told: Told): AsyncGenerator<WaiverRecord> {
    const table = await this.table();
    const filter = odata`expiresAt gt ${from.toISOString()} and expiresAt le ${to.toISOString()}`;
    const rows = table.listEntities({ queryOptions: { filter, select: recordColumns } });
    yield* readRows(rows, told, recordOf);
  }

  private table() {
    return this.storage.table(tableName);
  }
}

const keys = { select: ['PartitionKey', 'RowKey'] };

function ofTarget(targetId: string): string {
  return odata`PartitionKey eq ${encodeKey(targetId)}`;
}

function toEntity({ pins, codes, etag, ...scalars }: StoredWaiver) {
  return {
    partitionKey: encodeKey(scalars.targetId),
    rowKey: encodeKey(scalars.control),
    ...scalars,
    ...(codes === undefined ? {} : writeJson('codes', codes)),
    ...packPins(pins),
  };
}

function recordOf(entity: Entity): WaiverRecord {
  return understood(
    () => aboutWaiver(entity),
    () => {
      const scalars = Scalars.parse(entity, { reportInput: true });
      const codes = parseJson(Codes, entity, 'codes');
      return { ...scalars, ...(codes === undefined ? {} : { codes }), etag: entity.etag };
    },
  );
}

function aboutWaiver({ partitionKey = '', rowKey = '' }: Entity) {
  const [targetId, control] = [nameOf(partitionKey), nameOf(rowKey)];
  return {
    targetId,
    control,
    what: `The accepted risk ${control} of ${targetId}`,
    remedy: 'Nothing is accepted by it: accept it again, or take it back.',
  };
}

function fromEntity(entity: Entity): StoredWaiver {
  const { salt } = understood(
    () => aboutWaiver(entity),
    () => Salt.parse(entity, { reportInput: true }),
  );
  return { ...recordOf(entity), salt, pins: unpackPins(entity) };
}
