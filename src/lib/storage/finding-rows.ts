import type { TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import { unknownTime } from '../clock';
import { type ChangedFrom, type Finding, unknownCodes, violationCodes } from '../model/finding';
import { sayUnreadable, type Unreadable } from '../model/unreadable';
import { controlIds, severities, verdicts } from '../model/verdict';
import { jsonProperties, parseJson, writeJson } from './json';
import { encodeKey } from './keys';
import { RowCounts } from './resource-rows';
import { Reasons, StoredChange, StoredFindingWaiver, StoredTransition } from './schemas';
import { attempt, nameOf, readOr, requireKey, understood } from './unreadable';

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
  /** What was before that. Undefined in a finding that was kept before it was noted, and has not changed since. */
  changedFrom: ChangedFrom | undefined;
  known: Known | null;
  /** Codes of the violations that nobody had accepted when the control was last verified, sorted. */
  openCodes: string[];
  /** Since when each of these is open. Not of those that were open before that was noted: they are so since {@link Finding.since}. */
  openSince: Readonly<Record<string, string>>;
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
const Pending = z.array(StoredTransition);
const ChangedFromColumn = StoredChange.optional();
/** Absent in a finding that was kept before it was noted. */
const OpenSince = z.record(z.string(), z.string()).default({});

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
  summary: z.string(),
  changedFrom: z.string().nullish(),
  unknownCodes: z.string().nullish(),
  openSince: z.string().nullish(),
});

/** The columns that {@link toStatus} reads, and the keys, which say whose it is when nothing else does. */
export const statusColumns = ['PartitionKey', 'RowKey', ...Object.keys(StatusColumns.shape)];

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
  | 'summary'
> &
  Pick<StoredFinding, 'changedAt' | 'changedFrom' | 'openCodes' | 'openSince'> & {
    /** Codes of the violations, sorted. */
    codes: string[];
    /** Codes of what could not be read, sorted; none in what was kept before they were noted. */
    unknownCodes: string[];
    /** Why nothing is known of it, where its row cannot be understood. */
    unreadable?: Unreadable;
    /** Whether the watchdog has found that it was not verified in time; absent where that is not told, and its age says. */
    stale?: boolean;
  };

/** The status in a row of which only these columns were read. @throws when it cannot be understood. */
export function toStatus(entity: Record<string, unknown>): FindingStatus {
  const columns = StatusColumns.parse(entity, { reportInput: true });
  // Changed where it stands: there are thousands of them, and to copy each would take as long as to parse it.
  return Object.assign(columns, {
    verifiedAt: columns.verifiedAt === '' ? null : columns.verifiedAt,
    changedAt: columns.changedAt ?? columns.since,
    changedFrom: parseJson(ChangedFromColumn, columns, 'changedFrom'),
    codes: listed(columns.codes),
    unknownCodes: listed(columns.unknownCodes ?? ''),
    openCodes: openCodesOf(columns),
    openSince: columns.openSince ? parseJson(OpenSince, columns, 'openSince') : {},
  });
}

/**
 * The status in a row, unknown where that cannot be understood: left out, it would pass for a control that has not run yet. Undefined
 * for a control that this version does not have.
 */
export function statusIn(entity: Record<string, unknown>): FindingStatus | undefined {
  return readOr(
    () =>
      understood(
        () => aboutFinding(entity),
        () => ownStatus(entity),
      ),
    (kept) => lostStatus(entity, kept),
  );
}

function ownStatus(entity: Record<string, unknown>): FindingStatus {
  const status = toStatus(entity);
  requireKeys(status, entity);
  return status;
}

function lostStatus(entity: Record<string, unknown>, unreadable: Unreadable): FindingStatus | undefined {
  const { targetId, control } = keysOf(entity);
  const id = StatusColumns.shape.control.safeParse(control).data;
  if (id === undefined) return undefined;
  const { tenantId, severity } = StatusColumns.shape;
  const about = {
    targetId,
    control: id,
    tenantId: tenantId.safeParse(entity['tenantId']).data ?? '',
    // As bad as it may be.
    severity: severity.safeParse(entity['severity']).data ?? severities[0],
  };
  return unreadableStatus(about, unreadable);
}

/** The status of a finding of which nothing is known, because what is kept of it cannot be understood. */
export function unreadableStatus(
  about: Pick<FindingStatus, 'targetId' | 'tenantId' | 'control' | 'severity'>,
  unreadable: Unreadable,
): FindingStatus {
  return {
    ...about,
    ...{
      verdict: 'unknown',
      waived: false,
      requests: 0,
      codes: [],
      unknownCodes: [],
      openCodes: [],
      openSince: {},
      verifiedAt: null,
    },
    ...{ checkedAt: unknownTime, since: unknownTime, changedAt: unknownTime },
    ...{ changedFrom: undefined, summary: sayUnreadable(unreadable) },
    unreadable,
  };
}

/** Whose a row is, as its keys say it: as they come from a query, or from reading one. */
function keysOf(entity: Record<string, unknown>): { targetId: string; control: string } {
  const { partitionKey = '', rowKey = '' } = entity;
  return { targetId: nameOf(String(partitionKey)), control: nameOf(String(rowKey)) };
}

/** A row that was put elsewhere would be taken for what is there. Keys are shortened where they would be too long. */
function requireKeys(
  { targetId, control }: { targetId: string; control: string },
  entity: Record<string, unknown>,
): void {
  requireKey('targetId', encodeKey(targetId), String(entity['partitionKey']));
  requireKey('control', encodeKey(control), String(entity['rowKey']));
}

