import { InputError, NotFoundError } from '../errors';
import type { Tenants } from '../microsoft365/tenant';
import {
  definitionOf,
  isReadable,
  type StoredTarget,
  subjectOf,
  type Target,
  type TargetView,
} from '../model/target';
import type { Verdict } from '../model/verdict';
import type { FindingTable } from '../storage/findings';
import type { Page, PageRequest } from '../storage/pages';
import type { ResourceTable } from '../storage/resources';
import { subjectIn } from '../storage/target-rows';
import type { TargetTable } from '../storage/targets';
import type { WaiverTable } from '../storage/waivers';
import { withStatuses, worstVerdict } from '../watch/target-status';

/** What the routes about targets are answered from. */
export interface TargetServices {
  targets: TargetTable;
  findings: FindingTable;
  resources: ResourceTable;
  waivers: WaiverTable;
  tenants: Tenants;
  now: () => Date;
}

/**
 * Targets, each with its worst verdict. Those that cannot be understood are listed apart, by what is wrong with them.
 * @throws {InputError} for a continuation that is none of this API.
 */
export async function pageOfTargets(
  services: TargetServices,
  request: PageRequest,
): Promise<Page<TargetView>> {
  const page = await services.targets.page(request);
  const items: TargetView[] = [];
  for await (const { target, statuses } of withStatuses(services.findings, page.items.filter(isReadable))) {
    if (isReadable(target)) items.push(viewOf(target, worstVerdict(statuses)));
  }
  const unreadable = page.items.flatMap((target) => (isReadable(target) ? [] : [target.unreadable]));
  return { ...page, items, ...(unreadable.length === 0 ? {} : { unreadable }) };
}

/** @throws {NotFoundError} {@link UnreadableError} when it is there and cannot be understood. */
export async function getTarget(services: TargetServices, targetId: string): Promise<TargetView> {
  const stored = await services.targets.get(targetId);
  if (stored === undefined) throw new NotFoundError(`There is no target ${targetId}.`);
  return view(services, stored);
}

/**
 * Creates or replaces a target. Findings and waivers of what is now another account, application, tenant or vendor
 * are removed: they would say "fine" about something that nobody has looked at.
 * @throws {InputError} when no token can be had for its tenant.
 */
export async function putTarget(
  services: TargetServices,
  target: Target,
): Promise<{ created: boolean; target: TargetView }> {
  requireReachable(services, target);
  const { stored, previous } = await services.targets.put(target, services.now());
  // Where nobody can tell, nothing that was found or accepted may be taken for what is there now.
  if (previous !== undefined && subjectIn(previous) !== subjectOf(stored)) {
    await deleteFindings(services, target.targetId);
  }
  return { created: previous === undefined, target: await view(services, stored) };
}

/** @throws {InputError} when no token can be had for the tenant of a target. */
export function requireReachable({ tenants }: TargetServices, { tenantId }: Target): void {
  if (tenants.canReach(tenantId)) return;
  const message =
    "is another tenant than the managed identity's own: set FEDERATED_APP_CLIENT_ID to a multi-tenant application that is consented there";
  throw new InputError([{ path: 'tenantId', message }]);
}

/** Deletes a target with its findings, their rows and its waivers; its history stays. @throws {NotFoundError} */
export async function deleteTarget(services: TargetServices, targetId: string): Promise<void> {
  // First the target, so that an audit that is under way records nothing afterwards.
  const existed = await services.targets.delete(targetId);
  await deleteFindings(services, targetId);
  if (!existed) throw new NotFoundError(`There is no target ${targetId}.`);
}

/** First the findings: rows without a finding are never shown, and the next audit replaces them. */
async function deleteFindings(services: TargetServices, targetId: string): Promise<void> {
  await services.findings.deleteAll(targetId);
  await services.resources.deleteAll(targetId);
  await services.waivers.deleteAll(targetId);
}

async function view(services: TargetServices, stored: StoredTarget): Promise<TargetView> {
  for await (const { statuses } of withStatuses(services.findings, [stored])) {
    return viewOf(stored, worstVerdict(statuses));
  }
  return viewOf(stored, 'unknown');
}

/** A target as the API shows it. */
export function viewOf(stored: StoredTarget, worst: Verdict): TargetView {
  return { ...definitionOf(stored), createdAt: stored.createdAt, worstVerdict: worst };
}
