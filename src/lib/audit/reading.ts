import type { Control, Evaluation, Requirement } from '../controls/control';
import { conclude, unreadable } from '../controls/evaluation';
import { examine } from '../controls/examine';
import { describeError } from '../errors';
import type { Log } from '../log';
import type { Tenant } from '../microsoft365/tenant';
import type { StoredTarget } from '../model/target';
import { profile } from '../profiles';
import { provenanceOf } from './measurements';

/** What one reading of a target by one control came to. */
export interface ControlReading {
  /**
   * Undefined when nothing was read: then there is no ground to plan on, and nothing to observe. Null when there is nothing
   * to read, because the control does not apply.
   */
  facts: unknown;
  evaluation: Evaluation;
  /** When it began. */
  checkedAt: Date;
  /** Requests that it sent. */
  requests: number;
}

/** Collects and evaluates, where the control applies; keeps nothing. @throws what nobody has foreseen. */
export async function readControl(
  tenant: Tenant,
  control: Control<unknown>,
  target: StoredTarget,
  now: Date,
): Promise<ControlReading> {
  const { facts, evaluation } = await examine(control, tenant, requirementOf(target, now));
  return readingOf(facts, evaluation, tenant, control, now);
}

/**
 * As {@link readControl}, and never throws: a fault in one control makes that control `unknown`, is said in the log, and is
 * nobody else's business.
 */
export async function readOrFault(
  tenant: Tenant,
  control: Control<unknown>,
  target: StoredTarget,
  now: Date,
  log: Log,
): Promise<ControlReading> {
  try {
    return await readControl(tenant, control, target, now);
  } catch (error) {
    const { targetId } = target;
    log.error('A control failed unexpectedly', {
      targetId,
      control: control.id,
      error: describeError(error),
    });
    const reason = unreadable({ cause: 'unavailable', message: faultIn(control) });
    return readingOf(undefined, conclude([reason], '', { evidence: {} }), tenant, control, now);
  }
}

/** What failed stands in the log alone: nobody has looked at what such words may hold. */
function faultIn({ id }: Control<unknown>): string {
  return `A fault of Syncwarden itself kept ${id} from being audited. It says nothing about the tenant. The log has it as "A control failed unexpectedly": please report it with that, as CONTRIBUTING.md says.`;
}

function readingOf(
  facts: unknown,
  evaluation: Evaluation,
  { usage }: Tenant,
  control: Control<unknown>,
  now: Date,
): ControlReading {
  const evidence = { ...evaluation.evidence, ...provenanceOf(control, usage, now) };
  return { facts, evaluation: { ...evaluation, evidence }, checkedAt: now, requests: usage.requests };
}

/** What a target is measured against at this time. */
export function requirementOf(target: StoredTarget, now: Date): Requirement {
  return { profile: profile(target.profile), target, now };
}
