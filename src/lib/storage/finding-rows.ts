import type { TableEntityResult } from '@azure/data-tables';
import { z } from 'zod';
import { controlIds, severities, verdicts } from '../controls/control';
import { type Finding, violationCodes } from '../finding';
import { readJson, writeJson } from './json';
import { encodeKey } from './keys';
import { RowCounts } from './resource-rows';
import { Reasons, StoredFindingWaiver, StoredTransition } from './schemas';

/** What the last verdict other than `unknown` was: a reading that could not see everything is measured against it. */
const Known = z.object({
  verdict: z.enum(verdicts),
  digest: z.string(),
  since: z.string(),
  /** A short digest of each violation; absent when there are too many, and in what was kept before they were noted. */
  violations: z.array(z.string()).exactOptional(),
  /** A short digest of each reason that said that something could not be read. */
  unread: z.array(z.string()).exactOptional(),
  /** When the waiver was accepted that did not cover all of it, where there was one. */
  refused: z.string().exactOptional(),
});
export type Known = z.infer<typeof Known>;

/** A finding as it is kept: with what the next comparison and the report need. */
export interface StoredFinding extends Finding {
  /** Digest over all violations, not only those that are kept. */
  digest: string;
  /** Digest over all rows as they are in their table; empty when there are none known, or when they may be out of step. */
  resourcesDigest: string;
  /** How many rows have which verdict; null when none were ever read, or they were read before they were counted. */
  rowCounts: RowCounts | null;
  /**
   * When the last transition was. For a finding that was kept before this was: of the newest one that waits, else `since`,
   * which a spell of `unknown` and a waiver leave as it is.
   */
  changedAt: string;
  known: Known | null;
  /** Codes of the violations that nobody had accepted when the control was last verified, sorted. */
  openCodes: string[];
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
  /** Absent in a finding that was kept before the report needed it. */
  changedAt: z.string().optional(),
  codes: z.string().default(''),
  /** Absent in a finding that was kept before spells of unknown carried them on. */
  openCodes: z.string().optional(),
  resources: z.number(),
  violations: z.number(),
});
const Evidence = z.record(z.string(), z.unknown());

const StatusColumns = z.object({
  targetId: z.string(),
  tenantId: z.string(),
  control: z.enum(controlIds),
  severity: z.enum(severities),
  verdict: z.enum(verdicts),
  waived: z.boolean(),
  checkedAt: z.string(),
  verifiedAt: z.string(),
  since: z.string(),
  /** For a column that a row does not have the service gives null, and the emulator nothing. */
  changedAt: z.string().nullish(),
  requests: z.number(),
  codes: z.string(),
  openCodes: z.string().nullish(),
});

/** The columns that {@link toStatus} reads. */
export const statusColumns = Object.keys(StatusColumns.shape);

/** A finding without its reasons and evidence: enough for the grid, and cheap to read by the thousand. */
export type FindingStatus = Pick<
  Finding,
  | 'targetId'
  | 'tenantId'
  | 'control'
  | 'severity'
  | 'verdict'
  | 'waived'
  | 'checkedAt'
  | 'verifiedAt'
  | 'since'
  | 'requests'
> &
  Pick<StoredFinding, 'changedAt' | 'openCodes'> & {
    /** Codes of the violations, sorted. */
    codes: string[];
  };

/** The status in a row of which only these columns were read. @throws when it cannot be understood. */
export function toStatus(entity: Record<string, unknown>): FindingStatus {
  const columns = StatusColumns.parse(entity);
  // Changed where it stands: there are thousands of them, and to copy each would take as long as to parse it.
  return Object.assign(columns, {
    verifiedAt: columns.verifiedAt === '' ? null : columns.verifiedAt,
    changedAt: columns.changedAt ?? columns.since,
    codes: listed(columns.codes),
    openCodes: openCodesOf(columns),
  });
}

/** The status of a finding that was read as a whole. */
export function statusOf(finding: StoredFinding): FindingStatus {
  const { targetId, tenantId, control, severity, verdict, waived, reasons } = finding;
  const { checkedAt, verifiedAt, since, changedAt, requests, openCodes } = finding;
  const standing = { targetId, tenantId, control, severity, verdict, waived };
  return {
    ...standing,
    checkedAt,
    verifiedAt,
    since,
    changedAt,
    requests,
    codes: violationCodes(reasons),
    openCodes,
  };
}

function openCodesOf(
  row: Pick<z.infer<typeof StatusColumns>, 'openCodes' | 'verdict' | 'waived' | 'codes'>,
): string[] {
  const { openCodes, verdict, waived, codes } = row;
  return listed(openCodes ?? (verdict === 'nonCompliant' && !waived ? codes : ''));
}

function listed(codes: string): string[] {
  return codes === '' ? [] : codes.split(',');
}

/** The finding as the API shows it. */
export function findingOf(stored: StoredFinding): Finding {
  const { digest, resourcesDigest, rowCounts, changedAt, known, openCodes, pending, etag, ...finding } =
    stored;
  return finding;
}

/** A finding as it stands in the table. */
export function toEntity(finding: Omit<StoredFinding, 'etag'>) {
  const { waiver, reasons, evidence, counts, verifiedAt, rowCounts, known, openCodes, pending, ...scalars } =
    finding;
  return {
    partitionKey: encodeKey(finding.targetId),
    rowKey: encodeKey(finding.control),
    ...scalars,
    ...counts,
    verifiedAt: verifiedAt ?? '',
    codes: violationCodes(reasons).join(','),
    openCodes: openCodes.join(','),
    isPending: pending.length > 0,
    ...writeJson('waiver', waiver),
    ...writeJson('reasons', reasons),
    ...writeJson('evidence', evidence),
    ...writeJson('rowCounts', rowCounts),
    ...writeJson('known', known),
    ...writeJson('pending', pending),
  };
}

/** Reads what {@link toEntity} wrote, also without what was added to it later. @throws when it cannot be understood. */
export function fromEntity(entity: TableEntityResult<Record<string, unknown>>): StoredFinding {
  const columns = Scalars.parse(entity);
  const { verifiedAt, resources, violations, changedAt, codes, openCodes, ...scalars } = columns;
  const pending = z.array(StoredTransition).parse(readJson(entity, 'pending'));
  return {
    ...scalars,
    verifiedAt: verifiedAt === '' ? null : verifiedAt,
    counts: { resources, violations },
    waiver: StoredFindingWaiver.nullable().parse(readJson(entity, 'waiver')),
    reasons: Reasons.parse(readJson(entity, 'reasons')),
    evidence: Evidence.parse(readJson(entity, 'evidence')),
    rowCounts: RowCounts.nullable().parse(readJson(entity, 'rowCounts') ?? null),
    changedAt: changedAt ?? pending.at(-1)?.at ?? scalars.since,
    known: Known.nullable().parse(readJson(entity, 'known')),
    openCodes: openCodesOf(columns),
    pending,
    etag: entity.etag,
  };
}
