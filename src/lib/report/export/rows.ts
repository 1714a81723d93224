import { Provenance } from '../../audit/measurements';
import type { ListedTarget } from '../../model/target';
import { sayUnreadable, type Unreadable } from '../../model/unreadable';
import type { ResourceRow } from '../../model/verdict';
import type { RoomsOf } from './rooms';
import type { ExportedFinding, NotRun } from './sources';

/** The columns, in their order. New ones may be added at the end; none is renamed or moved. */
export const columns = [
  'targetId',
  'tenantId',
  'paused',
  'control',
  'controlVersion',
  'severity',
  'verdict',
  'stale',
  'waived',
  'waivedBy',
  'waivedReason',
  'waivedUntil',
  'code',
  'level',
  'message',
  'resource',
  'expected',
  'actual',
  'violations',
  'violationsListed',
  'since',
  'checkedAt',
  'verifiedAt',
  'collectedAt',
  'runId',
  'requests',
  'requestIds',
] as const;

/** What a row says of a room beside what it says of its finding. */
export const roomColumns = [
  'roomVerdict',
  'roomKind',
  'roomName',
  'roomCodes',
  'roomPath',
  'roomScope',
  'roomDetail',
] as const;

/** A column of a table. */
export type Column = (typeof columns)[number] | (typeof roomColumns)[number];

/** A row by its columns; those that it has nothing to say about are absent. */
export type ExportRow = Partial<Record<Column, string | number | boolean | null | undefined>>;

/** Columns that hold a time. */
export const timeColumns: readonly Column[] = [
  'waivedUntil',
  'since',
  'checkedAt',
  'verifiedAt',
  'collectedAt',
];

/** So many request ids stand in a cell; the export in JSON has more. */
const mostRequestIds = 10;

/** A finding: one row for each of its reasons, or one where there is none. */
export function rowsOf(finding: ExportedFinding): ExportRow[] {
  const { reasons, waiver, counts, evidence, ...scalars } = finding;
  const { collectedAt, requestIds } = Provenance.parse(evidence);
  const whole: ExportRow = {
    ...scalars,
    waivedBy: waiver?.by,
    waivedReason: waiver?.reason,
    waivedUntil: waiver?.expiresAt,
    violations: counts.violations,
    violationsListed: violationsListed(finding),
    collectedAt,
    requestIds: requestIds.slice(0, mostRequestIds).join(' '),
  };
  if (reasons.length === 0) return [{ ...whole, message: finding.summary }];
  return reasons.map((reason) => ({ ...whole, ...reason }));
}

/** How many of its violations a finding names: of one code it keeps no more than so many. */
export function violationsListed({ reasons }: Pick<ExportedFinding, 'reasons'>): number {
  return reasons.filter(({ level }) => level === 'violation').length;
}

/** What is said in the place of a finding that there is none of yet. */
export const notRunSentence = 'This control has not run on the target yet.';

/** A control that has not run yet. */
export function notRunRow(missing: NotRun): ExportRow {
  return { ...missing, verdict: 'unknown', message: notRunSentence };
}

/** A room or mailbox, with the finding that it belongs to. */
export function roomRow(of: RoomsOf, row: ResourceRow): ExportRow {
  return {
    ...of,
    resource: row.resource,
    roomVerdict: row.verdict,
    roomKind: row.kind,
    roomName: row.displayName,
    roomCodes: row.codes.join(' '),
    roomPath: row.path,
    roomScope: row.scope,
    roomDetail: row.detail,
  };
}

/** Adds to rows whether their target is paused. */
export function withPaused(listed: readonly ListedTarget[]): (row: ExportRow) => ExportRow {
  const paused = new Map(listed.map((target) => [target.targetId, target.paused]));
  return (row) => ({ ...row, paused: paused.get(String(row.targetId)) });
}

/** What is kept and cannot be understood. Left out, it would pass for something that is not there. */
export function unreadableRow(kept: Unreadable): ExportRow {
  return { targetId: kept.targetId, verdict: 'unknown', level: 'unknown', message: sayUnreadable(kept) };
}
