import type { AuditRun } from '../lib/audit/audit-run';
import { compare } from '../lib/audit/compare';
import { manualRunId } from '../lib/audit/dispatch';
import { readOrFault, type ControlReading, requirementOf } from '../lib/audit/reading';
import { controls as everyControl } from '../lib/controls';
import type { Control } from '../lib/controls/control';
import { conclude, unreadable } from '../lib/controls/evaluation';
import { neededToRead } from '../lib/controls/permissions';
import type { Log } from '../lib/log';
import {
  exchangeManageAsApp,
  type Permission,
  placeReadAll,
  policyReadAll,
  roleManagementReadExchange,
} from '../lib/microsoft365/permissions';
import type { Finding } from '../lib/model/finding';
import type { PlanOption } from '../lib/model/plan';
import type { StoredTarget } from '../lib/model/target';
import type { ControlId } from '../lib/model/verdict';
import { type AgreedPlan, planOf } from '../lib/remediation/plan';
import { findingOf } from '../lib/storage/findings';
import { type SignIn, tenantsOf } from './sign-in';

/** What one control found on a target, kept nowhere. */
export interface TargetReading extends ControlReading {
  control: Control<unknown>;
  /** As the API shows it; the first one, because nothing is known from before. */
  finding: Finding;
}

/**
 * Reads a target with some controls, which share what they read, and gives them in the order asked. What Azure CLI
 * cannot read is `unknown`, and is not asked for.
 * @param onRead told of each as it ends.
 */
export async function readTarget(
  signIn: SignIn,
  target: StoredTarget,
  controls: readonly Control<unknown>[],
  now: Date,
  log: Log,
  onRead: (finding: Finding) => void = () => undefined,
): Promise<TargetReading[]> {
  const open = tenantsOf(signIn).open(target.tenantId);
  const read = async (control: Control<unknown>): Promise<TargetReading> => {
    const reading = canRead(signIn, control, target)
      ? await readOrFault(open(), control, target, now, log)
      : notForAzLogin(now);
    const finding = findingOfRun({ target, control, runId: manualRunId(now), ...reading });
    onRead(finding);
    return { ...reading, control, finding };
  };
  return Promise.all(controls.map(read));
}

/** The plan that a reading asks for, with the hash that the app would give it. */
export function planOfReading(
  { settings }: SignIn,
  target: StoredTarget,
  { control, checkedAt, ...evaluated }: TargetReading,
  include: readonly PlanOption[],
): AgreedPlan {
  return planOf(control, evaluated, { ...requirementOf(target, checkedAt), include }, settings);
}

/** What Azure CLI lacks: it has a fixed set of delegated permissions, for the directory, and none for policies, rooms or roles of Exchange. */
const notOfAzLogin: readonly Permission[] = [
  policyReadAll,
  roleManagementReadExchange,
  placeReadAll,
  exchangeManageAsApp,
];

/** The controls that it can serve. */
export const azLoginControls: readonly ControlId[] = everyControl.filter(isOfDirectory).map(({ id }) => id);

/** Whether there is something to read without asking Exchange itself, and nothing of it that Azure CLI lacks. */
function isOfDirectory(control: Control<unknown>): boolean {
  const needed = neededToRead(control, 'graph');
  return needed.length > 0 && !needed.some((permission) => notOfAzLogin.includes(permission));
}

/** Whether a sign-in can serve a control at all. */
export function canRead(
  { kind }: SignIn,
  control: Control<unknown>,
  { exchangeReader }: StoredTarget,
): boolean {
  if (kind !== 'azLogin' || azLoginControls.includes(control.id)) return true;
  return neededToRead(control, exchangeReader).length === 0;
}

function notForAzLogin(now: Date): ControlReading {
  const message =
    'Could not read what decides: Azure CLI has no permission for policies, rooms and roles. Sign in as an application, with AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.';
  const evaluation = conclude([unreadable({ cause: 'permission', message })], '', { evidence: {} });
  return { facts: undefined, evaluation, checkedAt: now, requests: 0 };
}

function findingOfRun(run: AuditRun): Finding {
  return findingOf({ ...compare(run, undefined), etag: '' });
}
