import { stringify } from 'csv-stringify/sync';
import { Provenance } from '../../audit/measurements';
import { sayUnreadable, type Unreadable } from '../../model/unreadable';
import { plainText } from './plain-text';
import {
  type ExportedFinding,
  type ExportFilter,
  type ExportServices,
  type NotRun,
  readFindings,
  readTargets,
  requireOne,
} from './sources';

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
type Row = Partial<Record<(typeof columns)[number], string | number | boolean | null | undefined>>;

/** So many request ids stand in a cell; the export in JSON has more. */
const mostRequestIds = 10;

/**
 * Findings as CSV (RFC 4180) in UTF-8 with a byte order mark, as Excel wants it: one row for each reason, one for each
 * finding without any, one for each control that has not run yet, and one for whatever is kept and cannot be understood. Gives
 * it piece by piece.
 * @throws {NotFoundError} when the one target that is asked for does not exist.
 */
export async function* csvExport(services: ExportServices, filter: ExportFilter): AsyncGenerator<string> {
  const now = services.now();
  const { watched, unreadable, notRun } = await readTargets(services, filter, now);
  requireOne(filter, watched);
  const paused = new Map(watched.map((target) => [target.targetId, target.paused]));
  const lost = [...unreadable];
  yield `\uFEFF${lines([[...columns]])}`;
  for await (const finding of readFindings(services, filter, watched, now, (kept) => lost.push(kept))) {
    yield lines(rowsOf(finding).map((row) => cells({ ...row, paused: paused.get(finding.targetId) })));
  }
  for (const missing of notRun) {
    yield lines([cells({ ...rowOf(missing), paused: paused.get(missing.targetId) })]);
  }
  for (const kept of lost) yield lines([cells(unreadableRow(kept))]);
}

function lines(records: readonly string[][]): string {
  return stringify([...records], { quoted: true, record_delimiter: 'windows' });
}

function cells(row: Row): string[] {
  return columns.map((column) => plainText(String(row[column] ?? '')));
}

function rowsOf(finding: ExportedFinding): Row[] {
  const { reasons, waiver, counts, evidence, ...scalars } = finding;
  const { collectedAt, requestIds } = Provenance.parse(evidence);
  const whole: Row = {
    ...scalars,
    waivedBy: waiver?.by,
    waivedReason: waiver?.reason,
    waivedUntil: waiver?.expiresAt,
    violations: counts.violations,
    violationsListed: reasons.filter(({ level }) => level === 'violation').length,
    collectedAt,
    requestIds: requestIds.slice(0, mostRequestIds).join(' '),
  };
  if (reasons.length === 0) return [{ ...whole, message: finding.summary }];
  return reasons.map((reason) => ({ ...whole, ...reason }));
}

/** Left out, it would pass for something that is not there. */
function unreadableRow(kept: Unreadable): Row {
  return { targetId: kept.targetId, verdict: 'unknown', level: 'unknown', message: sayUnreadable(kept) };
}

function rowOf(missing: NotRun): Row {
  return { ...missing, verdict: 'unknown', message: 'This control has not run on the target yet.' };
}
