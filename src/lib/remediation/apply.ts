import { isUnread } from '../audit/pins';
import { readControl, type ControlReading, requirementOf } from '../audit/reading';
import { control as controlOf } from '../controls';
import type { Control } from '../controls/control';
import { digest } from '../controls/plan';
import { counted } from '../counted';
import { NotFoundError, RefusedError } from '../errors';
import type { Writers } from '../microsoft365/writer';
import type { Finding } from '../model/finding';
import type { PlanOption } from '../model/plan';
import { type Author, type Remediation, type RepairResult, resultOf } from '../model/remediation';
import { type StoredTarget, subjectOf } from '../model/target';
import type { ControlId } from '../model/verdict';
import { remediationIdAt } from '../storage/remediations';
import type { Telemetry } from '../telemetry/telemetry';
import { withLease } from './exclusive';
import { GateRun, readingMs, randomSuffix, type RemediationServices } from './gate';
import type { Lease } from './lease';
import { type AgreedPlan, planOf } from './plan';

/** What a repair is about. */
export interface RepairRequest {
  targetId: string;
  control: ControlId;
  include: readonly PlanOption[];
}

/** What a plan is made from. */
type PlanServices = Pick<RemediationServices, 'targets' | 'tenants' | 'endpoints' | 'now'>;

/** Reads the tenant and says what it would take. Changes nothing, and needs no identity that could. */
export async function proposePlan(
  services: PlanServices,
  { targetId, control: id, include }: RepairRequest,
): Promise<AgreedPlan> {
  const target = await existing(services, targetId);
  return planNow(services, target, controlOf(id), include, readingMs);
}

/**
 * Makes exactly the changes that were agreed to, and looks at what they came to.
 * @throws {RefusedError} `remediation.disabled`, `remediation.busy`, `remediation.interrupted`, `plan.stale` with the
 *   plan as it is now, `plan.tooLarge`. Nothing was changed then.
 */
export async function applyPlan(
  services: RemediationServices,
  telemetry: Telemetry,
  request: RepairRequest & { planHash: string },
  by: Author,
): Promise<RepairResult> {
  const target = await existing(services, request.targetId);
  const writers = writersFor(services, target);
  return withLease(services, telemetry, target, async (lease) => {
    const control = controlOf(request.control);
    const plan = await planNow(services, target, control, request.include, readingMs - lease.waitedMs);
    agree(plan, request.planHash, services.maxChanges);
    const remediation: Remediation = {
      ...begin(services, target, control, by, plan.planHash),
      changes: plan.changes.map((change) => ({ ...change, state: 'notSent' })),
      manualSteps: plan.manualSteps,
    };
    await requireHeld(lease, target);
    await services.remediations.create(remediation);
    const writer = lease.guard(writers.open(target.tenantId));
    const run = new GateRun(services, telemetry, {
      target,
      control,
      writer,
      remediation,
      include: request.include,
    });
    const ended = await carryOut(run, plan);
    return resultOf(ended.remediation, ended.finding);
  });
}

async function carryOut(
  run: GateRun,
  plan: AgreedPlan,
): Promise<{ remediation: Remediation; finding: Finding }> {
  if (!(await run.makeChanges())) {
    // What was made so far may show or not; what counts is where the tenant stands now.
    const { finding } = await run.see(() => true);
    return {
      finding,
      remediation: await run.end('failed', finding, run.whyStopped),
    };
  }
  const { finding, reading } = await run.see(
    (seen) => isFine(seen) || plan.changes.length === 0 || (isDecided(seen) && run.areSeen(seen)),
  );
  // With no changes to make, too: a finding that could not be read is not fine because there was nothing to plan.
  if (isFine(reading)) return { finding, remediation: await run.end('verified', finding) };
  const left = run.areSeen(reading)
    ? `${madeOf(plan)} ${finding.control} is still ${finding.verdict}: ${finding.summary}`
    : 'Microsoft 365 accepted every change, and does not show them all yet. The next audits will tell.';
  return { finding, remediation: await run.end('unverified', finding, left) };
}

