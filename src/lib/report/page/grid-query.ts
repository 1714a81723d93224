import type { ControlId, Severity } from '../../model/verdict';
import type { Row } from '../model';
import type { GridSort, GridVerdict } from '../query';
import { lookOfCell, needsAttention } from './words';

/** Which targets are to be shown, and in which order. */
export interface GridQuery {
  /** A part of the name, the id, the tenant, the customer or the tags of the target, without regard to case. */
  q?: string | undefined;
  /** Of that control; without one, the worst of the target; what is stale or accepted, of any of its controls. */
  verdict?: GridVerdict | undefined;
  control?: ControlId | undefined;
  /** Of something that needs somebody. */
  severity?: Severity | undefined;
  tag?: string | undefined;
  sort?: GridSort | undefined;
  /** From 1. */
  page?: number | undefined;
  /** Whose targets the page is about; the rows are no others. */
  customer?: string | undefined;
}

/** The most targets on one page: below 300 KB on ordinary nights, a little more when nearly everything is broken. */
export const rowsPerPage = 150;

/** A target with its place among all, the worst first. */
export interface RankedRow {
  row: Row;
  rank: number;
}

/** One page of the grid. */
export interface GridPage {
  rows: readonly RankedRow[];
  /** How many targets there are of what was asked for, on all pages. */
  matching: number;
  /** From 1, and never beyond the last one. */
  page: number;
  pages: number;
}

/** Chooses, sorts and cuts, as the script does with what is on the page. `rows` come the worst first. */
export function chooseRows(rows: readonly Row[], query: GridQuery, perPage = rowsPerPage): GridPage {
  const ranked = rows.map((row, rank) => ({ row, rank }));
  const chosen = sortRows(filterRows(ranked, query), query.sort ?? 'worst');
  const pages = Math.max(1, Math.ceil(chosen.length / perPage));
  const page = Math.min(query.page ?? 1, pages);
  const start = page === 1 ? 0 : (page - 1) * perPage;
  return { rows: chosen.slice(start, start + perPage), matching: chosen.length, page, pages };
}

function filterRows(rows: readonly RankedRow[], query: GridQuery): RankedRow[] {
  const { q = '', verdict, control, severity, tag } = query;
  const text = q.trim().toLowerCase();
  return rows.filter(
    ({ row }) =>
      searchableText(row).includes(text) &&
      hasVerdict(row, verdict, control) &&
      (severity === undefined || hasOpen(row, severity, control)) &&
      (tag === undefined || row.tags?.includes(tag) === true),
  );
}

/** Whether something of a target needs somebody that is as severe as this. */
function hasOpen({ cells }: Row, severity: Severity, control: ControlId | undefined): boolean {
  return cells.some(
    (cell) =>
      cell.severity === severity &&
      needsAttention(lookOfCell(cell)) &&
      (control === undefined || cell.control === control),
  );
}

/** Without a verdict a control leaves the targets to which it applies. */
function hasVerdict(row: Row, verdict: GridVerdict | undefined, control: ControlId | undefined): boolean {
  if (verdict === 'stale' || verdict === 'accepted')
    return row.cells.some(
      (cell) => lookOfCell(cell) === verdict && (control === undefined || cell.control === control),
    );
  if (control === undefined) return verdict === undefined || row.worstVerdict === verdict;
  const found = row.cells.find((cell) => cell.control === control)?.verdict ?? 'unknown';
  return verdict === undefined ? found !== 'notApplicable' : found === verdict;
}

function sortRows(rows: readonly RankedRow[], sort: GridSort): RankedRow[] {
  const byRank = (a: RankedRow, b: RankedRow) => a.rank - b.rank;
  if (sort === 'worst') return rows.toSorted(byRank);
  if (sort === 'target') return rows.toSorted((a, b) => compare(a.row.targetId, b.row.targetId));
  // Times of one form sort as text; what has nothing wrong comes last.
  const time = ({ row }: RankedRow) => worstSince(row) ?? '~';
  return rows.toSorted((a, b) => compare(time(a), time(b)) || byRank(a, b));
}

/** By the numbers of their characters, as scripts compare: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a search looks at. */
export function searchableText(row: Row): string {
  return `${row.targetId} ${row.tenantId} ${namesText(row)}`.toLowerCase();
}

/** What people know a target by beside its ids, in lower case; empty where there is nothing of the kind. */
export function namesText({ displayName = '', customer = '', tags = [] }: Row): string {
  return [displayName, customer, ...tags]
    .filter((text) => text !== '')
    .join(' ')
    .toLowerCase();
}

/** Since when the worst verdict of a target holds, ISO 8601; undefined when nothing is wrong, or nothing ever ran. */
export function worstSince({ worstVerdict, cells }: Row): string | undefined {
  if (worstVerdict !== 'nonCompliant' && worstVerdict !== 'unknown') return undefined;
  const times = cells.flatMap(({ verdict, waived, since }) =>
    verdict === worstVerdict && !waived && since !== null ? [since] : [],
  );
  return times.sort()[0];
}
