import { exchangePlan, isInEffect } from '../../microsoft365/directory/exchange-plans';
import type { StoredTarget } from '../../model/target';
import type { Profile } from '../../profiles';
import { compareText } from '../evaluation';
import type { SubscribedSku } from './collect';

/**
 * The lowest plan of Exchange Online that is enough, 1 or 2; 0 for any with a mailbox. @throws for a product whose vendor
 * asks for no licence.
 */
export function minimumPlanOf({ name, serviceAccount }: Profile): number {
  const plan = serviceAccount?.minimumExchangePlan ?? null;
  if (plan === null) throw new Error(`${name} asks for no licence.`);
  return plan;
}

/** What is needed at least, in words. */
export function neededPlan(minimumTier: number): string {
  return minimumTier === 0
    ? 'a plan of Exchange Online with a mailbox'
    : `Exchange Online (Plan ${minimumTier}) or better`;
}

/** The plans of a product that are enough: mailbox plans of at least the tier that the profile demands. */
export function sufficientPlans(sku: SubscribedSku, minimumTier: number): string[] {
  return sku.servicePlans.map((plan) => plan.servicePlanId).filter((id) => isSufficient(id, minimumTier));
}

/** Whether a service plan comes with a mailbox and is of this tier, or of a higher one. */
export function isSufficient(servicePlanId: string, minimumTier: number): boolean {
  const plan = exchangePlan(servicePlanId);
  return plan !== undefined && plan.tier >= minimumTier;
}

/** Seats that can still be assigned. Those in the grace period (`warning`) can; consumption may exceed what was paid. */
export function freeSeats(sku: SubscribedSku): number {
  return Math.max(0, sku.prepaidUnits.enabled + sku.prepaidUnits.warning - sku.consumedUnits);
}

/**
 * The product that a repair would assign: the one that the target names, else the smallest sufficient one (Plan 1
 * before Plan 2, then fewest service plans, then `skuId`), with free seats if any has. Undefined when there is none.
 */
export function productToAssign(
  skus: readonly SubscribedSku[],
  minimumTier: number,
  target: StoredTarget,
): SubscribedSku | undefined {
  const named = target.license?.skuPartNumber;
  const candidates = skus
    .filter((sku) =>
      named === undefined
        ? isAssignable(sku) && sufficientPlans(sku, minimumTier).length > 0
        : sameProduct(sku.skuPartNumber, named),
    )
    .sort(smallestFirst(minimumTier));
  return candidates.find((sku) => freeSeats(sku) > 0) ?? candidates[0];
}

/** Whether a product can be assigned to users at all, seats aside. */
export function isAssignable(sku: SubscribedSku): boolean {
  return sku.appliesTo !== 'Company' && isInEffect(sku);
}

/** Puts Plan 1 before Plan 2, then the product with fewer service plans, then the lower `skuId`. */
export function smallestFirst(minimumTier: number): (a: SubscribedSku, b: SubscribedSku) => number {
  return (a, b) =>
    tier(a, minimumTier) - tier(b, minimumTier) ||
    a.servicePlans.length - b.servicePlans.length ||
    compareText(a.skuId, b.skuId);
}

/** Part numbers are typed by people, and some lists carry blanks around them. */
function sameProduct(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** The lowest plan that is enough; products without one come last. */
function tier(sku: SubscribedSku, minimumTier: number): number {
  const last = 3;
  return Math.min(...sufficientPlans(sku, minimumTier).map((id) => exchangePlan(id)?.tier ?? last), last);
}