/** What to say of a finding that cannot be understood. */
export function aboutFinding(entity: Record<string, unknown>): Omit<Unreadable, 'errors'> {
  const { targetId, control } = keysOf(entity);
  const what = `The finding ${control} of ${targetId}`;
  return { targetId, control, what, remedy: 'It is unknown until the next audit, which takes its place.' };
}

/** The status of a finding that was read as a whole. */
export function toFindingStatus(finding: Omit<StoredFinding, 'etag'>): FindingStatus {
  const { targetId, tenantId, control, severity, verdict, waived, reasons } = finding;
  const { checkedAt, verifiedAt, since, changedAt, changedFrom, requests, summary } = finding;
  const { openCodes, openSince } = finding;
  const status = { targetId, tenantId, control, severity, verdict, waived };
  return {
    ...status,
    checkedAt,
    verifiedAt,
    since,
    changedAt,
    changedFrom,
    requests,
    summary,
    codes: violationCodes(reasons),
    unknownCodes: unknownCodes(reasons),
    openCodes,
    openSince,
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
  const {
    digest,
    resourcesDigest,
    rowCounts,
    changedAt,
    changedFrom,
    known,
    openCodes,
    openSince,
    pending,
    etag,
    ...finding
  } = stored;
  return finding;
}

/** A finding as it stands in the table. */
export function toEntity(finding: Omit<StoredFinding, 'etag'>) {
  const { waiver, reasons, evidence, counts, verifiedAt, rowCounts, known, openCodes, openSince, ...more } =
    finding;
  const { pending, changedFrom, ...scalars } = more;
  return {
    partitionKey: encodeKey(finding.targetId),
    rowKey: encodeKey(finding.control),
    ...scalars,
    ...counts,
    verifiedAt: verifiedAt ?? '',
    codes: violationCodes(reasons).join(','),
    unknownCodes: unknownCodes(reasons).join(','),
    openCodes: openCodes.join(','),
    isPending: pending.length > 0,
    ...writeJson('waiver', waiver),
    ...writeJson('reasons', reasons),
    ...writeJson('evidence', evidence),
    ...writeJson('rowCounts', rowCounts),
    ...writeJson('known', known),
    ...(changedFrom === undefined ? {} : writeJson('changedFrom', changedFrom)),
    ...(openCodes.length === 0 ? {} : writeJson('openSince', openSince)),
    ...writeJson('pending', pending),
  };
}

/** Reads what {@link toEntity} wrote, also without what was added to it later. @throws {UnreadableError} when it cannot be understood. */
export function fromEntity(entity: TableEntityResult<Record<string, unknown>>): StoredFinding {
  return understood(
    () => aboutFinding(entity),
    () => findingIn(entity),
  );
}

function findingIn(entity: TableEntityResult<Record<string, unknown>>): StoredFinding {
  const columns = Scalars.parse(entity, { reportInput: true });
  requireKeys(columns, entity);
  const { verifiedAt, resources, violations, changedAt, codes, openCodes, ...scalars } = columns;
  const pending = parseJson(Pending, entity, 'pending');
  return {
    ...scalars,
    verifiedAt: verifiedAt === '' ? null : verifiedAt,
    counts: { resources, violations },
    waiver: parseJson(StoredFindingWaiver.nullable(), entity, 'waiver'),
    reasons: parseJson(Reasons, entity, 'reasons'),
    evidence: parseJson(Evidence, entity, 'evidence'),
    rowCounts: parseJson(RowCounts.nullable().default(null), entity, 'rowCounts'),
    changedAt: changedAt ?? pending.at(-1)?.at ?? scalars.since,
    changedFrom: parseJson(ChangedFromColumn, entity, 'changedFrom'),
    known: parseJson(Known.nullable(), entity, 'known'),
    openCodes: openCodesOf(columns),
    openSince: parseJson(OpenSince, entity, 'openSince'),
    pending,
    etag: entity.etag,
  };
}

/** What a control found on a target, and what from. */
export type Found = Pick<Finding, 'targetId' | 'reasons' | 'evidence'>;

/** The columns that {@link foundIn} reads. */
export const foundColumns = [
  ...['PartitionKey', 'RowKey', 'targetId'],
  ...jsonProperties('reasons'),
  ...jsonProperties('evidence'),
];

/** What was found, from a row of which only these columns were read. @throws {UnreadableError} when it cannot be understood. */
export function foundIn(entity: TableEntityResult<Record<string, unknown>>): Found {
  return understood(
    () => aboutFinding(entity),
    () => ({
      targetId: Scalars.shape.targetId.parse(entity['targetId']),
      reasons: parseJson(Reasons, entity, 'reasons'),
      evidence: parseJson(Evidence, entity, 'evidence'),
    }),
  );
}

/** A finding that cannot be understood, with what it takes to put another one in its place. */
export interface UnreadableFinding {
  unreadable: Unreadable;
  etag: string;
  /** Transitions that are not announced yet, as far as they can be understood. */
  pending: StoredTransition[];
}

/** A finding as it stands in the table, also one that cannot be understood. */
export function lookAt(
  entity: TableEntityResult<Record<string, unknown>>,
): StoredFinding | UnreadableFinding {
  return readOr(
    () => fromEntity(entity),
    (unreadable) => ({ unreadable, etag: entity.etag, pending: pendingIn(entity) }),
  );
}

function pendingIn(entity: Record<string, unknown>): StoredTransition[] {
  return attempt(() => parseJson(Pending, entity, 'pending')) ?? [];
}
