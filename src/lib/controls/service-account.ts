import { readServiceAccount, type User } from '../microsoft365/directory/service-account';
import type { Tenant } from '../microsoft365/tenant';
import { isNotFound, type Read, type ReadFailure } from '../microsoft365/wire/read';
import type { StoredTarget, Target } from '../model/target';
import { profile, type Profile } from '../profiles';

/** What a control of the service account applies to: for a product that signs in as an application alone there is none. */
export function ofServiceAccount(_target: Target, { name, serviceAccount }: Profile): true | string {
  return serviceAccount !== null || `${name} signs in as an application: it has no service account.`;
}

/** Whether the vendor asks for a licence of its account. */
export function asksForLicence({ serviceAccount }: Profile): boolean {
  return (serviceAccount?.minimumExchangePlan ?? null) !== null;
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
