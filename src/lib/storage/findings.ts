import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { UnreadableError } from '../model/unreadable';
import {
  type ControlId,
  controlIds,
  severities,
  type Severity,
  type Verdict,
  verdicts,
} from '../model/verdict';
import { allOf, unlessAnother, unlessOpposite } from './conditions';
import type { StorageConnection } from './connection';
import { orAbsent } from './errors';
import {
  type FindingStatus,
  aboutFinding,
  type Found,
  foundColumns,
  foundIn,
  fromEntity,
  lookAt,
  statusColumns,
  statusIn,
  type StoredFinding,
  toEntity,
  type UnreadableFinding,
} from './finding-rows';
import { parseJson } from './json';
import { encodeKey, rowsOf } from './keys';
import { largestPage, type Page, type PageRequest, readPage } from './pages';
import { StoredFindingWaiver } from './schemas';
import { deleteRows, type Put, putEach, putOne } from './transactions';
import { readOrTold, readRows, type Told, understood } from './unreadable';

export type { UnreadableFinding } from './finding-rows';
export {
  findingOf,
  type FindingStatus,
  type Known,
  toFindingStatus as statusOf,
  type StoredFinding,
} from './finding-rows';

const tableName = 'SyncwardenFindings';

const Waived = z.object({ targetId: z.string(), control: z.enum(controlIds) });

/** A finding to be written, and the etag of what it was compared with; undefined where there was nothing. */
export interface FindingPut {
  finding: Omit<StoredFinding, 'etag'>;
  over: string | undefined;
}

/** Which findings are asked for; all that agree with every part that is given. */
export interface FindingFilter {
  targetId?: string | undefined;
  control?: string | undefined;
  verdict?: Verdict | undefined;
  severity?: Severity | undefined;
  waived?: boolean | undefined;
  /** Those whose last transition was at this moment or later. */
  changedSince?: Date | undefined;
}

/** Part of the table: of all targets from the first to the last one, in the order of their keys. */
export interface FindingRange {
  first: string;
  last: string;
  /** What comes after this row alone. */
  after?: RowKeys | undefined;
  /** Leaves out what was tried and verified, both of it, from the one moment to the other. */
  unlessSeen?: readonly [from: Date, to: Date] | undefined;
}

/** Where a row stands. */
export interface RowKeys {
  partitionKey: string;
  rowKey: string;
}

/** A finding with where it stands, also one that cannot be understood. */
export interface KeyedFinding extends RowKeys {
  found: StoredFinding | UnreadableFinding;
}

/** The latest finding of every control on every target. */
export class FindingTable {
  constructor(private readonly storage: StorageConnection) {}

  /** @throws {UnreadableError} when it is there and cannot be understood. */
  async get(targetId: string, control: string): Promise<StoredFinding | undefined> {
    const finding = await this.look(targetId, control);
    if (finding !== undefined && 'unreadable' in finding) throw new UnreadableError(finding.unreadable);
    return finding;
  }

  /** A finding, also one that cannot be understood. */
  async look(targetId: string, control: string): Promise<StoredFinding | UnreadableFinding | undefined> {
    const table = await this.table();
    const entity = await orAbsent(table.getEntity(encodeKey(targetId), encodeKey(control)));
    return entity && lookAt(entity);
  }

  /** The findings of these controls on a target by their control, also those that cannot be understood: one query. */
  async lookAll(
    targetId: string,
    controls: readonly ControlId[],
  ): Promise<Map<ControlId, StoredFinding | UnreadableFinding>> {
    const table = await this.table();
    const queryOptions = { filter: rowsOf(targetId, controls) };
    const found = new Map<ControlId, StoredFinding | UnreadableFinding>();
    for await (const entity of table.listEntities({ queryOptions })) {
      const control = controls.find((id) => encodeKey(id) === entity.rowKey);
      if (control !== undefined) found.set(control, lookAt(entity));
    }
    return found;
  }

  /** A finding, undefined also where it cannot be understood, of which `told` hears. */
  async find(targetId: string, control: string, told: Told): Promise<StoredFinding | undefined> {
    const finding = await this.look(targetId, control);
    if (finding === undefined || !('unreadable' in finding)) return finding;
    told(finding.unreadable);
    return undefined;
  }

  /**
   * Writes a finding, given the one that it was compared with. Gives the new etag, or undefined when someone else
   * wrote in between: compare again.
   */
  async put(
    finding: Omit<StoredFinding, 'etag'>,
    last: StoredFinding | undefined,
  ): Promise<string | undefined> {
    return putOne(await this.table(), putOf(finding, last?.etag));
  }

  /**
   * Writes findings of one target in one transaction, each as {@link put} does. Gives what became of each, in their order:
   * one that was overtaken, or cannot be written, keeps no other from being written.
   */
  async putAll(findings: readonly FindingPut[]): Promise<PromiseSettledResult<string | undefined>[]> {
    const table = await this.table();
    return putEach(
      table,
      findings.map(({ finding, over }) => putOf(finding, over)),
    );
  }

  async page(filter: FindingFilter, request: PageRequest): Promise<Page<StoredFinding>> {
    const isWanted = (finding: StoredFinding) => agrees(finding, filter);
    return readPage(await this.table(), { filter: toQuery(filter) }, request, fromEntity, isWanted);
  }

