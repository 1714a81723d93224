import { control, controls } from '../controls';
import { compareText } from '../controls/evaluation';
import { type CodeDeclaration, unreadableTitles } from '../controls/codes';
import { type ControlId, severities, type Severity } from '../model/verdict';
import type { Cell, Concern, Row } from './model';
import { lookOfCell, needsAttention } from './page/words';

/** What more targets than this have in common is told once. */
export const mostAlone = 10;

/** Of what many have in common so many targets are named. */
export const namedOfMany = 10;

/** One thing that is wrong with one target, and by what it is the same as that of another. */
export interface Trouble {
  row: Row;
  cell: Cell;
  /** The same for all that have the same cause. */
  cause: CauseOfTrouble;
}

/** What makes things that are wrong the same. */
export interface CauseOfTrouble {
  kind: Concern['kind'];
  /** Undefined for what is about all controls alike. */
  control: ControlId | undefined;
  /** Undefined where it has none. */
  code: string | undefined;
}

/**
 * Everything that somebody has to look after, the most severe first, then the newest. What is wrong for the same reason with
 * more than {@link mostAlone} targets is one concern; everything else is one for each finding. Paused targets need nobody.
 */
export function concernsOf(rows: readonly Row[]): Concern[] {
  const troubles = rows.filter(({ paused }) => !paused).flatMap(troublesOf);
  const byCause = Map.groupBy(troubles, ({ cause }) => keyOf(cause));
  const shared = [...byCause.values()].filter((group) => targetsOf(group).size > mostAlone);
  const told = new Set(shared.flat());
  const alone = troubles.filter((trouble) => !told.has(trouble));
  const byFinding = Map.groupBy(alone, aloneWith);
  return [...shared.map(sharedConcern), ...[...byFinding.values()].map(ownConcern)].sort(worstThenNewest);
}

/** What is wrong with a target: each violation, and what is not known, each by its cause. */
export function troublesOf(row: Row): Trouble[] {
  const bad = row.cells.filter((cell) => needsAttention(lookOfCell(cell)));
  const [first] = row.cells;
  if (row.unreadable !== undefined && first !== undefined)
    return [{ row, cell: first, cause: { kind: 'target', control: undefined, code: undefined } }];
  return bad.flatMap((cell) => causesOf(cell).map((cause) => ({ row, cell, cause })));
}

function causesOf(cell: Cell): CauseOfTrouble[] {
  const { control: id, checkedAt, codes, unknownCodes } = cell;
  const look = lookOfCell(cell);
  if (checkedAt === null) return [{ kind: 'never', control: undefined, code: undefined }];
  if (look === 'stale') return [{ kind: 'stale', control: undefined, code: undefined }];
  const given = look === 'nonCompliant' ? codes : unknownCodes;
  const kind = look === 'nonCompliant' ? 'violation' : 'unknown';
  if (given.length === 0) return [{ kind, control: id, code: undefined }];
  return given.map((code) => ({ kind, control: id, code }));
}

/** What has no code has only itself in common with others of its control. */
function keyOf({ kind, control: id, code }: CauseOfTrouble): string {
  return [kind, id ?? '', code ?? ''].join(' ');
}

/** What is told together of one target: a finding, or all that never ran or was not looked at in time. */
function aloneWith({ row: { targetId }, cause: { kind, control: id } }: Trouble): string {
  return [targetId, kind, id ?? ''].join(' ');
}

function targetsOf(group: readonly Trouble[]): Set<Row> {
  return new Set(group.map(({ row }) => row));
}

function sharedConcern(group: readonly Trouble[]): Concern {
  const targets = [...targetsOf(group)];
  const { cause } = first(group);
  return {
    ...common(group),
    isShared: true,
    sentence: titleOf(cause),
    codes: cause.code === undefined ? [] : [cause.code],
    targets: targets.slice(0, namedOfMany),
    count: targets.length,
  };
}

function ownConcern(group: readonly Trouble[]): Concern {
  const { row, cell, cause } = first(group);
  const codes = group.flatMap((trouble) => trouble.cause.code ?? []);
  const hasSentence = (cause.kind === 'violation' || cause.kind === 'unknown') && cell.summary !== '';
  return {
    ...common(group),
    isShared: false,
    sentence: hasSentence ? cell.summary : titleOf(cause),
    codes,
    targets: [row],
    count: 1,
  };
}

function common(
  group: readonly Trouble[],
): Omit<Concern, 'isShared' | 'sentence' | 'codes' | 'targets' | 'count'> {
  const { cause } = first(group);
  const cells = group.map(({ cell }) => cell);
  const times = cells.flatMap(({ since }) => since ?? []).sort();
  const changes = cells.flatMap(({ changedAt }) => changedAt ?? []).sort();
  return {
    kind: cause.kind,
    control: cause.control,
    severity: worstOf(cells.map(({ severity }) => severity)),
    since: cause.kind === 'violation' || cause.kind === 'unknown' ? times[0] : undefined,
    changedAt: changes.at(-1),
  };
}

/** There is always one: groups are made of what they hold. */
function first<T>([item]: readonly T[]): T {
  if (item === undefined) throw new Error('There is nothing in the group.');
  return item;
}

/** The most severe of these. */
export function worstOf(present: readonly Severity[]): Severity {
  return severities.find((severity) => present.includes(severity)) ?? severities[0];
}

/** What a cause is called, as a sentence without a stop. */
function titleOf({ kind, control: id, code }: CauseOfTrouble): string {
  if (kind === 'never') return 'Not audited yet';
  if (kind === 'stale') return 'Not verified in time';
  if (kind === 'target') return 'The target cannot be read, so nobody audits it';
  const title = code === undefined || id === undefined ? undefined : titleOfCode(id, code);
  return title ?? (kind === 'violation' ? 'Not compliant' : 'Could not be read');
}

/** What a control calls a code; undefined for one that this version does not have. */
export function titleOfCode(id: ControlId, code: string): string | undefined {
  const declared: Readonly<Record<string, CodeDeclaration>> = control(id).codes;
  const titles: Readonly<Record<string, string>> = unreadableTitles;
  return Object.hasOwn(declared, code) ? declared[code]?.title : titles[code];
}

const order = controls.map(({ id }) => id);
const kinds: readonly Concern['kind'][] = ['target', 'violation', 'unknown', 'stale', 'never'];

/** What is known to be wrong comes before what is not known. Equals come in the order of controls and targets. */
function worstThenNewest(a: Concern, b: Concern): number {
  return (
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    -compareText(a.changedAt ?? '', b.changedAt ?? '') ||
    b.count - a.count ||
    order.indexOf(a.control ?? 'account') - order.indexOf(b.control ?? 'account') ||
    compareText(a.targets[0]?.targetId ?? '', b.targets[0]?.targetId ?? '')
  );
}
