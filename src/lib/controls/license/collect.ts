import * as z from 'zod';
import { AssignedPlan } from '../../microsoft365/directory/exchange-plans';
import { readServiceAccountAs, User } from '../../microsoft365/directory/service-account';
import { licenseAssignmentReadAll } from '../../microsoft365/permissions';
import type { Tenant } from '../../microsoft365/tenant';
import type { Read } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';

const GuidLower = z.string().transform((id) => id.toLowerCase());

/** The account with its licences. https://learn.microsoft.com/graph/api/resources/user */
const LicensedUser = User.extend({
  usageLocation: z.string().nullish(),
  assignedLicenses: z.array(z.object({ skuId: GuidLower, disabledPlans: z.array(GuidLower) })),
  assignedPlans: z.array(AssignedPlan),
  /** https://learn.microsoft.com/graph/api/resources/licenseassignmentstate */
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
export type LicensedUser = z.infer<typeof LicensedUser>;

/** A product of the tenant. https://learn.microsoft.com/graph/api/resources/subscribedsku */
const SubscribedSku = z.object({
  skuId: GuidLower,
  skuPartNumber: z.string(),
  appliesTo: z.string().nullish(),
  capabilityStatus: z.string().nullish(),
  consumedUnits: z.number().int(),
  prepaidUnits: z.object({ enabled: z.number().int(), warning: z.number().int() }),
  servicePlans: z.array(z.object({ servicePlanId: GuidLower })),
});
export type SubscribedSku = z.infer<typeof SubscribedSku>;

/** What is known of the licences of the service account, and of the products of the tenant. */
export interface LicenseFacts {
  user: Read<LicensedUser>;
  /** The tenant's products: they say which plans an assigned product contains, and which seats are free. */
  skus: Read<SubscribedSku[]>;
}

/** Reads the account with its licences, and the products that the tenant owns, whether they are assigned or not. */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<LicenseFacts> {
  const path = `/subscribedSkus?$select=${Object.keys(SubscribedSku.shape).join(',')}`;
  const [user, skus] = await Promise.all([
    readServiceAccountAs(tenant, target, LicensedUser),
    tenant.graph.list(path, SubscribedSku, {
      what: "the tenant's products",
      permission: licenseAssignmentReadAll.name,
    }),
  ]);
  return { user, skus };
}
