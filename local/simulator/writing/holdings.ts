import * as z from 'zod';
import type { GraphObject, TenantState } from '../state';

/** One assignment of a product to a user: his own, or one through a group. */
const Holding = z.looseObject({
  skuId: z.string(),
  disabledPlans: z.array(z.string()),
  /** The group, or nothing for a direct assignment. */
  assignedByGroup: z.string().nullable(),
  state: z.string(),
  error: z.string(),
});
export type Holding = z.infer<typeof Holding>;

const License = z.looseObject({ skuId: z.string(), disabledPlans: z.array(z.string()) });

const Sku = z.looseObject({
  skuId: z.string(),
  capabilityStatus: z.string(),
  consumedUnits: z.number(),
  prepaidUnits: z.looseObject({ enabled: z.number(), warning: z.number() }),
  servicePlans: z.array(z.looseObject({ servicePlanId: z.string(), servicePlanName: z.string() })),
});
export type Sku = z.infer<typeof Sku>;

/** What a user holds. An assigned licence without a word on where it comes from is a direct one. */
export function holdingsOf(user: GraphObject): Holding[] {
  const holdings = z.array(Holding).parse(user.licenseAssignmentStates);
  const known = new Set(holdings.map(({ skuId }) => skuId));
  const others = z.array(License).parse(user.assignedLicenses);
  return [
    ...holdings,
    ...others.filter(({ skuId }) => !known.has(skuId)).map((license) => direct(license, null)),
  ];
}

/** A direct assignment that works. */
export function direct({ skuId, disabledPlans }: z.infer<typeof License>, at: string | null): Holding {
  const works = { state: 'Active', error: 'None' };
  return { skuId, disabledPlans, assignedByGroup: null, ...works, lastUpdatedDateTime: at };
}

export function isActive({ state }: Holding): boolean {
  return state === 'Active' || state === 'ActiveWithError';
}

/** The product with this id, as the tenant has bought it. */
export function findSku({ subscribedSkus }: TenantState, skuId: string): Sku | undefined {
  const found = subscribedSkus.find((sku) => String(sku.skuId).toLowerCase() === skuId.toLowerCase());
  return found && Sku.parse(found);
}

/** Seats of a subscription in its grace period can still be assigned. */
export function freeSeats({ prepaidUnits: { enabled, warning }, consumedUnits }: Sku): number {
  return enabled + warning - consumedUnits;
}

/** The licences that come of assignments: a plan is off only where every assignment has it off. */
export function licensesOf(holdings: readonly Holding[]): z.infer<typeof License>[] {
  const active = holdings.filter(isActive);
  return [...new Set(active.map(({ skuId }) => skuId))].map((skuId) => {
    const [first, ...others] = active.filter((each) => each.skuId === skuId);
    const disabledPlans = first?.disabledPlans.filter((plan) =>
      others.every((other) => other.disabledPlans.includes(plan)),
    );
    return { disabledPlans: disabledPlans ?? [], skuId };
  });
}
