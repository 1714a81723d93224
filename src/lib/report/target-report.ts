import { isAhead, unknownTime } from '../clock';
import { control } from '../controls';
import { NotFoundError } from '../errors';
import type { BriefTransition } from '../model/finding';
import { namesOf, type StoredTarget } from '../model/target';
import type { Remediation } from '../model/remediation';
import type { Unreadable } from '../model/unreadable';
import type { ControlId } from '../model/verdict';
import { hasExpired, type Waiver } from '../model/waiver';
import { outcomeOf } from '../remediation/outcome';
import { isUndoable, mayBeThere, undoneBy } from '../remediation/undoable';
import { findingOf, type StoredFinding, statusOf } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import { inBrief } from '../storage/history-rows';
import { readAll } from '../storage/pages';
import type { RemediationTable } from '../storage/remediations';
import type { ResourceTable } from '../storage/resources';
import type { WaiverTable } from '../storage/waivers';
import { readOverdue } from '../watch/overdue';
import { score } from '../watch/target-status';
import { rowOf } from './cells';
import type { Cell, ControlReport, RepairReport, ResourceReport, TargetReport } from './model';
import type { OverviewServices } from './overview';
import { byTimeDescending } from './recently-better';
import { resourceReport, type RowsWanted } from './resource-report';
import { productReport } from './product';
import { trendOf } from './target-trend';

/** What the page about one target is read from. */
export interface TargetReportServices extends OverviewServices {
  history: HistoryTable;
  resources: ResourceTable;
  waivers: WaiverTable;
  remediations: RemediationTable;
  now: () => Date;
}

/** How many of the last transitions of each control are shown; the rest is in the history. */
const shownTransitions = 10;

/** How many of the last repairs are shown; the API has them all. */
const shownRepairs = 20;

/** What the tables hold about a target. */
interface Records {
  findings: readonly StoredFinding[];
  /** Since it was made, newest first. */
  changes: readonly BriefTransition[];
  waivers: readonly Waiver[];
  /** The last of them, newest first. */
  remediations: readonly Remediation[];
  /** What of these cannot be understood. */
  unreadable: readonly Unreadable[];
  /** The controls whose findings are among that. */
  lost: ReadonlySet<string | undefined>;
}

/**
 * Reads the page about one target as it is now. Transitions of one that was deleted and had the same id are left out. A paused
 * target has no score, and no trend. A plan is no part of it: that needs the tenant.
 * @throws {NotFoundError} when there is no such target.
 */
export async function collectTargetReport(
  services: TargetReportServices,
  targetId: string,
  options: { resources?: RowsWanted | undefined } = {},
): Promise<TargetReport> {
  const now = services.now();
  const target = await services.targets.get(targetId);
  if (target === undefined) throw new NotFoundError(`There is no target ${targetId}.`);
  const madeAt = madeAtOf(target, now);
  const [records, overdue] = await Promise.all([
    readRecords(services, targetId, madeAt),
    readOverdue(services, now),
  ]);
  // Of one that was put by a clock which ran ahead no more is known than that it had been made by its first change.
  const firstChange = records.changes.at(-1)?.at ?? now.toISOString();
  const watchedFrom = madeAt === target.createdAt ? madeAt : firstChange;
  const resources = await readResources(services, records.findings, options.resources);
  const statuses = records.findings.map(statusOf);
  const { worstVerdict, cells } = rowOf({ target, statuses }, overdue);
  const { tenantId, serviceAccount, clientAppId, profile, paused } = target;
  const names = namesOf(target);
  return {
    generatedAt: now.toISOString(),
    targetId,
    ...names,
    tenantId,
    serviceAccount,
    clientAppId,
    profile,
    product: productReport(profile),
    paused,
    worstVerdict,
    controls: cells.map((cell) => controlReport(withLost(cell, records), records, now)),
    resources,
    repairs: records.remediations.map((repair) => repairReport(repair, records.remediations)),
    trend: paused ? [] : trendOf({ changes: records.changes, statuses, createdAt: watchedFrom }, now),
    score: paused ? undefined : score(statuses),
    requests: cells.reduce((sum, { requests }) => sum + requests, 0),
    unreadable: records.unreadable,
  };
}

