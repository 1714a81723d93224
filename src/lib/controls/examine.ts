import type { Tenant } from '../microsoft365/tenant';
import type { Change } from '../model/plan';
import type { Control, Evaluation, Requirement } from './control';
import { notApplicable } from './evaluation';

/** What a control has read of a target, and what it makes of that. */
export interface Examination {
  /** Null where it does not apply: nothing was asked. */
  facts: unknown;
  evaluation: Evaluation;
}

/** Collects and evaluates; asks for nothing where the control does not apply. @throws what nobody has foreseen. */
export async function examine(
  control: Control<unknown>,
  tenant: Tenant,
  requirement: Requirement,
): Promise<Examination> {
  const applies = control.appliesTo(requirement.target, requirement.profile);
  if (applies !== true) return { facts: null, evaluation: notApplicable(applies) };
  const facts = await control.collect(tenant, requirement.target);
  return { facts, evaluation: control.evaluate(facts, requirement) };
}

/** What is there now of what a change is about; undefined when that could not be read, or nothing was. */
export function observed(
  control: Control<unknown>,
  facts: unknown,
  change: Change,
  requirement: Requirement,
): unknown {
  return facts === undefined || facts === null ? undefined : control.observe?.(facts, change, requirement);
}
