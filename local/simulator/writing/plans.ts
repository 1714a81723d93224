import * as z from 'zod';
import type { GraphObject } from '../state';
import { type Holding, isActive, type Sku } from './holdings';

const AssignedPlan = z.looseObject({
  assignedDateTime: z.string().nullable(),
  capabilityStatus: z.string(),
  service: z.string(),
  servicePlanId: z.string(),
});
type AssignedPlan = z.infer<typeof AssignedPlan>;

const ProvisionedPlan = z.looseObject({ service: z.string() });

/** The service behind a plan, as far as anyone here asks for it: by the beginning of the plan's name. */
const services: readonly (readonly [RegExp, string])[] = [
  [/^EXCHANGE_/, 'exchange'],
  [/^SHAREPOINT/, 'SharePoint'],
  [/^TEAMS/, 'TeamspaceAPI'],
  [/^MCO/, 'MicrosoftCommunicationsOnline'],
  [/^YAMMER/, 'YammerEnterprise'],
];

/** Plans with which Exchange makes a mailbox; the other ones only belong to it. */
const mailboxPlan = /^EXCHANGE_[SBL]_(?!FOUNDATION|ARCHIVE)/;

/** What a user has, and what the tenant has bought. */
interface Assigned {
  user: GraphObject;
  holdings: readonly Holding[];
  skus: readonly Sku[];
}

/**
 * The plans of a user after some products were assigned or removed. Plans of other products stay as they are, and one
 * that is gone stays too, as deleted.
 */
export function plansAfter(assigned: Assigned, changed: readonly Sku[], at: string) {
  const before = z.array(AssignedPlan).parse(assigned.user.assignedPlans);
  const plans = new Map(before.map((plan) => [plan.servicePlanId, plan]));
  const touched = changed.flatMap(({ servicePlans }) => servicePlans);
  for (const { servicePlanId, servicePlanName } of touched) {
    const status = statusOf(servicePlanId, assigned);
    const old = plans.get(servicePlanId);
    if (old !== undefined) plans.set(servicePlanId, { ...old, capabilityStatus: status ?? 'Deleted' });
    else if (status !== undefined) {
      const service = serviceOf(servicePlanName);
      plans.set(servicePlanId, { assignedDateTime: at, capabilityStatus: status, service, servicePlanId });
    }
  }
  const assignedPlans = [...plans.values()];
  const affected = new Set(touched.map(({ servicePlanName }) => serviceOf(servicePlanName)));
  return { assignedPlans, provisionedPlans: provisioned(assigned.user, assignedPlans, affected) };
}

/** Whether a user has a plan that makes a mailbox. */
export function hasMailboxPlan({ holdings, skus }: Omit<Assigned, 'user'>): boolean {
  return skus.some(({ skuId, servicePlans }) =>
    servicePlans.some(
      ({ servicePlanId, servicePlanName }) =>
        mailboxPlan.test(servicePlanName) &&
        holdings.some((holding) => holding.skuId === skuId && isOn(servicePlanId, holding)),
    ),
  );
}

/** Nothing when no assignment switches the plan on. */
function statusOf(planId: string, { holdings, skus }: Assigned): string | undefined {
  return skus.find(
    ({ skuId, servicePlans }) =>
      servicePlans.some(({ servicePlanId }) => servicePlanId === planId) &&
      holdings.some((holding) => holding.skuId === skuId && isOn(planId, holding)),
  )?.capabilityStatus;
}

function isOn(planId: string, holding: Holding): boolean {
  return isActive(holding) && !holding.disabledPlans.includes(planId);
}

/** What the services have made of the plans: here, they are never slow and never fail. */
function provisioned(user: GraphObject, plans: readonly AssignedPlan[], affected: ReadonlySet<string>) {
  const others = z.array(ProvisionedPlan).parse(user.provisionedPlans);
  return [
    ...others.filter(({ service }) => !affected.has(service)),
    ...plans
      .filter(({ service }) => affected.has(service))
      .map(({ capabilityStatus, service }) => ({ capabilityStatus, provisioningStatus: 'Success', service })),
  ];
}

function serviceOf(planName: string): string {
  return services.find(([beginning]) => beginning.test(planName))?.[1] ?? 'MicrosoftOffice';
}