/**
 * When a target was made, as far as changes are counted from it: since ever, where that lies ahead. Otherwise all that has
 * really happened to it would count as that of an earlier target of the same id.
 */
function madeAtOf({ createdAt }: StoredTarget, now: Date): string {
  return isAhead(createdAt, now) ? unknownTime : createdAt;
}

/**
 * The last transition of a finding, when it is not among these. It is written with the finding first: whoever found it may
 * have died before it came into the history.
 */
function notYetIn(changes: readonly BriefTransition[], { pending }: StoredFinding): BriefTransition[] {
  const last = pending.at(-1);
  if (last === undefined) return [];
  const isThere = changes.some(({ control: id, at }) => id === last.control && at === last.at);
  return isThere ? [] : [inBrief(last)];
}

async function readRecords(
  { findings, history, waivers, remediations }: TargetReportServices,
  targetId: string,
  madeAt: string,
): Promise<Records> {
  const [found, kept, accepted, repairs] = await Promise.all([
    readAll((request) => findings.page({ targetId }, request)),
    toArray(history.brief(targetId, new Date(madeAt))),
    readAll((request) => waivers.page(targetId, request)),
    remediations.page(targetId, { limit: shownRepairs }),
  ]);
  const changes = found.items.flatMap((finding) => notYetIn(kept, finding)).concat(kept);
  return {
    findings: found.items,
    changes: changes.sort(byTimeDescending),
    waivers: accepted.items,
    remediations: repairs.items,
    unreadable: [...found.unreadable, ...accepted.unreadable, ...(repairs.unreadable ?? [])],
    lost: new Set(found.unreadable.map(({ control: id }) => id)),
  };
}

async function readResources(
  { resources }: TargetReportServices,
  findings: readonly StoredFinding[],
  wanted: RowsWanted | undefined,
): Promise<ResourceReport[]> {
  const reports = await Promise.all(findings.map((finding) => resourceReport(resources, finding, wanted)));
  return reports.filter((report) => report !== undefined);
}

/** A control of which the finding cannot be understood has run, and nothing is known of it. */
function withLost(cell: Cell, { lost }: Records): Cell {
  return lost.has(cell.control) ? { ...cell, unreadable: true } : cell;
}

function controlReport(cell: Cell, { findings, changes, waivers }: Records, now: Date): ControlReport {
  const id: ControlId = cell.control;
  const finding = findings.find((candidate) => candidate.control === id);
  const waiver = waivers.find((candidate) => candidate.control === id);
  return {
    control: id,
    title: control(id).title,
    cell,
    finding: finding && findingOf(finding),
    transitions: changes.filter((change) => change.control === id).slice(0, shownTransitions),
    waiver: waiver === undefined ? null : shownWaiver(waiver, finding, now),
    plan: undefined,
  };
}

function repairReport(remediation: Remediation, others: readonly Remediation[]): RepairReport {
  const { remediationId, control: id, undoes, status, startedAt, by, changes } = remediation;
  return {
    ...{ remediationId, control: id, status, startedAt, by: by.name },
    ...(undoes === undefined ? {} : { undoes }),
    changes: changes.filter(mayBeThere).map(({ description }) => description),
    outcome: outcomeOf(remediation, undoes !== undefined),
    canUndo: isUndoable(remediation, others),
    isUndone: undoneBy(remediation, others) !== undefined,
  };
}

/** A waiver is in force while everything that was found is accepted, and it has not ended. */
function shownWaiver(
  waiver: Waiver,
  finding: StoredFinding | undefined,
  now: Date,
): NonNullable<ControlReport['waiver']> {
  const { by, reason, expiresAt } = waiver;
  return { by, reason, expiresAt, inForce: finding?.waived === true && !hasExpired(waiver, now) };
}

async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const array: T[] = [];
  for await (const item of items) array.push(item);
  return array;
}
