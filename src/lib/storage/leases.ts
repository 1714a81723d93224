import { z } from 'zod';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import { encodeKey } from './keys';

const tableName = 'SyncwardenLeases';
const rowKey = 'remediation';
const Lease = z.object({ owner: z.string(), expiresAt: z.string() });

/** Who may write to a target at the moment. A lease outlives the process that took it, and ends by itself. */
export class LeaseTable {
  constructor(private readonly storage: StorageConnection) {}

  /** Takes the lease of a target. Gives false while someone else holds it. */
  async acquire(targetId: string, owner: string, now: Date, milliseconds: number): Promise<boolean> {
    const table = await this.storage.table(tableName);
    const partitionKey = encodeKey(targetId);
    const entity = {
      partitionKey,
      rowKey,
      owner,
      expiresAt: new Date(now.getTime() + milliseconds).toISOString(),
    };
    const held = await orAbsent(table.getEntity(partitionKey, rowKey));
    try {
      if (held === undefined) await table.createEntity(entity);
      else if (Date.parse(Lease.parse(held).expiresAt) > now.getTime()) return false;
      else await table.updateEntity(entity, 'Replace', { etag: held.etag });
      return true;
    } catch (error) {
      // Someone else was faster.
      if (hasStatus(error, 409) || hasStatus(error, 412) || hasStatus(error, 404)) return false;
      throw error;
    }
  }

  /** Gives the lease back, unless it has gone to someone else meanwhile. */
  async release(targetId: string, owner: string): Promise<void> {
    const table = await this.storage.table(tableName);
    const partitionKey = encodeKey(targetId);
    const held = await orAbsent(table.getEntity(partitionKey, rowKey));
    if (held === undefined || Lease.parse(held).owner !== owner) return;
    try {
      await table.deleteEntity(partitionKey, rowKey, { etag: held.etag });
    } catch (error) {
      if (!hasStatus(error, 412) && !hasStatus(error, 404)) throw error;
    }
  }
}
