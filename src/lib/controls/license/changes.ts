import * as z from 'zod';
import { licenseAssignmentReadWriteAll, userReadWriteAll } from '../../microsoft365/permissions';
import type { Change, PlannedRequest } from '../../model/plan';
import { compareText } from '../evaluation';
import { toChange } from '../plan';
import type { SufficientAssignment } from './assignments';
import type { LicensedUser, SubscribedSku } from './collect';

/** A group's assignment that is tried again, and whether it works. */
export const GroupAssignments = z.array(
  z.object({ skuId: z.string(), group: z.string(), works: z.boolean() }),
);
export type GroupAssignments = z.infer<typeof GroupAssignments>;

/** There is no way back: Graph does not take null. https://learn.microsoft.com/graph/api/user-update */
export function setUsageLocation(user: LicensedUser, location: string): Change {
  return toChange({
    step: 1,
    name: 'set-usage-location',
    description: `Set the usage location of ${user.userPrincipalName} to ${location}: no product can be assigned without one.`,
    request: { method: 'PATCH', url: addressOf(user), body: { usageLocation: location } },
    before: { usageLocation: null },
    after: { usageLocation: location },
    permission: userReadWriteAll,
  });
}

/** Assigns a product with everything in it switched on. */
export function assignProduct(user: LicensedUser, { skuId, skuPartNumber }: SubscribedSku): Change {
  return toChange({
    step: 2,
    name: 'assign-license',
    description: `Assign ${skuPartNumber} to ${user.userPrincipalName}.`,
    request: assigning(user, skuId, []),
    before: null,
    after: { disabledPlans: [] },
    undo: () => ({
      method: 'POST',
      url: `${addressOf(user)}/assignLicense`,
      body: { addLicenses: [], removeLicenses: [skuId] },
    }),
    permission: licenseAssignmentReadWriteAll,
  });
}

/** Switches the sufficient plans of a direct assignment on, and leaves off whatever else is. */
export function switchOn(
  user: LicensedUser,
  { sku, disabledPlans }: SufficientAssignment,
  plans: string[],
): Change {
  const before = [...disabledPlans].sort(compareText);
  const after = before.filter((plan) => !plans.includes(plan));
  return toChange({
    step: 2,
    name: 'switch-on-exchange-plan',
    description: `Switch Exchange Online on in the licence ${sku.skuPartNumber} of ${user.userPrincipalName}.`,
    // Assigning a product again replaces the list of what is switched off.
    request: assigning(user, sku.skuId, after),
    before: { disabledPlans: before },
    after: { disabledPlans: after },
    undo: () => assigning(user, sku.skuId, before),
    permission: licenseAssignmentReadWriteAll,
  });
}

/** Has the group's assignments tried again. There is nothing to put back. */
export function reprocess(user: LicensedUser, assignments: readonly SufficientAssignment[]): Change {
  const states = (works: boolean): GroupAssignments =>
    assignments.map(({ sku, group }) => ({ skuId: sku.skuId, group: group ?? '', works }));
  return toChange({
    step: 2,
    name: 'reprocess-license',
    description: `Have Microsoft 365 try the licences again that ${user.userPrincipalName} gets from groups.`,
    request: { method: 'POST', url: `${addressOf(user)}/reprocessLicenseAssignment` },
    before: states(false),
    after: states(true),
    permission: userReadWriteAll,
  });
}

/** Graph wants both lists, also when one is empty. https://learn.microsoft.com/graph/api/user-assignlicense */
function assigning(user: LicensedUser, skuId: string, disabledPlans: readonly string[]): PlannedRequest {
  return {
    method: 'POST',
    url: `${addressOf(user)}/assignLicense`,
    body: { addLicenses: [{ skuId, disabledPlans }], removeLicenses: [] },
  };
}

/** Path of the user in Microsoft Graph, with its version. */
export function addressOf({ id }: LicensedUser): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}
