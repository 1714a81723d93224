import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { controlIds } from '../model/verdict';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import { deleteRows, makeChanges } from './transactions';

const tableName = 'SyncwardenState';
const partitionKey = 'state';
const ScoreProgress = z.object({ date: z.string(), lastTargetId: z.string() });

/** How far the scores of a day were sent: after a crash they go on from there. */
export type ScoreProgress = z.infer<typeof ScoreProgress>;

const Round = z.object({ at: z.string() });

/** The days stand in a partition of their own, so that a span of them is a range of keys. */
const dayPartition = 'scores';
const DayScores = z.object({
  date: z.string(),
  sum: z.number(),
  count: z.number(),
  /** They were kept before that day, by a clock that ran ahead: when it has come it is scored all the same. */
  isDoubted: z.boolean().optional(),
});

/** The scores of all targets that had one on one day (`2026-11-23`, UTC), summed up, and how many there were. */
export type DayScores = z.infer<typeof DayScores>;

/** So do the nights, a row for each control. */
const nightPartition = 'nights';
const KeptNight = z.object({
  control: z.enum(controlIds),
  /** The schedule that it was dispatched by. */
  schedule: z.string(),
  at: z.iso.datetime(),
  /** When it was due: earlier than that where others before it have not come. */
  due: z.iso.datetime(),
});

/** When the visits of a control were last put into the queue by its timer; before the first time, since when that is waited for. */
export type KeptNight = z.infer<typeof KeptNight>;

/** Small marks that the app leaves for itself, and the scores of each day. */
export class StateTable {
  constructor(private readonly storage: StorageConnection) {}

  async scoreProgress(): Promise<ScoreProgress | undefined> {
    const table = await this.storage.table(tableName);
    const entity = await orAbsent(table.getEntity(partitionKey, 'score'));
    // Without it the scores of the day are sent again.
    return ScoreProgress.safeParse(entity).data;
  }

  async setScoreProgress(progress: ScoreProgress): Promise<void> {
    const table = await this.storage.table(tableName);
    await table.upsertEntity({ partitionKey, rowKey: 'score', ...progress }, 'Replace');
  }

  /** When the watchdog has last looked at every target; undefined if never, or where that cannot be understood. */
  async lastRound(): Promise<string | undefined> {
    const table = await this.storage.table(tableName);
    return Round.safeParse(await orAbsent(table.getEntity(partitionKey, 'round'))).data?.at;
  }

  async setLastRound(at: Date): Promise<void> {
    const table = await this.storage.table(tableName);
    await table.upsertEntity({ partitionKey, rowKey: 'round', at: at.toISOString() }, 'Replace');
  }

  /** Keeps the scores of a day. What is there already stays, unless it is doubted: the first to come has counted that day. */
  async addDayScores(day: DayScores): Promise<void> {
    const table = await this.storage.table(tableName);
    const entity = { partitionKey: dayPartition, rowKey: day.date, ...day };
    const last = await orAbsent(table.getEntity(dayPartition, day.date));
    try {
      if (last === undefined) await table.createEntity(entity);
      else if (isDoubtful(last)) await table.updateEntity(entity, 'Replace', { etag: last.etag });
    } catch (error) {
      if (!hasStatus(error, 409) && !hasStatus(error, 412)) throw error;
    }
  }

  /** Has the scores of a day taken anew when it comes. Nothing is lost: should it be this clock that is wrong, they stay as they are. */
  async doubt({ date }: DayScores): Promise<void> {
    const table = await this.storage.table(tableName);
    await orAbsent(
      table.updateEntity({ partitionKey: dayPartition, rowKey: date, isDoubted: true }, 'Merge'),
    );
  }

  /** The days from the first to the last one that were scored, oldest first; without those that cannot be understood. */
  async dayScores(first: string, last: string): Promise<DayScores[]> {
    const table = await this.storage.table(tableName);
    const filter = odata`PartitionKey eq ${dayPartition} and RowKey ge ${first} and RowKey le ${last}`;
    const days: DayScores[] = [];
    for await (const entity of table.listEntities({ queryOptions: { filter } })) {
      const day = DayScores.safeParse(entity);
      if (day.success) days.push(day.data);
    }
    return days;
  }

  /** The last night of each control, without what cannot be understood. */
  async nights(): Promise<KeptNight[]> {
    const table = await this.storage.table(tableName);
    const queryOptions = { filter: odata`PartitionKey eq ${nightPartition}` };
    const nights: KeptNight[] = [];
    for await (const entity of table.listEntities({ queryOptions })) {
      const night = KeptNight.safeParse(entity);
      if (night.success) nights.push(night.data);
    }
    return nights;
  }

  /** Keeps that a night of these controls has begun. */
  async setNights(nights: readonly KeptNight[]): Promise<void> {
    const table = await this.storage.table(tableName);
    await makeChanges(
      table,
      nights.map((night) => [
        'upsert',
        { partitionKey: nightPartition, rowKey: night.control, ...night },
        'Replace',
      ]),
    );
  }

  /** Removes the scores of the days before this one. Gives how many. */
  async removeDayScoresBefore(date: string): Promise<number> {
    const table = await this.storage.table(tableName);
    const filter = odata`PartitionKey eq ${dayPartition} and RowKey lt ${date}`;
    return deleteRows(table, filter);
  }
}

/** Whether the scores of a day are to be taken anew: also where they cannot be understood. */
function isDoubtful(entity: unknown): boolean {
  const day = DayScores.safeParse(entity);
  return !day.success || day.data.isDoubted === true;
}
