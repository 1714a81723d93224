import { readServiceAccount, type User } from '../microsoft365/directory/service-account';
import type { Tenant } from '../microsoft365/tenant';
import { isNotFound, type Read, type ReadFailure } from '../microsoft365/wire/read';
import { emptyPlan } from '../model/plan';
import type { StoredTarget } from '../model/target';
import { profile } from '../profiles';
import type { Control } from './control';
import { notApplicable } from './evaluation';

/**
 * A control of the service account. For a product that signs in as an application alone there is none: nothing is read
 * (the facts are null), and the control is not applicable.
 */
export function ofServiceAccount<Facts extends object, Code extends string>(
  control: Control<Facts, Code>,
): Control<Facts | null, Code> {
  return {
    ...control,
    collect: (tenant, target) =>
      hasServiceAccount(target) ? control.collect(tenant, target) : Promise.resolve(null),
    evaluate: (facts, requirement) =>
      facts === null
        ? notApplicable(`${requirement.profile.name} signs in as an application: it has no service account.`)
        : control.evaluate(facts, requirement),
    plan: (facts, evaluation, requirement) =>
      (facts === null ? undefined : control.plan?.(facts, evaluation, requirement)) ?? emptyPlan,
    observe: (facts, change, requirement) =>
      facts === null ? undefined : control.observe?.(facts, change, requirement),
  };
}

/** Reads the service account; null for a product that has none, whatever address the target gives. */
export function readOwnAccount(tenant: Tenant, target: StoredTarget): Promise<Read<User> | null> {
  return hasServiceAccount(target) ? readServiceAccount(tenant, target) : Promise.resolve(null);
}

/** Why the service account could not be read; undefined when it was, when it is not there, and for a product without one. */
export function unreadAccount(account: Read<User> | null): ReadFailure | undefined {
  return account === null || account.ok || isNotFound(account) ? undefined : account.failure;
}

function hasServiceAccount(target: StoredTarget): boolean {
  return profile(target.profile).serviceAccount !== null;
}
