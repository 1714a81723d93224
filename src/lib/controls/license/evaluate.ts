import { exchangePlan } from '../../microsoft365/directory/exchange-plans';
import type { ReadFailure } from '../../microsoft365/wire/read';
import type { Evaluation, Requirement } from '../control';
import { conclude, notUnderstood, unreadable } from '../evaluation';
import { notKnown } from '../not-known';
import { asksForLicence } from '../service-account';
import {
  isError,
  isKnownState,
  isWorking,
  sufficientAssignments,
  type SufficientAssignment,
} from './assignments';
import type { Code, Reason } from './codes';
import type { LicenseFacts, SubscribedSku } from './collect';
import { bestOf, inEffect, inWords, strange, worstOf } from './listed';
import { freeSeats, isSufficient, sufficientPlans } from './products';
import { type About, aboutOf } from './reasons';
import * as reasons from './reasons';

/**
 * Decides whether the account has a plan of Exchange Online that is enough, and whether it works: both the assignment
 * and what Microsoft 365 lists have to say so. Where the two contradict each other nothing is decided. Without the
 * products of the tenant only what holds whatever they are is given.
 */
export function evaluate({ user, skus }: LicenseFacts, requirement: Requirement): Evaluation<Code> {
  const { profile } = requirement;
  if (!asksForLicence(profile))
    return conclude(notKnown(profile, 'licence', 'license.notKnown'), '', { evidence: {} });
  if (!user.ok) return conclude([unreadable(user.failure)], '', { evidence: {} });
  const about = aboutOf(user.value, requirement);
  const assignments = skus.ok ? sufficientAssignments(user.value, skus.value, about.minimumTier) : [];
  const found = skus.ok ? judge(about, assignments, skus.value) : judgeWithoutProducts(about, skus.failure);
  const fine = `${user.value.userPrincipalName} has ${bestOf(inEffect(about, assignments))}, and it works.`;
  return conclude(found, fine, {
    evidence: {
      userPrincipalName: user.value.userPrincipalName,
      assignedLicenses: user.value.assignedLicenses,
      licenseAssignmentStates: user.value.licenseAssignmentStates,
      exchangePlans: user.value.assignedPlans.filter(
        (plan) => exchangePlan(plan.servicePlanId) !== undefined,
      ),
      products: skus.ok ? sufficientProducts(skus.value, about.minimumTier) : [],
    },
  });
}

/** The products that a repair could choose from, without their long lists of plans. */
function sufficientProducts(skus: readonly SubscribedSku[], minimumTier: number) {
  return skus
    .filter((sku) => sufficientPlans(sku, minimumTier).length > 0)
    .map((sku) => ({ skuId: sku.skuId, skuPartNumber: sku.skuPartNumber, freeSeats: freeSeats(sku) }));
}

function judge(
  about: About,
  assignments: readonly SufficientAssignment[],
  skus: readonly SubscribedSku[],
): Reason[] {
  const working = inEffect(about, assignments);
  if (working.length > 0) {
    const isEnabled = working.some(({ capabilityStatus }) => capabilityStatus === 'Enabled');
    const on = assignments.filter(({ works, plansOn }) => works && plansOn.length > 0);
    return [...(isEnabled ? [] : [reasons.grace(about, bestOf(working))]), ...reasons.fromGroup(about, on)];
  }
  const open = whatIsOpen(about, assignments);
  return open.length > 0 ? open : judgeWhatFails(about, assignments, skus);
}

/** What may mean that a plan works after all, though none does for certain. */
function whatIsOpen(about: About, assignments: readonly SufficientAssignment[]): Reason[] {
  const name = about.user.userPrincipalName;
  const state = assignments.find(({ plansOn, isUnderstood }) => plansOn.length > 0 && !isUnderstood)?.state;
  const [plan] = strange(about);
  const [contradiction] = inWords(about, 'Enabled', 'Warning');
  return [
    ...(state === undefined ? [] : [notUnderstood(`how a licence of ${name} stands`, state)]),
    ...(plan === undefined
      ? []
      : [notUnderstood(`how the Exchange Online plan of ${name} stands`, plan.capabilityStatus)]),
    ...(contradiction === undefined ? [] : [reasons.unsettled(about, contradiction)]),
  ];
}

/** What says that a subscription has ended, and cannot be left behind by a licence that was taken away. */
const endings = ['Suspended', 'LockedOut'];

/** Nothing is listed as working: says why. */
function judgeWhatFails(
  about: About,
  assignments: readonly SufficientAssignment[],
  skus: readonly SubscribedSku[],
): Reason[] {
  const ended = worstOf(about, endings);
  if (assignments.length === 0) {
    // The tenant no longer lists a product whose subscription has ended: the account still has it.
    return ended !== undefined && about.user.assignedLicenses.length > 0
      ? [reasons.suspended(about, ended)]
      : [reasons.insufficient(about), ...reasons.noSpareSeats(about, skus)];
  }
  const on = assignments.filter(({ plansOn }) => plansOn.length > 0);
  if (on.length === 0) return [reasons.planDisabled(about, assignments)];
  if (on.some(({ works }) => works)) {
    if (ended !== undefined) return [reasons.suspended(about, ended)];
    // What is assigned and not listed at all may work soon; an entry of another plan says nothing about it.
    const isListed = (plan: string) => inWords(about).some(({ servicePlanId }) => servicePlanId === plan);
    const given = on.filter(({ works }) => works).flatMap(({ plansOn }) => plansOn);
    return [given.every(isListed) ? reasons.suspended(about, 'Deleted') : reasons.unsettled(about)];
  }
  const dead = on.some(({ state }) => isError(state)) ? undefined : (ended ?? worstOf(about, ['Deleted']));
  if (dead !== undefined) return [reasons.suspended(about, dead)];
  const full = on.find(({ sku }) => freeSeats(sku) === 0);
  return [
    reasons.assignmentError(about, on),
    ...(full === undefined ? [] : reasons.noSeatOf(about, full.sku)),
  ];
}

/** What holds whatever the tenant's products are. Which plans an assignment gives, they alone tell. */
function judgeWithoutProducts(about: About, failure: ReadFailure): Reason[] {
  const { user, minimumTier } = about;
  const states = user.licenseAssignmentStates;
  const [contradiction] = inWords(about, 'Enabled', 'Warning');
  const mayGive = ({ servicePlanId }: { servicePlanId: string }) =>
    states.some(({ state, disabledPlans }) => isWorking(state) && !disabledPlans.includes(servicePlanId));
  if (contradiction !== undefined && !inWords(about, 'Enabled', 'Warning').some(mayGive))
    return [reasons.unsettled(about, contradiction)];
  if (contradiction !== undefined || strange(about).length > 0) return [unreadable(failure)];
  if (user.assignedLicenses.length === 0)
    return [states.length === 0 ? reasons.insufficient(about) : unreadable(failure)];
  const mayBeAnother = states.some(
    ({ state, disabledPlans }) =>
      isError(state) || !isKnownState(state) || disabledPlans.some((plan) => isSufficient(plan, minimumTier)),
  );
  // An entry of state Deleted stays behind when a licence is taken away.
  const ended = mayBeAnother ? undefined : worstOf(about, endings);
  return [ended === undefined ? unreadable(failure) : reasons.suspended(about, ended)];
}