  /** Findings of a part of the table that agree with the filter, in the order of their keys. @param needed how many are likely to be taken. */
  async *range(
    { first, last, after, unlessSeen }: FindingRange,
    filter: FindingFilter,
    needed = largestPage,
  ): AsyncGenerator<KeyedFinding> {
    const table = await this.table();
    const [begin, end] = [encodeKey(first), encodeKey(last)];
    const from = after !== undefined && after.partitionKey > begin ? after.partitionKey : begin;
    const queryOptions = {
      filter: allOf(
        odata`PartitionKey ge ${from} and PartitionKey le ${end}`,
        toQuery(filter),
        unlessSeen === undefined ? '' : `not (${seenWithin(unlessSeen)})`,
      ),
    };
    const pages = table.listEntities({ queryOptions }).byPage({ maxPageSize: Math.min(needed, largestPage) });
    for await (const page of pages)
      for (const entity of page) {
        const { partitionKey = '', rowKey = '' } = entity;
        if (after?.partitionKey === partitionKey && rowKey <= after.rowKey) continue;
        const found = lookAt(entity);
        if ('unreadable' in found || agrees(found, filter)) yield { partitionKey, rowKey, found };
      }
  }

  /** Where the targets from the first to the last one stand, in the order of their ids. Unknown where that cannot be understood. */
  async *statuses(firstTargetId: string, lastTargetId: string): AsyncGenerator<FindingStatus> {
    const table = await this.table();
    const [first, last] = [encodeKey(firstTargetId), encodeKey(lastTargetId)];
    const queryOptions = {
      filter: odata`PartitionKey ge ${first} and PartitionKey le ${last}`,
      select: statusColumns,
    };
    for await (const entity of table.listEntities({ queryOptions })) {
      const status = statusIn(entity);
      if (status !== undefined) yield status;
    }
  }

  /**
   * What was found by a control, on all targets: its reasons, and what they were found from. Without what cannot be understood,
   * of which `told` hears.
   */
  async *foundBy(control: ControlId, told: Told): AsyncGenerator<Found> {
    const table = await this.table();
    const queryOptions = { filter: odata`control eq ${control}`, select: foundColumns };
    yield* readRows(table.listEntities({ queryOptions }), told, foundIn);
  }

  /** Findings with a transition that is not announced yet. */
  async *pending(told: Told): AsyncGenerator<StoredFinding> {
    const table = await this.table();
    const queryOptions = { filter: 'isPending eq true' };
    yield* readRows(table.listEntities({ queryOptions }), told, fromEntity);
  }

  /**
   * Findings that count as accepted: which, and until when. What cannot be understood of that counts as accepted no more from
   * here on, and `told` hears of it.
   */
  async *waived(told: Told): AsyncGenerator<{ targetId: string; control: ControlId; expiresAt: string }> {
    const table = await this.table();
    const queryOptions = {
      filter: 'waived eq true',
      select: ['PartitionKey', 'RowKey', 'targetId', 'control', 'waiver'],
    };
    for await (const entity of table.listEntities({ queryOptions })) {
      const found = readOrTold(told, () =>
        understood(
          () => aboutFinding(entity),
          () => waivedIn(entity),
        ),
      );
      if (found !== undefined) yield found;
      else await this.open(entity);
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

  /** Takes the acceptance from a row of which nobody can say until when it is accepted. */
  private async open({
    partitionKey = '',
    rowKey = '',
  }: {
    partitionKey?: string;
    rowKey?: string;
  }): Promise<void> {
    const table = await this.table();
    await orAbsent(table.updateEntity({ partitionKey, rowKey, waived: false }, 'Merge'));
  }

  /** Deletes the findings of a target, understood or not. */
  async deleteAll(targetId: string): Promise<void> {
    const table = await this.table();
    const filter = odata`PartitionKey eq ${encodeKey(targetId)}`;
    await deleteRows(table, filter);
  }

  async delete(targetId: string, control: string): Promise<void> {
    const table = await this.table();
    await orAbsent(table.deleteEntity(encodeKey(targetId), encodeKey(control)));
  }

  private table() {
    return this.storage.table(tableName);
  }
}

function putOf(finding: Omit<StoredFinding, 'etag'>, etag: string | undefined): Put {
  const entity = toEntity(finding);
  return etag === undefined ? ['create', entity] : ['update', entity, 'Replace', { etag }];
}

function waivedIn(entity: Record<string, unknown>) {
  const { targetId, control } = Waived.parse(entity, { reportInput: true });
  return { targetId, control, expiresAt: parseJson(StoredFindingWaiver, entity, 'waiver').expiresAt };
}

/** What storage can tell. A row that says nothing of what is asked for, or nothing that is known, is given all the same. */
function toQuery({ targetId, control, verdict, severity, waived, changedSince }: FindingFilter): string {
  return allOf(
    targetId === undefined ? '' : odata`PartitionKey eq ${encodeKey(targetId)}`,
    control === undefined ? '' : odata`RowKey eq ${encodeKey(control)}`,
    verdict === undefined ? '' : unlessAnother('verdict', verdict, verdicts),
    severity === undefined ? '' : unlessAnother('severity', severity, severities),
    waived === undefined ? '' : unlessOpposite('waived', waived),
    changedSince === undefined ? '' : `not (${odata`changedAt lt ${changedSince.toISOString()}`})`,
  );
}

/** Whether a finding is asked for. That of the right target and control is what its keys have told. */
function agrees(finding: StoredFinding, { verdict, severity, waived, changedSince }: FindingFilter): boolean {
  if (verdict !== undefined && finding.verdict !== verdict) return false;
  if (severity !== undefined && finding.severity !== severity) return false;
  if (waived !== undefined && finding.waived !== waived) return false;
  return changedSince === undefined || !(Date.parse(finding.changedAt) < changedSince.getTime());
}

function seenWithin([from, to]: readonly [Date, Date]): string {
  return ['checkedAt', 'verifiedAt']
    .map(
      (column) =>
        `${column} ${odata`ge ${from.toISOString()}`} and ${column} ${odata`le ${to.toISOString()}`}`,
    )
    .join(' and ');
}
