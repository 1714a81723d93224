import { odata, type TableEntityResult } from '@azure/data-tables';
import { z } from 'zod';
import { type ControlId, controlIds, severities, verdicts } from '../controls/control';
import { type Finding, violationCodes } from '../finding';
import type { StorageConnection } from './connection';
import { hasStatus, orAbsent } from './errors';
import { readJson, writeJson } from './json';
import { encodeKey } from './keys';
import { type Page, type PageRequest, readPage } from './pages';
import { Reasons, StoredFindingWaiver, StoredTransition } from './schemas';

const tableName = 'SyncwardenFindings';

/** What the last verdict other than `unknown` was: a spell of `unknown` is measured against it. */
const Known = z.object({ verdict: z.enum(verdicts), digest: z.string(), since: z.string() });
export type Known = z.infer<typeof Known>;

/** A finding as it is kept: with what the next comparison needs. */
export interface StoredFinding extends Finding {
  /** Digest over all violations, not only those that are kept. */
  digest: string;
  /** Digest over all rows as they are in their table; empty when there are none known, or when they may be out of step. */
  resourcesDigest: string;
  known: Known | null;
  /**
   * Transitions that are not announced yet, oldest first. They are written with the finding, so none can get lost; all
   * but the newest are in the history, and stand here without their texts.
   */
  pending: StoredTransition[];
  etag: string;
}

const Scalars = z.object({
  targetId: z.string(),
  tenantId: z.string(),
  control: z.enum(controlIds),
  controlVersion: z.number(),
  severity: z.enum(severities),
  verdict: z.enum(verdicts),
  waived: z.boolean(),
  summary: z.string(),
  checkedAt: z.string(),
  /** Empty for never: Table Storage has no null. */
  verifiedAt: z.string(),
  since: z.string(),
  runId: z.string(),
  requests: z.number(),
  digest: z.string(),
  /** Absent in a finding that was kept before there were rows. */
  resourcesDigest: z.string().default(''),
  resources: z.number(),
  violations: z.number(),
});
const Evidence = z.record(z.string(), z.unknown());

const Status = z
  .object({
    targetId: z.string(),
    tenantId: z.string(),
    control: z.enum(controlIds),
    severity: z.enum(severities),
    verdict: z.enum(verdicts),
    waived: z.boolean(),
    checkedAt: z.string(),
    verifiedAt: z.string(),
    codes: z.string(),
  })
  .transform(({ verifiedAt, codes, ...status }) => ({
    ...status,
    verifiedAt: verifiedAt === '' ? null : verifiedAt,
    codes: codes === '' ? [] : codes.split(','),
  }));

/** A finding without its reasons and evidence: enough to count, and cheap to read by the thousand. */
export type FindingStatus = z.infer<typeof Status>;

const Waived = z.object({ targetId: z.string(), control: z.enum(controlIds) });

const statusColumns = Object.keys(Status.in.shape);

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
    for await (const entity of table.listEntities({ queryOptions })) yield Status.parse(entity);
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

  /** Whose findings were verified since then: target ids, one at a time and possibly repeated. */
  async *targetsVerifiedSince(time: Date): AsyncGenerator<string> {
    const table = await this.table();
    const queryOptions = { filter: odata`verifiedAt ge ${time.toISOString()}`, select: ['targetId'] };
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

/** The finding as the API shows it. */
export function findingOf(stored: StoredFinding): Finding {
  const { digest, resourcesDigest, known, pending, etag, ...finding } = stored;
  return finding;
}

function toQuery({ targetId, control, verdict }: FindingFilter): string {
  const conditions = [
    targetId === undefined ? '' : odata`PartitionKey eq ${encodeKey(targetId)}`,
    control === undefined ? '' : odata`control eq ${control}`,
    verdict === undefined ? '' : odata`verdict eq ${verdict}`,
  ];
  return conditions.filter((condition) => condition !== '').join(' and ');
}

function toEntity(finding: Omit<StoredFinding, 'etag'>) {
  const { waiver, reasons, evidence, counts, verifiedAt, known, pending, ...scalars } = finding;
  return {
    partitionKey: encodeKey(finding.targetId),
    rowKey: encodeKey(finding.control),
    ...scalars,
    ...counts,
    verifiedAt: verifiedAt ?? '',
    codes: violationCodes(reasons).join(','),
    isPending: pending.length > 0,
    ...writeJson('waiver', waiver),
    ...writeJson('reasons', reasons),
    ...writeJson('evidence', evidence),
    ...writeJson('known', known),
    ...writeJson('pending', pending),
  };
}

function fromEntity(entity: TableEntityResult<Record<string, unknown>>): StoredFinding {
  const { verifiedAt, resources, violations, ...scalars } = Scalars.parse(entity);
  return {
    ...scalars,
    verifiedAt: verifiedAt === '' ? null : verifiedAt,
    counts: { resources, violations },
    waiver: StoredFindingWaiver.nullable().parse(readJson(entity, 'waiver')),
    reasons: Reasons.parse(readJson(entity, 'reasons')),
    evidence: Evidence.parse(readJson(entity, 'evidence')),
    known: Known.nullable().parse(readJson(entity, 'known')),
    pending: z.array(StoredTransition).parse(readJson(entity, 'pending')),
    etag: entity.etag,
  };
}
