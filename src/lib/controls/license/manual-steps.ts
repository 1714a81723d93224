import { exchangePlan, isInEffect } from '../../microsoft365/directory/exchange-plans';
import type { ManualStep } from '../../model/plan';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import type { SufficientAssignment } from './assignments';
import type { LicensedUser, SubscribedSku } from './collect';
import { minimumPlanOf, neededPlan } from './products';

const licenses = 'https://admin.microsoft.com/Adminportal/Home#/licenses';
const subscriptions = 'https://admin.microsoft.com/Adminportal/Home#/subscriptions';
const problems = 'https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems';
const products = 'https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference';

/** For a subscription that has ended. */
export function billing({ userPrincipalName }: LicensedUser): ManualStep {
  const description = `Renew or reactivate the subscription behind the Exchange Online plan of ${userPrincipalName}: it is assigned and does not work.`;
  return { description, link: subscriptions };
}

/** For a tenant that owns no product that is enough, or none with the name that the target gives. */
export function buyProduct({ profile, target }: Requirement): ManualStep {
  const named = target.license?.skuPartNumber;
  const description =
    named === undefined
      ? `Buy a product with ${neededPlan(minimumPlanOf(profile))}: the tenant owns none that can be assigned.`
      : `Buy ${named}, or name another product in the target: the tenant owns none of that name.`;
  return { description, link: licenses };
}

/** For a product that the target names and that is not enough. */
export function nameAnotherProduct({ skuPartNumber }: SubscribedSku, { profile }: Requirement): ManualStep {
  const description = `Name another product in the target: ${skuPartNumber} does not contain ${neededPlan(minimumPlanOf(profile))}.`;
  return { description, link: products };
}

/** For a product that cannot be assigned, as a rule because all its seats are taken. */
export function freeSeat({ skuPartNumber }: SubscribedSku): ManualStep {
  return { description: `Buy or free a seat of ${skuPartNumber}: none can be assigned.`, link: licenses };
}

/** For an account without one, and a target that names none. */
export function usageLocation({ userPrincipalName }: LicensedUser): ManualStep {
  const description = `Set the usage location of ${userPrincipalName}, or name one in the target: no product can be assigned without it.`;
  return { description, link: problems };
}

/** Microsoft lets some plans of Exchange not be assigned together; undefined when the account has no lower one. */
export function lowerPlan(user: LicensedUser, { skuPartNumber }: SubscribedSku): ManualStep | undefined {
  const names = user.assignedPlans
    .filter(isInEffect)
    .flatMap(({ servicePlanId }) => exchangePlan(servicePlanId)?.name ?? []);
  if (names.length === 0) return undefined;
  const lower = [...new Set(names)].sort(compareText).join(', ');
  const description = `Switch ${lower} of ${user.userPrincipalName} off first if Microsoft 365 refuses to assign ${skuPartNumber} beside it.`;
  return { description, link: problems };
}

/** For a plan that is off in the licence of a group. @param group its object id. */
export function switchOnAtGroup({ skuPartNumber }: SubscribedSku, group: string): ManualStep {
  const description = `Switch Exchange Online on in the licence ${skuPartNumber} of the group ${group}.`;
  return { description, link: groupLicenses(group) };
}

/** An assignment that Microsoft 365 could not put into effect: where its cause is removed. */
export function assignmentInError(
  { userPrincipalName }: LicensedUser,
  { sku, group, state }: SufficientAssignment,
): ManualStep {
  const what = `${sku.skuPartNumber} ${group === null ? 'that is assigned' : `that the group ${group} assigns`} to ${userPrincipalName}`;
  const description = `Remove the cause of the error of ${what} (${state})${state.includes('CountViolation') ? ': buy or free a seat' : ''}.`;
  if (group !== null) return { description, link: groupLicenses(group) };
  return { description, link: state.includes('CountViolation') ? licenses : problems };
}

function groupLicenses(group: string): string {
  return `https://entra.microsoft.com/#view/Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Licenses/groupId/${encodeURIComponent(group)}`;
}
