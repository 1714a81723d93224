import type { Control } from '../controls/control';
import { conclude, unreadable } from '../controls/evaluation';
import type { Log } from '../log';
import { ForeignTenantError } from '../microsoft365/sign-in/credentials';
import type { Tenant, Tenants } from '../microsoft365/tenant';
import type { Waits } from '../microsoft365/wire/retry';
import type { StoredTarget } from '../model/target';
import type { AuditRun } from './audit-run';
import { readOrFault } from './reading';

/** What it takes to read a target. */
export interface VisitServices {
  tenants: Tenants;
  now: () => Date;
  log: Log;
}

/**
 * Reads a target with controls that are due together, and gives their runs in the order asked. They share what they read;
 * each stands alone in everything else: a fault in one makes that one `unknown`. Keeps nothing.
 * @param waits `short` where other visits wait for the place that this one takes: then a run may have given way to them,
 * and says so.
 */
export async function visit(
  { tenants, now, log }: VisitServices,
  target: StoredTarget,
  controls: readonly Control<unknown>[],
  runId: string,
  waits: Waits = 'long',
): Promise<AuditRun[]> {
  const open = openTenant(tenants, target, waits);
  return Promise.all(
    controls.map(async (control): Promise<AuditRun> => {
      const run = { target, control, runId };
      if (open instanceof ForeignTenantError) return { ...run, ...notReachable(open, now()) };
      const tenant = open();
      const reading = await readOrFault(tenant, control, target, now(), log);
      return { ...run, ...reading, deferMs: tenant.usage.deferMs };
    }),
  );
}

function notReachable({ message }: ForeignTenantError, now: Date) {
  const evaluation = conclude([unreadable({ cause: 'permission', message })], '', { evidence: {} });
  return { evaluation, checkedAt: now, requests: 0 };
}

function openTenant(
  tenants: Tenants,
  target: StoredTarget,
  waits: Waits,
): (() => Tenant) | ForeignTenantError {
  try {
    return tenants.open(target.tenantId, undefined, waits);
  } catch (error) {
    if (error instanceof ForeignTenantError) return error;
    throw error;
  }
}
