import { odata, type TableEntityResult } from '@azure/data-tables';
import { z } from 'zod';
import { definitionOf, Dispute, KeptTarget, type StoredTarget, type Target } from '../target';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import { cutToFit, readJson, writeJson } from './json';
import { encodeKey } from './keys';
import { largestPage, type Page, type PageRequest, readPage } from './pages';

const tableName = 'SyncwardenTargets';

/** All targets stand in one partition: there are thousands, and they are mostly listed. */
const partitionKey = 'target';

/** What was learnt about the service account, beside the definition. */
const Learnt = z.object({
  serviceAccountId: z.string().exactOptional(),
  serviceAccountUpn: z.string().exactOptional(),
});

const Entity = Learnt.extend({ createdAt: z.string(), updatedAt: z.string() });

/** The watched targets. */
export class TargetTable {
  constructor(private readonly storage: StorageConnection) {}

  async get(targetId: string): Promise<StoredTarget | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(partitionKey, encodeKey(targetId)));
    return entity && fromEntity(entity);
  }

  async page(request: PageRequest): Promise<Page<StoredTarget>> {
    return readPage(
      await this.table(),
      { filter: odata`PartitionKey eq ${partitionKey}` },
      request,
      fromEntity,
    );
  }

  /** Every target, page by page. */
  async *all(): AsyncGenerator<StoredTarget[]> {
    let continuation: string | undefined;
    do {
      const page = await this.page({ continuation, limit: largestPage });
      yield page.items;
      continuation = page.continuation;
    } while (continuation !== undefined);
  }

  /**
   * Creates or replaces a target's definition. What was learnt about the service account is kept while it is the same
   * account, and what is in dispute while it is the same application. Gives what was there before, if anything.
   */
  async put(
    target: Target,
    now: Date,
  ): Promise<{ stored: StoredTarget; previous: StoredTarget | undefined }> {
    const table = await this.table();
    const key = encodeKey(target.targetId);
    for (;;) {
      const entity = await orAbsent(table.getEntity(partitionKey, key));
      const previous = entity && fromEntity(entity);
      const updatedAt = timeOf(now, previous);
      const stored: StoredTarget = {
        ...target,
        ...(previous !== undefined && isSameAccount(previous, target) ? Learnt.parse(previous) : {}),
        ...(previous !== undefined && isSameApplication(previous, target) ? disputesOf(previous) : {}),
        ...{ createdAt: previous?.createdAt ?? updatedAt, updatedAt },
      };
      try {
        if (entity === undefined) await table.createEntity(toEntity(stored));
        else await table.updateEntity(toEntity(stored), 'Replace', { etag: entity.etag });
        return { stored, previous };
      } catch (error) {
        // Someone else was faster: look again at what is there now.
        if (!hasStatus(error, 409) && !hasStatus(error, 412) && !hasStatus(error, 404)) throw error;
      }
    }
  }

  /** Remembers who the service account is, unless the definition has changed since it was read. */
  learnServiceAccountId(
    target: StoredTarget,
    serviceAccountId: string,
    serviceAccountUpn?: string,
  ): Promise<void> {
    const upn = serviceAccountUpn === undefined ? {} : { serviceAccountUpn };
    return this.learn(target, { serviceAccountId, ...upn });
  }

  /** Remembers what is in dispute about rooms, in place of what was, unless the definition has changed since it was read. */
  learnDisputes(target: StoredTarget, disputes: readonly Dispute[]): Promise<void> {
    // In one property: where there were more, a shorter list would not replace the rest. Hundreds fit, which is enough to be open.
    return this.learn(target, writeJson('disputes', cutToFit({ disputes }).disputes));
  }

  private async learn({ targetId, updatedAt }: StoredTarget, news: Record<string, string>): Promise<void> {
    const table = await this.table();
    const rowKey = encodeKey(targetId);
    for (;;) {
      const entity = await orAbsent(table.getEntity(partitionKey, rowKey));
      if (entity === undefined || fromEntity(entity).updatedAt !== updatedAt) return;
      try {
        await table.updateEntity({ partitionKey, rowKey, ...news }, 'Merge', { etag: entity.etag });
        return;
      } catch (error) {
        if (hasStatus(error, 404)) return;
        // Changed in this very moment, perhaps by another control that has learnt something else: look again.
        if (!hasStatus(error, 412)) throw error;
      }
    }
  }

  /** Gives false when there was no such target. */
  async delete(targetId: string): Promise<boolean> {
    const table = await this.table();
    try {
      await table.deleteEntity(partitionKey, encodeKey(targetId));
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  private table() {
    return this.storage.table(tableName);
  }
}

/** So many milliseconds may a definition be dated later than it was put. What is later was dated by a clock that was wrong. */
const mostAheadMs = 1000;

/** Definitions are told apart by their times, so that no two of a target may have the same. */
function timeOf(now: Date, previous: StoredTarget | undefined): string {
  const aheadMs = Date.parse(previous?.updatedAt ?? '') - now.getTime();
  const isTaken = aheadMs >= 0 && aheadMs < mostAheadMs;
  return new Date(now.getTime() + (isTaken ? aheadMs + 1 : 0)).toISOString();
}

function isSameAccount(a: Target, b: Target): boolean {
  return a.tenantId === b.tenantId && a.serviceAccount?.toLowerCase() === b.serviceAccount?.toLowerCase();
}

function isSameApplication(a: Target, b: Target): boolean {
  return a.tenantId === b.tenantId && a.clientAppId === b.clientAppId;
}

function disputesOf({ disputes }: StoredTarget): Pick<StoredTarget, 'disputes'> {
  return disputes === undefined ? {} : { disputes };
}

function toEntity(stored: StoredTarget) {
  const { disputes } = stored;
  return {
    partitionKey,
    rowKey: encodeKey(stored.targetId),
    ...Entity.parse(stored),
    ...writeJson('definition', definitionOf(stored)),
    ...(disputes === undefined ? {} : writeJson('disputes', disputes)),
  };
}

function fromEntity(entity: TableEntityResult<Record<string, unknown>>): StoredTarget {
  const disputes = z.array(Dispute).optional().parse(readJson(entity, 'disputes'));
  return {
    ...KeptTarget.parse(readJson(entity, 'definition')),
    ...Entity.parse(entity),
    ...(disputes === undefined ? {} : { disputes }),
  };
}
