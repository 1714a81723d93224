import {
  type AssignedPlan,
  exchangePlan,
  isKnownCapability,
} from '../../microsoft365/directory/exchange-plans';
import type { SufficientAssignment } from './assignments';
import { isSufficient } from './products';
import type { About } from './reasons';

/** The sufficient plans that Microsoft 365 lists as assigned, with one of these states; with any unless told. */
export function inWords({ user, minimumTier }: About, ...states: string[]): AssignedPlan[] {
  return user.assignedPlans.filter(
    ({ servicePlanId, capabilityStatus }) =>
      isSufficient(servicePlanId, minimumTier) &&
      (states.length === 0 || states.includes(capabilityStatus ?? '')),
  );
}

/** Those that are listed with a state that Microsoft does not document. */
export function strange(about: About): AssignedPlan[] {
  return inWords(about).filter((plan) => !isKnownCapability(plan));
}

/**
 * The plans that work: listed as enabled, or as in their grace period, and switched on in an assignment that works. Where
 * the two lists contradict each other a change is still spreading, and neither is believed.
 */
export function inEffect(about: About, assignments: readonly SufficientAssignment[]): AssignedPlan[] {
  const given = new Set(assignments.filter(({ works }) => works).flatMap(({ plansOn }) => plansOn));
  return inWords(about, 'Enabled', 'Warning').filter(({ servicePlanId }) => given.has(servicePlanId));
}

/** The best of these plans, by name. */
export function bestOf(plans: readonly AssignedPlan[]): string {
  const known = plans.flatMap(({ servicePlanId }) => exchangePlan(servicePlanId) ?? []);
  return known.sort((a, b) => b.tier - a.tier)[0]?.name ?? 'no sufficient plan';
}

/** The worst state that says that a subscription has ended; undefined when none of these is listed. */
export function worstOf(about: About, states: readonly string[]): string | undefined {
  return states.find((state) => inWords(about, state).length > 0);
}
