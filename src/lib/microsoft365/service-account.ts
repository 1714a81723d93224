import { z } from 'zod';
import { accountName, type StoredTarget } from '../target';
import { userReadAll } from './permissions';
import { isNotFound, type Read } from './read';
import type { Tenant } from './tenant';

const GuidLower = z.string().transform((id) => id.toLowerCase());
const PlanStatus = z.object({ servicePlanId: GuidLower, capabilityStatus: z.string().nullish() });

/** A user, as far as the controls look at it. https://learn.microsoft.com/graph/api/resources/user */
export const User = z.object({
  id: GuidLower,
  userPrincipalName: z.string(),
  accountEnabled: z.boolean(),
  /** One string of comma-separated flags. */
  passwordPolicies: z.string().nullable(),
  lastPasswordChangeDateTime: z.iso.datetime({ offset: true }).nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  usageLocation: z.string().nullish(),
  assignedLicenses: z.array(z.object({ skuId: GuidLower, disabledPlans: z.array(GuidLower) })),
  assignedPlans: z.array(PlanStatus),
  provisionedPlans: z.array(
    z.object({
      capabilityStatus: z.string().nullish(),
      provisioningStatus: z.string().nullish(),
      service: z.string().nullish(),
    }),
  ),
  licenseAssignmentStates: z.array(
    z.object({
      skuId: GuidLower,
      disabledPlans: z.array(GuidLower),
      /** Null for a direct assignment. */
      assignedByGroup: z.string().nullish(),
      state: z.string(),
      error: z.string().nullish(),
    }),
  ),
});
export type User = z.infer<typeof User>;

const DeletedUser = z.object({
  id: GuidLower,
  userPrincipalName: z.string(),
  deletedDateTime: z.iso.datetime({ offset: true }),
});
export type DeletedUser = z.infer<typeof DeletedUser>;

// All controls ask for the same properties, so that one request serves them all.
const select = `$select=${Object.keys(User.shape).join(',')}`;

/**
 * Reads the service account: by its object id once that is known, and by its UPN before that, or when the object is
 * gone (an account that was made anew under the old name is the one that the vendor now signs in with).
 */
export async function readServiceAccount(tenant: Tenant, target: StoredTarget): Promise<Read<User>> {
  const options = { what: `the account ${accountName(target)}`, permission: userReadAll.name };
  const byName = () =>
    tenant.graph.get(`/users/${encodeURIComponent(accountName(target))}?${select}`, User, options);
  if (target.serviceAccountId === undefined) return byName();
  const byId = await tenant.graph.get(`/users/${target.serviceAccountId}?${select}`, User, options);
  return isNotFound(byId) ? byName() : byId;
}

/**
 * Finds the service account among the deleted users; null when it is not there. A deleted user's UPN carries its
 * object id, 32 hex digits, in front. Of several deletions the latest counts.
 */
export async function readDeletedServiceAccount(
  tenant: Tenant,
  target: StoredTarget,
): Promise<Read<DeletedUser | null>> {
  const path = `/directory/deletedItems/microsoft.graph.user?$select=${Object.keys(DeletedUser.shape).join(',')}&$top=999`;
  const deleted = await tenant.graph.list(path, DeletedUser, {
    what: 'the deleted users',
    permission: userReadAll.name,
  });
  if (!deleted.ok) return deleted;
  const upn = accountName(target).toLowerCase();
  const matches = deleted.value
    .filter(
      (user) =>
        user.id === target.serviceAccountId ||
        user.userPrincipalName.toLowerCase() === `${user.id.replaceAll('-', '')}${upn}`,
    )
    .sort((a, b) => Date.parse(b.deletedDateTime) - Date.parse(a.deletedDateTime));
  return { ok: true, value: matches[0] ?? null };
}