/** Whether looking again would tell no more: what is unknown about how a tenant is set up does not become known by waiting. */
function isDecided({ evaluation: { verdict, reasons } }: ControlReading): boolean {
  return verdict === 'nonCompliant' || !reasons.some(isUnread);
}

/** How far a plan came of which every change is seen. */
function madeOf({ changes, manualSteps }: AgreedPlan): string {
  if (changes.length > 1) return `All ${counted(changes.length, 'change')} are in the tenant.`;
  if (changes.length === 1) return 'The one change is in the tenant.';
  return manualSteps.length > 0
    ? 'Nothing was sent: the plan has only steps that are done by hand.'
    : 'Nothing was sent: there was nothing to change.';
}

function isFine({ evaluation }: ControlReading): boolean {
  return evaluation.verdict === 'compliant' || evaluation.verdict === 'notApplicable';
}

/** @throws {RefusedError} unless the plan is the one that was agreed to, and no larger than allowed. */
function agree(plan: AgreedPlan, planHash: string, maxChanges: number): void {
  const { changes, manualSteps } = plan;
  if (plan.planHash !== planHash.toLowerCase()) {
    const message =
      'The tenant has changed since this plan was made, or the plan is that of another target. Look at the new plan, and agree to that.';
    throw new RefusedError('plan.stale', message, { planHash: plan.planHash, changes, manualSteps });
  }
  if (changes.length > maxChanges) {
    const message = `The plan has ${counted(changes.length, 'change')}, and no more than ${maxChanges} may be made at once. Raise REMEDIATION_MAX_CHANGES, or repair some by hand.`;
    throw new RefusedError('plan.tooLarge', message);
  }
}

async function planNow(
  services: PlanServices,
  target: StoredTarget,
  control: Control<unknown>,
  include: readonly PlanOption[],
  milliseconds: number,
): Promise<AgreedPlan> {
  const now = services.now();
  const tenant = services.tenants.open(target.tenantId, milliseconds)();
  const read = await readControl(tenant, control, target, now);
  return planOf(control, read, { ...requirementOf(target, now), include }, services.endpoints);
}

/** Before anything is recorded. @throws {RefusedError} when the lease was lost while the tenant was read. */
export async function requireHeld(lease: Lease, { targetId }: StoredTarget): Promise<void> {
  if (await lease.confirm()) return;
  const message = `Whether another remediation of ${targetId} has begun could not be made sure of. Nothing was changed. Try again in a minute.`;
  throw new RefusedError('remediation.busy', message);
}

/** The head of a remediation's record. */
export function begin(
  { now }: RemediationServices,
  target: StoredTarget,
  control: Control<unknown>,
  by: Author,
  planHash: string,
): Omit<Remediation, 'changes' | 'manualSteps'> {
  const startedAt = now();
  return {
    remediationId: remediationIdAt(startedAt, randomSuffix()),
    targetId: target.targetId,
    tenantId: target.tenantId,
    subject: digest(subjectOf(target)),
    control: control.id,
    controlVersion: control.version,
    planHash,
    status: 'running',
    by,
    startedAt: startedAt.toISOString(),
    endedAt: null,
  };
}

/** @throws {NotFoundError} */
export async function existing(
  { targets }: Pick<RemediationServices, 'targets'>,
  targetId: string,
): Promise<StoredTarget> {
  const target = await targets.get(targetId);
  if (target === undefined) throw new NotFoundError(`There is no target ${targetId}.`);
  return target;
}

/** @throws {RefusedError} when there is no identity that may write to this tenant. */
export function writersFor({ writers }: RemediationServices, { tenantId }: StoredTarget): Writers {
  if (writers === undefined) {
    const message = 'No identity that writes is set up: set REMEDIATION_CLIENT_ID. Plans work without it.';
    throw new RefusedError('remediation.disabled', message);
  }
  if (!writers.canReach(tenantId)) {
    const message = `The identity that writes cannot reach tenant ${tenantId}: set FEDERATED_REMEDIATION_APP_CLIENT_ID to a multi-tenant application that is consented there.`;
    throw new RefusedError('remediation.disabled', message);
  }
  return writers;
}
