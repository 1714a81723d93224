import { type ResourceRow, type Verdict, verdicts } from '../model/verdict';
import { started } from '../started';
import type { StoredFinding } from '../storage/findings';
import { countRows, type RowCounts } from '../storage/resource-rows';
import type { ResourceTable } from '../storage/resources';
import type { ResourceReport } from './model';

/** Which rows of rooms and mailboxes are wanted. Without any of this: the first page of all. */
export interface RowsWanted {
  /** Only those with this verdict. */
  verdict?: Verdict | undefined;
  /** Only those whose address or name holds this text, without regard to case or to blanks at its ends. */
  q?: string | undefined;
  /** From 1. One beyond the last has no rows. */
  page?: number | undefined;
}

/** The most rows on one page: more would make the page long, and slow to make. */
const rowsPerPage = 100;

/**
 * The rows of one finding that are wanted, with how many there are of which verdict; undefined for a finding that looked
 * at none, and for a control that does not apply. The counts stand in the finding, so that no more rows are read than are
 * shown, beside those of earlier pages. Only a search, and a finding that was kept before rows were counted, read them
 * all: about half a second for ten thousand.
 */
export async function resourceReport(
  table: ResourceTable,
  finding: StoredFinding,
  wanted: RowsWanted = {},
): Promise<ResourceReport | undefined> {
  const { control, verdict, rowCounts, counts } = finding;
  const wereRead = rowCounts !== null && verdict !== 'notApplicable';
  if (counts.resources === 0 && !wereRead) return undefined;
  const page = wanted.page ?? 1;
  const from = (page - 1) * rowsPerPage;
  const text = wanted.q?.trim().toLowerCase() ?? '';
  const chosen =
    rowCounts === null || text !== ''
      ? await search(table, finding, { ...wanted, q: text }, from)
      : await read(table, finding, rowCounts, wanted.verdict, from);
  const { rooms, mailboxes } = rowCounts ?? chosen.counts;
  return {
    control,
    rooms,
    strays: sum(mailboxes),
    rows: chosen.rows,
    complete: chosen.rows.length === sum(rooms) + sum(mailboxes),
    matching: chosen.matching,
    page,
    pageSize: rowsPerPage,
  };
}

interface Chosen {
  rows: ResourceRow[];
  matching: number;
  counts: RowCounts;
}

/** Reads one page without a search: its parts, one for each verdict on it, side by side. */
async function read(
  table: ResourceTable,
  { targetId, control }: StoredFinding,
  counts: RowCounts,
  wanted: Verdict | undefined,
  from: number,
): Promise<Chosen> {
  let before = 0;
  const parts: Promise<ResourceRow[]>[] = [];
  for (const verdict of wanted === undefined ? verdicts : [wanted]) {
    const count = counts.rooms[verdict] + counts.mailboxes[verdict];
    const start = Math.max(0, from - before);
    const end = Math.min(count, from + rowsPerPage - before);
    if (start < end) parts.push(started(slice(table.rows(targetId, control, verdict, end), start, end)));
    before += count;
  }
  return { rows: (await Promise.all(parts)).flat(), matching: before, counts };
}

async function slice(rows: AsyncIterable<ResourceRow>, start: number, end: number): Promise<ResourceRow[]> {
  const kept: ResourceRow[] = [];
  let index = 0;
  for await (const row of rows) {
    if (index >= start) kept.push(row);
    index++;
    if (index === end) break;
  }
  return kept;
}

/** Reads all rows, and keeps those of one page of what is wanted. */
async function search(
  table: ResourceTable,
  { targetId, control }: StoredFinding,
  { verdict, q }: { verdict?: Verdict | undefined; q: string },
  from: number,
): Promise<Chosen> {
  const found: ResourceRow[] = [];
  const all: Pick<ResourceRow, 'kind' | 'verdict'>[] = [];
  for await (const row of table.rows(targetId, control)) {
    all.push({ kind: row.kind, verdict: row.verdict });
    if ((verdict === undefined || row.verdict === verdict) && searchableText(row).includes(q))
      found.push(row);
  }
  // Sorting is stable: among those of one verdict the order of the addresses stays.
  found.sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  return { rows: found.slice(from, from + rowsPerPage), matching: found.length, counts: countRows(all) };
}

/** What a search looks at. */
function searchableText({ resource, displayName }: ResourceRow): string {
  return `${resource} ${displayName}`.toLowerCase();
}

function sum(counts: Readonly<Record<Verdict, number>>): number {
  return verdicts.reduce((total, verdict) => total + counts[verdict], 0);
}
