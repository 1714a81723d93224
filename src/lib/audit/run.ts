import { controls } from '../controls';
import type { Control } from '../controls/control';
import { conclude, unreadable } from '../controls/evaluation';
import { NotFoundError, TargetChangedError } from '../errors';
import { ForeignTenantError } from '../microsoft365/sign-in/credentials';
import type { Tenant, Tenants } from '../microsoft365/tenant';
import type { Waits } from '../microsoft365/wire/retry';
import { type Finding, violationCodes } from '../model/finding';
import type { StoredTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import type { AuditRun } from './audit-run';
import { manualRunId } from './dispatch';
import { measurementsOf } from './measurements';
import { readOrFault } from './reading';
import { record, type Records } from './record';

export interface AuditServices extends Records {
  tenants: Tenants;
  /** Told of a control that has become compliant. */
  onCompliant?: (finding: Finding, telemetry: Telemetry) => Promise<void>;
}

/**
 * Runs controls on a target and keeps what they find, in the order asked. The controls share what they read; each
 * stands alone in everything else: a fault in one makes that one `unknown`.
 * @throws {TargetChangedError} when the target was changed or deleted meanwhile.
 */
export async function auditTarget(
  services: AuditServices,
  telemetry: Telemetry,
  target: StoredTarget,
  chosen: readonly Control<unknown>[],
  runId: string,
): Promise<Finding[]> {
  const open = openTenant(services.tenants, target);
  // All of them end, even when one fails: an error must not leave others writing behind the caller's back.
  const outcomes = await Promise.allSettled(
    chosen.map((control) => auditControl(services, telemetry, target, control, runId, open)),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** How often an audit starts over because its target was changed under it. */
const mostRestarts = 3;

/**
 * Audits a target now, whether it is paused or not.
 * @throws {NotFoundError} when there is no such target.
 */
export async function auditNow(
  services: AuditServices,
  telemetry: Telemetry,
  targetId: string,
  chosen: readonly ControlId[] | undefined,
): Promise<Finding[]> {
  const selected = chosen === undefined ? controls : controls.filter(({ id }) => chosen.includes(id));
  for (let restart = 0; ; restart++) {
    const target = await services.targets.get(targetId);
    if (target === undefined) throw new NotFoundError(`There is no target ${targetId}.`);
    try {
      return await auditTarget(services, telemetry, target, selected, manualRunId(services.now()));
    } catch (error) {
      if (!(error instanceof TargetChangedError) || restart === mostRestarts) throw error;
    }
  }
}

async function auditControl(
  services: AuditServices,
  telemetry: Telemetry,
  target: StoredTarget,
  control: Control<unknown>,
  runId: string,
  open: (() => Tenant) | ForeignTenantError,
): Promise<Finding> {
  return keep(services, telemetry, await runControl(services, target, control, runId, open));
}

/** What a run in the queue came to. */
export interface Turn {
  run: AuditRun;
  /** It gave way to others, in place of waiting so long, in milliseconds: what it has read is not complete. */
  heldUpMs: number | undefined;
}

/** Reads a target with one control, without holding up what waits behind it in the queue. Nothing is kept yet. */
export async function runInTurn(
  services: AuditServices,
  target: StoredTarget,
  control: Control<unknown>,
  runId: string,
): Promise<Turn> {
  const open = openTenant(services.tenants, target, 'short');
  const run = await runControl(services, target, control, runId, open);
  return { run, heldUpMs: open instanceof ForeignTenantError ? undefined : open().heldUpMs };
}

/** Reads a target with one control now. Nothing is kept yet. */
export function runNow(
  services: AuditServices,
  target: StoredTarget,
  control: Control<unknown>,
): Promise<AuditRun> {
  const runId = manualRunId(services.now());
  return runControl(services, target, control, runId, openTenant(services.tenants, target));
}

async function runControl(
  { now, log }: AuditServices,
  target: StoredTarget,
  control: Control<unknown>,
  runId: string,
  open: (() => Tenant) | ForeignTenantError,
): Promise<AuditRun> {
  if (open instanceof ForeignTenantError) {
    const reason = unreadable({ cause: 'permission', message: open.message });
    const evaluation = conclude([reason], '', { evidence: {} });
    return { target, control, evaluation, runId, checkedAt: now(), requests: 0 };
  }
  return { target, control, runId, ...(await readOrFault(open(), control, target, now(), log)) };
}

/** Keeps what a run found, and says so. */
export async function keep(services: AuditServices, telemetry: Telemetry, run: AuditRun): Promise<Finding> {
  const { target, evaluation } = run;
  const { serviceAccountId: id, serviceAccountUpn: upn } = evaluation;
  if (id !== undefined && (id !== target.serviceAccountId || upn !== target.serviceAccountUpn)) {
    await services.targets.learnServiceAccountId(target, id, upn);
  }
  const { disputes } = evaluation;
  if (disputes !== undefined && JSON.stringify(disputes) !== JSON.stringify(target.disputes ?? []))
    await services.targets.learnDisputes(target, disputes);
  const finding = await record(run, services, telemetry);
  if (finding.verdict === 'compliant' && finding.since === finding.checkedAt) {
    await services.onCompliant?.(finding, telemetry);
  }
  const codes = violationCodes(finding.reasons);
  telemetry.event(
    'AuditCompleted',
    { ...findingProperties({ ...finding, codes }), at: finding.checkedAt, runId: finding.runId },
    measurementsOf(run, finding, services.now()),
  );
  return finding;
}

function openTenant(
  tenants: Tenants,
  target: StoredTarget,
  waits: Waits = 'long',
): (() => Tenant) | ForeignTenantError {
  try {
    return tenants.open(target.tenantId, undefined, waits);
  } catch (error) {
    if (error instanceof ForeignTenantError) return error;
    throw error;
  }
}
