import { z } from 'zod';
import type { StorageConnection } from './connection';
import { orAbsent } from './errors';

const tableName = 'SyncwardenState';
const partitionKey = 'state';
const ScoreProgress = z.object({ date: z.string(), lastTargetId: z.string() });

/** How far the scores of a day were sent: after a crash they go on from there. */
export type ScoreProgress = z.infer<typeof ScoreProgress>;

/** Small marks that the app leaves for itself. */
export class StateTable {
  constructor(private readonly storage: StorageConnection) {}

  async scoreProgress(): Promise<ScoreProgress | undefined> {
    const table = await this.storage.table(tableName);
    const entity = await orAbsent(table.getEntity(partitionKey, 'score'));
    return entity && ScoreProgress.parse(entity);
  }

  async setScoreProgress(progress: ScoreProgress): Promise<void> {
    const table = await this.storage.table(tableName);
    await table.upsertEntity({ partitionKey, rowKey: 'score', ...progress }, 'Replace');
  }
}
