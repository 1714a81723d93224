import { controls } from '../controls';
import type { Control } from '../controls/control';
import { NotFoundError, TargetChangedError } from '../errors';
import type { Finding } from '../model/finding';
import type { StoredTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import type { Telemetry } from '../telemetry/telemetry';
import { manualRunId } from './dispatch';
import { persist, type PersistServices } from './persist';
import { visit, type VisitServices } from './visit';

/** What it takes to audit. */
export interface AuditServices extends VisitServices, PersistServices {}

/**
 * Audits a target and gives what was found, in the order asked. Everything that can be kept is.
 * @throws what kept the first control from being kept: {@link TargetChangedError} when the target was changed or deleted
 * meanwhile.
 */
export async function auditTarget(
  services: AuditServices,
  telemetry: Telemetry,
  target: StoredTarget,
  chosen: readonly Control<unknown>[],
  runId: string,
): Promise<Finding[]> {
  const outcomes = await persist(services, telemetry, await visit(services, target, chosen, runId));
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
