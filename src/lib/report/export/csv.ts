import { stringify } from 'csv-stringify/sync';
import { plainText } from './plain-text';
import { beginReading, type ExportRequest, requireAny } from './reading';
import {
  type Column,
  columns,
  type ExportRow,
  notRunRow,
  roomColumns,
  roomRow,
  rowsOf,
  unreadableRow,
  withPaused,
} from './rows';
import type { ExportServices } from './sources';

/**
 * Findings as CSV (RFC 4180) in UTF-8 with a byte order mark, as Excel wants it: one row for each reason, one for each
 * finding without any, one for each control that has not run yet, one for each room where they are asked for, and one for
 * whatever is kept and cannot be understood. Gives it piece by piece.
 * @throws {NotFoundError} when there is no such target, or none of the customer that is asked for.
 */
export async function* csvExport(services: ExportServices, request: ExportRequest): AsyncGenerator<string> {
  const reading = await beginReading(services, request);
  requireAny(request.filter, reading);
  const shown: readonly Column[] = request.hasRooms === true ? [...columns, ...roomColumns] : columns;
  const ofTarget = withPaused(reading.listed);
  const linesOf = (rows: readonly ExportRow[]) => lines(rows.map((row) => cells(shown, row)));
  yield `\uFEFF${lines([[...shown]])}`;
  for await (const finding of reading.findings) yield linesOf(rowsOf(finding).map(ofTarget));
  for (const missing of reading.notRun) yield linesOf([ofTarget(notRunRow(missing))]);
  for await (const { of, row } of reading.rooms) yield linesOf([ofTarget(roomRow(of, row))]);
  for (const kept of reading.unreadable) yield linesOf([unreadableRow(kept)]);
}

function lines(records: readonly string[][]): string {
  return stringify([...records], { quoted: true, record_delimiter: 'windows' });
}

function cells(shown: readonly Column[], row: ExportRow): string[] {
  return shown.map((column) => plainText(String(row[column] ?? '')));
}
