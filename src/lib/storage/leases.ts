import * as z from 'zod';
import type { StorageConnection } from './connection';
import { isOvertaken, orAbsent } from './errors';
import { encodeKey } from './keys';
import { understood } from './unreadable';

const tableName = 'SyncwardenLeases';
const rowKey = 'remediation';
const Lease = z.object({ owner: z.string(), expiresAt: z.string() });

/** A lease as somebody else has it. */
export interface SeenLease extends z.infer<typeof Lease> {
  /** Changes whenever the lease is renewed. */
  etag: string;
}

/** Who may write to a target at the moment. A lease outlives the process that took it, and ends by itself. */
export class LeaseTable {
  constructor(private readonly storage: StorageConnection) {}

  /** The lease of a target, also one that has ended and was never given back. */
  async get(targetId: string): Promise<SeenLease | undefined> {
    const table = await this.storage.table(tableName);
    const entity = await orAbsent(table.getEntity(encodeKey(targetId), rowKey));
    if (entity === undefined) return undefined;
    const lease = understood(
      () => ({
        targetId,
        what: `The lease of ${targetId}`,
        remedy: `Remove its row from the table ${tableName}.`,
      }),
      () => Lease.parse(entity, { reportInput: true }),
    );
    return { ...lease, etag: entity.etag };
  }

  /** Takes the lease of a target, in place of the one that was seen there. Gives false when someone else was faster. */
  async acquire(
    targetId: string,
    owner: string,
    now: Date,
    milliseconds: number,
    seen?: SeenLease,
  ): Promise<boolean> {
    const table = await this.storage.table(tableName);
    const entity = { partitionKey: encodeKey(targetId), rowKey, owner, expiresAt: endOf(now, milliseconds) };
    try {
      if (seen === undefined) await table.createEntity(entity);
      else await table.updateEntity(entity, 'Replace', { etag: seen.etag });
      return true;
    } catch (error) {
      if (isOvertaken(error)) return false;
      throw error;
    }
  }

  /** Lets a lease end later. Gives false when it is no longer the owner's, however it ended. */
  async renew(targetId: string, owner: string, now: Date, milliseconds: number): Promise<boolean> {
    const table = await this.storage.table(tableName);
    for (;;) {
      const held = await this.get(targetId);
      if (held?.owner !== owner) return false;
      const entity = {
        partitionKey: encodeKey(targetId),
        rowKey,
        owner,
        expiresAt: endOf(now, milliseconds),
      };
      try {
        await table.updateEntity(entity, 'Replace', { etag: held.etag });
        return true;
      } catch (error) {
        // Whoever was faster: it may have been the owner itself.
        if (!isOvertaken(error)) throw error;
      }
    }
  }

  /** Gives the lease back, unless it has gone to someone else meanwhile. */
  async release(targetId: string, owner: string): Promise<void> {
    const table = await this.storage.table(tableName);
    const held = await this.get(targetId);
    if (held?.owner !== owner) return;
    try {
      await table.deleteEntity(encodeKey(targetId), rowKey, { etag: held.etag });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
}

function endOf(now: Date, milliseconds: number): string {
  return new Date(now.getTime() + milliseconds).toISOString();
}
