import { odata } from '@azure/data-tables';
import { z } from 'zod';
import { type ControlId, controlIds } from '../controls/control';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import {
  type FindingStatus,
  fromEntity,
  statusColumns,
  type StoredFinding,
  toEntity,
  toStatus,
} from './finding-rows';
import { readJson } from './json';
import { encodeKey } from './keys';
import { type Page, type PageRequest, readPage } from './pages';
import { StoredFindingWaiver } from './schemas';

export { findingOf, type FindingStatus, type Known, statusOf, type StoredFinding } from './finding-rows';

const tableName = 'SyncwardenFindings';

const Waived = z.object({ targetId: z.string(), control: z.enum(controlIds) });

export interface FindingFilter {
  targetId?: string | undefined;
  control?: string | undefined;
  verdict?: string | undefined;
}

/** The latest finding of every control on every target. */
export class FindingTable {
  constructor(private readonly storage: StorageConnection) {}

  async get(targetId: string, control: string): Promise<StoredFinding | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(encodeKey(targetId), encodeKey(control)));
    return entity && fromEntity(entity);
  }

  /**
   * Writes a finding, given the one that it was compared with. Gives the new etag, or undefined when someone else
   * wrote in between: compare again.
   */
  async put(
    finding: Omit<StoredFinding, 'etag'>,
    last: StoredFinding | undefined,
  ): Promise<string | undefined> {
    const table = await this.table();
    const entity = toEntity(finding);
    try {
      const written =
        last === undefined
          ? await table.createEntity(entity)
          : await table.updateEntity(entity, 'Replace', { etag: last.etag });
      return written.etag;
    } catch (error) {
      if (hasStatus(error, 409) || hasStatus(error, 412) || hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async page(filter: FindingFilter, request: PageRequest): Promise<Page<StoredFinding>> {
    return readPage(await this.table(), { filter: toQuery(filter) }, request, fromEntity);
  }

  /** Where the targets from the first to the last one stand, in the order of their ids. */
  async *statuses(firstTargetId: string, lastTargetId: string): AsyncGenerator<FindingStatus> {
    const table = await this.table();
    const [first, last] = [encodeKey(firstTargetId), encodeKey(lastTargetId)];
    const queryOptions = {
      filter: odata`PartitionKey ge ${first} and PartitionKey le ${last}`,
      select: statusColumns,
    };
    for await (const entity of table.listEntities({ queryOptions })) yield toStatus(entity);
  }

  /** Findings with a transition that is not announced yet. */
  async *pending(): AsyncGenerator<StoredFinding> {
    const table = await this.table();
    const queryOptions = { filter: 'isPending eq true' };
    for await (const entity of table.listEntities({ queryOptions })) {
      yield fromEntity(entity);
    }
  }

  /** Findings that count as accepted: which, and until when. */
  async *waived(): AsyncGenerator<{ targetId: string; control: ControlId; expiresAt: string }> {
    const table = await this.table();
    const queryOptions = { filter: 'waived eq true', select: ['targetId', 'control', 'waiver'] };
    for await (const entity of table.listEntities({ queryOptions })) {
      const { targetId, control } = Waived.parse(entity);
      const { expiresAt } = StoredFindingWaiver.parse(readJson(entity, 'waiver'));
      yield { targetId, control, expiresAt };
    }
  }

  /** Whose findings were verified from the one time to the other: target ids, one at a time and possibly repeated. */
  async *targetsVerifiedBetween(from: Date, to: Date): AsyncGenerator<string> {
    const table = await this.table();
    const filter = odata`verifiedAt ge ${from.toISOString()} and verifiedAt le ${to.toISOString()}`;
    const queryOptions = { filter, select: ['targetId'] };
    for await (const { targetId } of table.listEntities<{ targetId: string }>({ queryOptions }))
      yield targetId;
  }

  async deleteAll(targetId: string): Promise<void> {
    for await (const { control } of this.statuses(targetId, targetId)) await this.delete(targetId, control);
  }

  async delete(targetId: string, control: string): Promise<void> {
    const table = await this.table();
    await orAbsent(table.deleteEntity(encodeKey(targetId), encodeKey(control)));
  }

  private table() {
    return this.storage.table(tableName);
  }
}

function toQuery({ targetId, control, verdict }: FindingFilter): string {
  const conditions = [
    targetId === undefined ? '' : odata`PartitionKey eq ${encodeKey(targetId)}`,
    control === undefined ? '' : odata`control eq ${control}`,
    verdict === undefined ? '' : odata`verdict eq ${verdict}`,
  ];
  return conditions.filter((condition) => condition !== '').join(' and ');
}
