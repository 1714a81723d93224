import * as z from 'zod';
import { viewOf } from '../../api/targets';
import { controls } from '../../controls';
import { NotFoundError } from '../../errors';
import { Finding } from '../../model/finding';
import { isReadable, type ListedTarget, type TargetView } from '../../model/target';
import type { Unreadable } from '../../model/unreadable';
import { controlIds, severities, type Verdict } from '../../model/verdict';
import { findingOf, type FindingTable } from '../../storage/findings';
import type { HistoryTable } from '../../storage/history';
import { largestPage } from '../../storage/pages';
import type { RemediationTable } from '../../storage/remediations';
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
  waivers: WaiverTable;
  remediations: RemediationTable;
  settings: { retentionDays: number };
  now: () => Date;
}

/** Which findings are exported; all unless told. */
export interface ExportFilter {
  targetId?: string | undefined;
  control?: string | undefined;
  verdict?: Verdict | undefined;
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
  /** All of them. */
  watched: ListedTarget[];
  /** Those that could be understood. */
  targets: TargetView[];
  /** Those that could not. */
  unreadable: Unreadable[];
  notRun: NotRun[];
}

/** Reads the targets. One that was deleted is not among them. */
export async function readTargets(
  services: ExportServices,
  { targetId, control, verdict }: ExportFilter,
  now: Date,
): Promise<ExportedTargets> {
  const exported: ExportedTargets = { watched: [], targets: [], unreadable: [], notRun: [] };
  const overdue = await readOverdue(services, now);
  const wanted = controls.filter(({ id }) => control === undefined || id === control);
  for await (const targetStatus of targetStatuses(services.findings, pagesOf(services, targetId))) {
    const { target, statuses } = targetStatus;
    exported.watched.push(target);
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
  let continuation: string | undefined;
  do {
    const page = await services.findings.page(filter, { continuation, limit: largestPage });
    page.unreadable?.forEach(told);
    for (const stored of page.items) {
      const target = byId.get(stored.targetId);
      // Put or deleted in this very moment: it is part of the next export.
      if (target === undefined) continue;
      const stale = overdue.isStale(target, stored.control, stored);
      yield { ...findingOf(stored), stale };
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
}

/** Refuses to export a target that does not exist. @throws {NotFoundError} */
export function requireOne({ targetId }: ExportFilter, found: { length: number }): void {
  if (targetId !== undefined && found.length === 0)
    throw new NotFoundError(`There is no target ${targetId}.`);
}
