import { type AssignedPlan, exchangePlan, isInEffect } from '../../microsoft365/directory/exchange-plans';
import { accountName, type StoredTarget } from '../../model/target';
import type { CodeAt } from '../codes';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import type { SufficientAssignment } from './assignments';
import type { codes, Reason } from './codes';
import type { LicensedUser, SubscribedSku } from './collect';
import { freeSeats, minimumPlanOf, neededPlan, productToAssign } from './products';

/** The account with its licences, what the target calls it, and what it needs. */
export interface About {
  user: LicensedUser;
  target: StoredTarget;
  /** The lowest plan of Exchange Online that is enough. */
  minimumTier: number;
}

/** Puts together what every reason speaks of. */
export function aboutOf(user: LicensedUser, { profile, target }: Requirement): About {
  return { user, target, minimumTier: minimumPlanOf(profile) };
}

/** No licence at all, or none with a plan that is enough. */
export function insufficient(about: About): Reason {
  const { user } = about;
  if (user.assignedLicenses.length === 0) {
    const message = `${user.userPrincipalName} has no licence at all.`;
    return violation('license.none', about, message, 'no licence');
  }
  const lower = user.assignedPlans
    .filter(isInEffect)
    .flatMap((plan) => exchangePlan(plan.servicePlanId)?.name ?? []);
  const actual =
    lower.length === 0 ? 'no Exchange Online plan' : [...new Set(lower)].sort(compareText).join(', ');
  const what = about.minimumTier === 0 ? 'give it no mailbox' : 'are below Office 365 E1';
  const message = `The licences of ${user.userPrincipalName} ${what}: it has ${actual}, and needs ${neededPlan(about.minimumTier)}.`;
  return violation('license.belowRequired', about, message, actual);
}

/** A product that is enough, with its plan of Exchange Online off wherever it is assigned. */
export function planDisabled(about: About, assignments: readonly SufficientAssignment[]): Reason {
  const products = namesOf(assignments);
  const message = `${about.user.userPrincipalName} has ${products}, but its Exchange Online plan is switched off in every assignment.`;
  return violation('license.exchangePlanDisabled', about, message, `switched off in ${products}`);
}

/** An assignment that Microsoft 365 could not put into effect. */
export function assignmentError(about: About, assignments: readonly SufficientAssignment[]): Reason {
  const states = [
    ...new Set(
      assignments.map(
        ({ sku, state, group }) =>
          `${sku.skuPartNumber} ${group ? `from group ${group}` : 'direct'}: ${state}`,
      ),
    ),
  ].sort(compareText);
  const message = `The licence that would be enough for ${about.user.userPrincipalName} could not be assigned (${states.join('; ')}).`;
  return violation('license.assignmentError', about, message, states.join('; '));
}

/** A plan that is assigned and no longer works. @param state in the words of Microsoft 365. */
export function suspended(about: About, state: string): Reason {
  const message = `The Exchange Online plan of ${about.user.userPrincipalName} is assigned and does not work: its state is ${state}.`;
  return violation('license.suspended', about, message, state);
}

/** @param plan listed as working though no assignment gives it; undefined for one that is assigned and not listed. */
export function unsettled({ user, target }: About, plan?: AssignedPlan): Reason {
  const name = user.userPrincipalName;
  const what =
    plan === undefined
      ? `lists a sufficient licence of ${name}, and has not put its Exchange Online plan into effect yet`
      : `lists ${exchangePlan(plan.servicePlanId)?.name ?? 'a plan'} of ${name} as in effect, and no assignment that works gives it`;
  const message = `Microsoft 365 ${what}: a change is still spreading, which takes up to a day. Look again then.`;
  return { code: 'license.unsettled', level: 'unknown', message, resource: accountName(target) };
}

/** A plan that works for a while. @param plan its name. */
export function grace({ target }: About, plan: string): Reason {
  const message = `The subscription behind ${plan} has ended: it works until the grace period is over.`;
  return { code: 'license.grace', level: 'notice', message, resource: accountName(target) };
}

/** Says so where groups alone give what works. */
export function fromGroup({ target }: About, working: readonly SufficientAssignment[]): Reason[] {
  const groups = working.flatMap(({ group }) => group ?? []);
  if (groups.length === 0 || groups.length < working.length) return [];
  const message = `${namesOf(working)} comes from group ${[...groups].sort(compareText).join(', ')} alone: when the account leaves it, the licence is gone.`;
  return [{ code: 'license.fromGroup', level: 'notice', message, resource: accountName(target) }];
}

/** Says so where the product that a repair would assign has no seat. */
export function noSpareSeats(about: About, skus: readonly SubscribedSku[]): Reason[] {
  const { target, minimumTier } = about;
  const product = productToAssign(skus, minimumTier, target);
  if (product !== undefined) return noSeatOf(about, product);
  const name = target.license?.skuPartNumber ?? 'product that would be enough';
  return [notBought(about, `The tenant owns no ${name}`)];
}

/** Says so where this product has no free seat. */
export function noSeatOf(about: About, product: SubscribedSku): Reason[] {
  return freeSeats(product) > 0 ? [] : [notBought(about, `No seat of ${product.skuPartNumber} is free`)];
}

function notBought({ target }: About, what: string): Reason {
  const message = `${what}: it has to be bought before it can be assigned.`;
  return { code: 'license.noSpareSeats', level: 'notice', message, resource: accountName(target) };
}

function violation(
  code: CodeAt<typeof codes, 'violation'>,
  about: About,
  message: string,
  actual: string,
): Reason {
  const resource = accountName(about.target);
  return { code, level: 'violation', message, resource, expected: neededPlan(about.minimumTier), actual };
}

function namesOf(assignments: readonly SufficientAssignment[]): string {
  return [...new Set(assignments.map(({ sku }) => sku.skuPartNumber))].sort(compareText).join(', ');
}
