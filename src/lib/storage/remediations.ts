import { odata, type TableEntityResult } from '@azure/data-tables';
import { Remediation } from '../model/remediation';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import { toQuery } from './history-rows';
import { parseJson, writeJson } from './json';
import { encodeKey, newestFirst } from './keys';
import { type Page, type PageRequest, readPage } from './pages';
import { nameOf, readRows, refuse, type Told, understood } from './unreadable';

const tableName = 'SyncwardenRemediations';

/** A remediation was to be changed that has ended: what is verified or failed stays as it is. */
export class EndedError extends Error {
  override readonly name = 'EndedError';
}

/** What was done to tenants, by whom, with before and after. Newest first; kept when the target goes. */
export class RemediationTable {
  constructor(private readonly storage: StorageConnection) {}

  async create(remediation: Remediation): Promise<void> {
    await (await this.table()).createEntity(toEntity(remediation));
  }

  /**
   * Writes a remediation as it now is.
   * @throws {EndedError} when it has ended already.
   */
  async update(remediation: Remediation): Promise<void> {
    const table = await this.table();
    const { targetId, remediationId } = remediation;
    for (;;) {
      const known = await table.getEntity(encodeKey(targetId), rowKeyOf(remediationId));
      const { status } = fromEntity(known);
      if (status === 'verified' || status === 'failed') {
        throw new EndedError(`The remediation ${remediationId} has ended and cannot be changed.`);
      }
      try {
        await table.updateEntity(toEntity(remediation), 'Replace', { etag: known.etag });
        return;
      } catch (error) {
        // Someone else was faster, and may have ended it.
        if (!hasStatus(error, 412)) throw error;
      }
    }
  }

  async get(targetId: string, remediationId: string): Promise<Remediation | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(encodeKey(targetId), rowKeyOf(remediationId)));
    return entity && fromEntity(entity);
  }

  async page(targetId: string, request: PageRequest): Promise<Page<Remediation>> {
    const filter = odata`PartitionKey eq ${encodeKey(targetId)}`;
    return readPage(await this.table(), { filter }, request, fromEntity);
  }

  /**
   * Every remediation that began from `from` on and, if told, before `to`, of one target or of all, also of those that are gone:
   * target by target, and of each the newest first.
   */
  async *range(from: Date, to: Date | undefined, told: Told, targetId?: string): AsyncGenerator<Remediation> {
    const table = await this.table();
    // Keys begin with the time here as they do in the history.
    const queryOptions = { filter: toQuery(targetId, { from, to }) };
    yield* readRows(table.listEntities({ queryOptions }), told, fromEntity);
  }

  /** Those of a target in this state, newest first. */
  async withStatus(targetId: string, status: Remediation['status'], told: Told): Promise<Remediation[]> {
    return this.list(odata`PartitionKey eq ${encodeKey(targetId)} and status eq ${status}`, told);
  }

  /** Those of every target that are at work, were when their process died, or have ended without proof. */
  async withoutProof(told: Told): Promise<Remediation[]> {
    return this.list(odata`status eq ${'unverified'} or status eq ${'running'}`, told);
  }

  /** Those of every target that were not seen to come to what they were for: of each target the newest first. */
  async unsettled(told: Told): Promise<Remediation[]> {
    return this.list(odata`status ne ${'verified'}`, told);
  }

  /** What undoes a remediation, newest first. @throws {UnreadableError} when any cannot be understood: it may have been done. */
  async undoing(targetId: string, remediationId: string): Promise<Remediation[]> {
    return this.list(odata`PartitionKey eq ${encodeKey(targetId)} and undoes eq ${remediationId}`, refuse);
  }

  private async list(filter: string, told: Told): Promise<Remediation[]> {
    const found: Remediation[] = [];
    const rows = (await this.table()).listEntities({ queryOptions: { filter } });
    for await (const remediation of readRows(rows, told, fromEntity)) found.push(remediation);
    return found;
  }

  private table() {
    return this.storage.table(tableName);
  }
}

/** The id of a remediation that begins now. Its time is part of it, so that rows come newest first. */
export function remediationIdAt(now: Date, random: string): string {
  return `${now.toISOString().replaceAll(/[-:.]/g, '')}-${random}`;
}

function rowKeyOf(remediationId: string): string {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(remediationId) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(time.getTime()) ? encodeKey(remediationId) : newestFirst(time, remediationId);
}

/** What was done is done, and how it was cannot be found out again. */
const remedy = 'It stays as it is kept: a backup of the tables has all of it.';

function toEntity(remediation: Remediation) {
  const { targetId, remediationId, control, status, undoes = '' } = remediation;
  return {
    partitionKey: encodeKey(targetId),
    rowKey: rowKeyOf(remediationId),
    control,
    status,
    undoes,
    ...writeJson('remediation', remediation),
  };
}

function fromEntity(entity: TableEntityResult<Record<string, unknown>>): Remediation {
  const { partitionKey = '', rowKey = '' } = entity;
  const targetId = nameOf(partitionKey);
  return understood(
    () => ({
      targetId,
      what: `The remediation ${nameOf(rowKey.replace(/^\d+\|/, ''))} of ${targetId}`,
      remedy,
    }),
    () => parseJson(Remediation, entity, 'remediation'),
  );
}
