import { version } from '../../../../package.json';
import { verdicts } from '../../model/verdict';
import { cellText } from './cell';
import { largestFile, tooLarge } from './file';
import { saidFilter } from './filter-words';
import { beginReading, type ExportRequest, requireAny } from './reading';
import {
  type Column,
  columns,
  type ExportRow,
  notRunRow,
  roomColumns,
  roomRow,
  rowsOf,
  timeColumns,
  unreadableRow,
  withPaused,
} from './rows';
import type { ExportServices } from './sources';

type Cell = string | number | boolean | Date | null;

/**
 * The cells of all sheets may hold so much, in bytes: they are in memory at once, each several times as large as its text. It is
 * spent long before a sheet has the 1,048,576 rows that Excel takes.
 */
const mostText = largestFile / 2;

/** Columns that say whose a room is, and all that there is to say about it. */
const roomSheet: readonly Column[] = [
  ...(['targetId', 'tenantId', 'paused', 'control', 'controlVersion', 'severity', 'verdict'] as const),
  ...(['stale', 'waived', 'resource'] as const),
  ...roomColumns,
];
const notRunSheet: readonly Column[] = [
  ...(['targetId', 'tenantId', 'paused', 'control', 'severity', 'verdict', 'stale', 'message'] as const),
];
const unreadableSheet: readonly Column[] = ['targetId', 'verdict', 'level', 'message'];

const wide: readonly Column[] = ['message', 'waivedReason', 'requestIds', 'roomDetail'];
const narrow: readonly Column[] = [
  'paused',
  'stale',
  'waived',
  'level',
  'severity',
  'controlVersion',
  'requests',
];

/** Times are in UTC, as everywhere: a cell cannot say so, and the first sheet does. */
const timeFormat = 'yyyy-mm-dd hh:mm:ss';

/**
 * Findings as a workbook: a sheet that says when it was made and of what, one with the rows and columns of the CSV, one for
 * rooms where they are asked for, one for controls that have not run yet, and one for what cannot be understood.
 * @throws {NotFoundError} when there is no such target, or none of the customer. {@link InputError} when its cells hold more than `limit` bytes.
 */
export async function xlsxExport(
  services: ExportServices,
  request: ExportRequest,
  limit = mostText,
): Promise<Uint8Array> {
  const reading = await beginReading(services, request);
  requireAny(request.filter, reading);
  const { now, targets, unreadable } = reading;
  const budget = new Budget(limit);
  const sheet = (name: string, shown: readonly Column[]) => new Sheet(name, shown, budget);
  const ofTarget = withPaused(reading.listed);
  const findings = sheet('Findings', columns);
  const counts = new Map<string, number>(verdicts.map((verdict) => [verdict, 0]));
  for await (const finding of reading.findings) {
    counts.set(finding.verdict, (counts.get(finding.verdict) ?? 0) + 1);
    for (const row of rowsOf(finding)) findings.add(ofTarget(row));
  }
  const rooms = sheet('Rooms', roomSheet);
  for await (const { of, row } of reading.rooms) rooms.add(ofTarget(roomRow(of, row)));
  const notRun = sheet('Not run', notRunSheet);
  for (const missing of reading.notRun) notRun.add(ofTarget(notRunRow(missing)));
  const lost = sheet('Unreadable', unreadableSheet);
  for (const kept of unreadable) lost.add(unreadableRow(kept));
  const about: [string, string | number][] = [
    ['What', 'Findings of Syncwarden'],
    ['Version', version],
    ['Made at', now.toISOString()],
    ['Times', 'All times are in UTC.'],
    ['Of', saidFilter(request.filter)],
    ['Targets', targets.length],
    ['Findings', [...counts.values()].reduce((sum, count) => sum + count, 0)],
    ...[...counts].map(([verdict, count]): [string, number] => [`Findings: ${verdict}`, count]),
    ['Rows in Findings', findings.length],
    ...(request.hasRooms === true ? [['Rows in Rooms', rooms.length] as [string, number]] : []),
    ['Controls that have not run yet', notRun.length],
    ['What cannot be read', lost.length],
  ];
  const { writeXlsx } = await import('./xlsx-writer.js');
  return writeXlsx({
    properties: { title: 'Findings of Syncwarden', creator: 'Syncwarden', created: now, modified: now },
    sheets: [
      {
        name: 'About',
        columns: [{ width: 32 }, { width: 60 }],
        rows: about,
      },
      ...[findings, ...(request.hasRooms === true ? [rooms] : []), notRun, lost].map((each) => each.made()),
    ],
  });
}

/** How much has gone into all sheets. */
class Budget {
  private used = 0;

  constructor(private readonly limit: number) {}

  /** @throws {InputError} when it is more than a file may have. */
  spend(cells: readonly Cell[]): void {
    // What is no text takes about as much as a short one.
    for (const cell of cells) this.used += typeof cell === 'string' ? Buffer.byteLength(cell) + 4 : 8;
    if (this.used > this.limit) throw tooLarge(this.limit);
  }
}

/** A sheet in the making. */
class Sheet {
  private readonly rows: Cell[][] = [];

  constructor(
    private readonly name: string,
    private readonly shown: readonly Column[],
    private readonly budget: Budget,
  ) {}

  /** How many rows there are, without the head. */
  get length(): number {
    return this.rows.length;
  }

  /** @throws {InputError} when it is more than a file may have. */
  add(row: ExportRow): void {
    const cells = this.shown.map((column) => cellOf(column, row[column]));
    this.budget.spend(cells);
    this.rows.push(cells);
  }

  /** The sheet as the library takes it: the head stays in sight, and every column can be filtered by. */
  made() {
    const last = letters(this.shown.length);
    return {
      name: this.name,
      columns: this.shown.map((column) => ({
        width: widthOf(column),
        ...(timeColumns.includes(column) ? { numFmt: timeFormat } : {}),
      })),
      rows: [[...this.shown], ...this.rows],
      freezePane: { rows: 1 },
      autoFilter: { range: `A1:${last}${this.rows.length + 1}` },
    };
  }
}

/** Numbers and truths stay what they are, times become dates, and all else is text. */
function cellOf(column: Column, value: ExportRow[Column]): Cell {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return value;
  if (!timeColumns.includes(column)) return cellText(value);
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? cellText(value) : time;
}

function widthOf(column: Column): number {
  if (wide.includes(column)) return 60;
  if (narrow.includes(column)) return 12;
  return timeColumns.includes(column) ? 20 : 28;
}

/** The name of the column at this place, from 1. */
function letters(place: number): string {
  const rest = Math.floor((place - 1) / 26);
  return `${rest === 0 ? '' : letters(rest)}${String.fromCharCode(65 + ((place - 1) % 26))}`;
}
