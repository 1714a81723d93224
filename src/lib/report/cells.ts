import { controls } from '../controls';
import { isReadable, namesOf } from '../model/target';
import { type ControlId, severities, verdicts } from '../model/verdict';
import type { FindingStatus } from '../storage/findings';
import type { Overdue } from '../watch/overdue';
import { type TargetStatus, targetVerdict } from '../watch/target-status';
import type { Cell, Row } from './model';

/** One target as a row of the grid, from its findings, whatever order they come in. */
export function rowOf(targetStatus: TargetStatus, overdue: Overdue): Row {
  const { target, statuses } = targetStatus;
  const { targetId, tenantId, paused } = target;
  const cells = controls.map(({ id, severity }) => {
    const status = statuses.find(({ control }) => control === id);
    // Of one that is read as its row repeats it the watchdog has told.
    const told = isReadable(target) && !paused ? status?.stale : undefined;
    const stale = told ?? overdue.isStale(target, id, status);
    if (status === undefined) return emptyCell(id, severity, stale);
    return status.unreadable === undefined
      ? cellOf(status, stale)
      : { ...emptyCell(id, severity, stale), unreadable: true as const };
  });
  const worstVerdict = targetVerdict(targetStatus);
  const row = { targetId, tenantId, ...namesOf(target), paused, worstVerdict, cells };
  return isReadable(target) ? row : { ...row, unreadable: target.unreadable };
}

/** A control that never ran. */
function emptyCell(control: ControlId, severity: Cell['severity'], stale: boolean): Cell {
  const never = { since: null, verifiedAt: null, checkedAt: null, changedAt: null, requests: 0 };
  const nothing = { codes: [], unknownCodes: [], summary: '' };
  return { control, severity, verdict: 'unknown', waived: false, stale, ...never, ...nothing };
}

function cellOf(status: FindingStatus, stale: boolean): Cell {
  const { control, severity, verdict, waived, since, verifiedAt, checkedAt, changedAt, requests } = status;
  const { codes, unknownCodes, summary } = status;
  const times = { since, verifiedAt, checkedAt, changedAt };
  return { control, severity, verdict, waived, stale, ...times, codes, unknownCodes, summary, requests };
}

/**
 * Sorts targets, the worst first: by their worst verdict, then by how severe the worst control with it is, then those of
 * which something is stale, then by id. Paused ones come last, because nobody looks at them.
 */
export function worstFirst(rows: readonly Row[]): Row[] {
  return rows
    .map((row) => ({ row, rank: rankOf(row) }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || compareIds(a.row, b.row))
    .map(({ row }) => row);
}

function rankOf({ paused, worstVerdict: worst, cells, unreadable }: Row): number[] {
  const bad = cells.filter(({ verdict, waived }) => verdict === worst && !waived);
  const isBad = worst === 'nonCompliant' || worst === 'unknown';
  // One that cannot be understood may lack anything.
  const severity =
    isBad && unreadable === undefined ? Math.min(...bad.map((cell) => severities.indexOf(cell.severity))) : 0;
  const isFresh = cells.every(({ stale }) => !stale);
  return [Number(paused), verdicts.indexOf(worst), severity, Number(isFresh)];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  return a.map((rank, index) => rank - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** By the numbers of their characters, as Table Storage does. */
function compareIds(a: Row, b: Row): number {
  return a.targetId < b.targetId ? -1 : 1;
}
