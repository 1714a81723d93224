import * as z from 'zod';
import { asksForTargets, chooses, rangesOf } from '../../api/target-choice';
import { viewOf } from '../../api/targets';
import { controls } from '../../controls';
import { Finding } from '../../model/finding';
import { isReadable, type ListedTarget, type TargetView } from '../../model/target';
import type { Unreadable } from '../../model/unreadable';
import { type ControlId, controlIds, severities, type Severity, type Verdict } from '../../model/verdict';
import { encodeKey } from '../../storage/keys';
import { findingOf, type FindingTable, type StoredFinding } from '../../storage/findings';
import type { HistoryTable } from '../../storage/history';
import { largestPage } from '../../storage/pages';
import type { RemediationTable } from '../../storage/remediations';
import type { ResourceTable } from '../../storage/resources';
import type { TargetTable } from '../../storage/targets';
import type { Told } from '../../storage/unreadable';
import type { WaiverTable } from '../../storage/waivers';
import { type OverdueServices, readOverdue } from '../../watch/overdue';
import { targetStatuses, targetVerdict } from '../../watch/target-status';

/** What exports are read from. */
export interface ExportServices extends OverdueServices {
  targets: TargetTable;
  findings: FindingTable;
  history: HistoryTable;
  resources: ResourceTable;
  waivers: WaiverTable;
  remediations: RemediationTable;
  settings: { retentionDays: number };
  now: () => Date;
}

/** Which findings are exported; all unless told. */
export interface ExportFilter {
  targetId?: string | undefined;
  control?: ControlId | undefined;
  verdict?: Verdict | undefined;
  severity?: Severity | undefined;
  /** Nothing of any other customer is in the file, nor of what cannot be told whose it is. */
  customer?: string | undefined;
  tag?: string | undefined;
}

const Stale = z.boolean().describe('Not verified for longer than is allowed. Never true of a paused target.');

/** A finding, and how it stands at the time of the export. */
export const ExportedFinding = Finding.extend({ stale: Stale });
export type ExportedFinding = z.infer<typeof ExportedFinding>;

/** A control that has not run on a target yet. It is unknown, and there is no finding that says so. */
export const NotRun = z.object({
  targetId: z.string(),
  tenantId: z.string(),
  control: z.enum(controlIds),
  severity: z.enum(severities),
  stale: Stale,
});
export type NotRun = z.infer<typeof NotRun>;

/** The targets of an export, and which controls have not run on them yet. */
export interface ExportedTargets {
  /** All of them, paused ones too. */
  listed: ListedTarget[];
  /** Those that could be understood. */
  targets: TargetView[];
  /** Those that could not. */
  unreadable: Unreadable[];
  notRun: NotRun[];
}

/** Reads the targets. One that was deleted is not among them. */
export async function readExportedTargets(
  services: ExportServices,
  filter: ExportFilter,
  now: Date,
): Promise<ExportedTargets> {
  const { control, verdict, severity: only } = filter;
  const exported: ExportedTargets = { listed: [], targets: [], unreadable: [], notRun: [] };
  const overdue = await readOverdue(services, now);
  const wanted = controls
    .filter(({ id }) => control === undefined || id === control)
    .filter(({ severity }) => only === undefined || severity === only);
  const pages = chosenPages(services, filter, (kept) => exported.unreadable.push(kept));
  for await (const targetStatus of targetStatuses(services.findings, pages)) {
    const { target, statuses } = targetStatus;
    exported.listed.push(target);
    if (isReadable(target)) exported.targets.push(viewOf(target, targetVerdict(targetStatus)));
    else exported.unreadable.push(target.unreadable);
    if (verdict !== undefined && verdict !== 'unknown') continue;
    for (const { id, severity } of wanted) {
      if (statuses.some((status) => status.control === id)) continue;
      const stale = overdue.isStale(target, id, undefined);
      exported.notRun.push({
        targetId: target.targetId,
        tenantId: target.tenantId,
        control: id,
        severity,
        stale,
      });
    }
  }
  return exported;
}

/** The targets of the filter, page by page. Of one of which nobody can say whether it is asked for `told` hears. */
async function* chosenPages(
  services: ExportServices,
  filter: ExportFilter,
  told: Told,
): AsyncGenerator<readonly ListedTarget[]> {
  for await (const page of pagesOf(services, filter.targetId)) {
    for (const target of page)
      if (!isReadable(target) && chooses(filter, target) === 'undecided') told(target.unreadable);
    yield page.filter((target) => chooses(filter, target) === 'chosen');
  }
}

async function* pagesOf(
  { targets }: ExportServices,
  targetId: string | undefined,
): AsyncGenerator<readonly ListedTarget[]> {
  if (targetId === undefined) {
    yield* targets.all();
    return;
  }
  const target = await targets.look(targetId);
  if (target !== undefined) yield [target];
}

/** Every finding that passes the filter, in the order of targets. A page of them at a time is in memory. */
export async function* readFindings(
  services: ExportServices,
  filter: ExportFilter,
  targets: readonly ListedTarget[],
  now: Date,
  told: Told,
): AsyncGenerator<ExportedFinding> {
  const overdue = await readOverdue(services, now);
  const byId = new Map(targets.map((target) => [target.targetId, target]));
  for await (const stored of storedFindings(services, filter, targets, told)) {
    const target = byId.get(stored.targetId);
    // Put or deleted in this very moment: it is part of the next export.
    if (target === undefined) continue;
    const stale = overdue.isStale(target, stored.control, stored);
    yield { ...findingOf(stored), stale };
  }
}

async function* storedFindings(
  { findings }: ExportServices,
  filter: ExportFilter,
  targets: readonly ListedTarget[],
  told: Told,
): AsyncGenerator<StoredFinding> {
  if (asksForTargets(filter)) {
    const chosen = new Set(targets.map(({ targetId }) => encodeKey(targetId)));
    for (const range of rangesOf(targets, filter))
      for await (const { partitionKey, found } of findings.range(range, filter)) {
        if (!chosen.has(partitionKey)) continue;
        if ('unreadable' in found) told(found.unreadable);
        else yield found;
      }
    return;
  }
  let continuation: string | undefined;
  do {
    const page = await findings.page(filter, { continuation, limit: largestPage });
    page.unreadable?.forEach(told);
    yield* page.items;
    continuation = page.continuation;
  } while (continuation !== undefined);
}
