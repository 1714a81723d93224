import { CsvError, parse } from 'csv-parse/sync';
import { counted } from '../counted';
import { type FieldError, InputError } from '../errors';
import type { Target } from '../model/target';

/** One target of a file as it stands there, and where. */
export interface ImportRow {
  /** From 1; of a row that spans several lines the first. */
  line: number;
  value: unknown;
}

/** How many targets one call takes: what they come to is checked before the first is written. */
export const mostRows = 2000;

/** Targets as JSON lines: one object on each. @throws {InputError} that names the lines which are none. */
export function rowsOfJsonLines(text: string): ImportRow[] {
  const errors: FieldError[] = [];
  const rows = text.split('\n').flatMap((content, index): ImportRow[] => {
    const line = index + 1;
    if (content.trim() === '') return [];
    try {
      return [{ line, value: JSON.parse(content) as unknown }];
    } catch (error) {
      errors.push({ path: `line ${line}`, message: `is not valid JSON: ${(error as Error).message}` });
      return [];
    }
  });
  if (errors.length > 0) throw new InputError(errors);
  return rows;
}

/** How the text of a cell becomes a value. */
type Kind = 'text' | 'list' | 'flag' | 'number' | 'json';

/** What a column holds; one for each property of a target. Lists are separated by semicolons or new lines. */
const kinds: Readonly<Record<keyof Target, Kind>> = {
  targetId: 'text',
  displayName: 'text',
  customer: 'text',
  tags: 'list',
  tenantId: 'text',
  profile: 'text',
  serviceAccount: 'text',
  clientAppId: 'text',
  authorizedViaServiceAccount: 'flag',
  rooms: 'json',
  bookingWindowInDays: 'number',
  protocol: 'text',
  exchangeReader: 'text',
  signInSilentDays: 'number',
  access: 'text',
  acceptRetiredRole: 'flag',
  license: 'json',
  allowedExtraGrants: 'list',
  allowedExtraRoles: 'list',
  scopeGroups: 'json',
  paused: 'flag',
};

/**
 * Targets as CSV: the first line names properties of a target, each other line is one target, and an empty cell is one
 * that is left out. Comma, semicolon and tab separate, whichever the first line uses.
 * @throws {InputError} that names columns that are not known, lines that cannot be read, and cells that are not what they should be.
 */
export function rowsOfCsv(text: string): ImportRow[] {
  const [header = []] = parsed(text, { to: 1 }) as string[][];
  const names = header.map((name) => name.trim());
  const unknown = names.filter((name) => !Object.hasOwn(kinds, name));
  if (unknown.length > 0) {
    const known = Object.keys(kinds).join(', ');
    const message = `is not a property of a target; these are: ${known}`;
    throw new InputError(
      unknown.map((name) => ({ path: `line 1, ${name || 'a column without a name'}`, message })),
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InputError([{ path: `line 1, ${twice}`, message: 'stands there twice' }]);
  const errors: FieldError[] = [];
  const rows = linesOf(text).map(({ line, cells }): ImportRow => {
    const value: Record<string, unknown> = {};
    if (cells.length !== names.length)
      errors.push({
        path: `line ${line}`,
        message: `has ${counted(cells.length, 'cell')}, where the first line has ${names.length}`,
      });
    for (const [index, name] of names.entries()) {
      const cell = cells[index]?.trim() ?? '';
      if (cell === '') continue;
      try {
        value[name] = valueOf(cell, kinds[name as keyof Target]);
      } catch {
        errors.push({ path: `line ${line}, ${name}`, message: 'is not valid JSON, like {"source":"all"}' });
      }
    }
    return { line, value };
  });
  if (errors.length > 0) throw new InputError(errors);
  return rows;
}

function valueOf(cell: string, kind: Kind): unknown {
  if (kind === 'list')
    return cell
      .split(/[;\n]/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
  // Anything else stays as it is, and is refused by the schema with the words for it.
  if (kind === 'flag') return { true: true, false: false }[cell.toLowerCase()] ?? cell;
  if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
  return kind === 'json' ? (JSON.parse(cell) as unknown) : cell;
}

function linesOf(text: string): { line: number; cells: string[] }[] {
  const rows = parsed(text, { info: true, from: 2 }) as { record: string[]; info: { lines: number } }[];
  return rows.map(({ record, info }) => {
    // It is counted where a row ends, and its cells may span lines.
    const inner = record.join('').split('\n').length - 1;
    return { line: info.lines - inner, cells: record };
  });
}

/** @throws {InputError} where the text is no CSV, with the line. */
function parsed(text: string, more: { to?: number; from?: number; info?: boolean }): unknown[] {
  const [first = ''] = text.split('\n', 1);
  const delimiter = [';', '\t'].find((mark) => first.includes(mark)) ?? ',';
  try {
    return parse(text, { delimiter, bom: true, skip_empty_lines: true, relax_column_count: true, ...more });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? `line ${error['lines']}` : '';
    throw new InputError([{ path: line, message: `is not valid CSV: ${error.message}` }]);
  }
}
