import type { User } from '../../microsoft365/service-account';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import { type Plan, emptyPlan } from '../plan';
import { isError, type SufficientAssignment, sufficientAssignments } from './assignments';
import { assignProduct, reprocess, setUsageLocation, switchOn } from './changes';
import type { LicenseFacts, SubscribedSku } from './collect';
import { evaluate } from './evaluate';
import * as steps from './manual-steps';
import {
  freeSeats,
  isAssignable,
  minimumPlanOf,
  productToAssign,
  smallestFirst,
  sufficientPlans,
} from './products';

/** Gives the account a licence that is enough, or puts right the one that it has. */
export function plan(facts: LicenseFacts, requirement: Requirement): Plan {
  const violation = evaluate(facts, requirement).reasons.find(({ level }) => level === 'violation')?.code;
  if (!facts.user.ok || violation === undefined) return emptyPlan;
  const user = facts.user.value;
  if (violation === 'license.suspended') return { changes: [], manualSteps: [steps.billing(user)] };
  // What can be assigned, and what is in it, is told by the tenant's products alone.
  if (!facts.skus.ok) return emptyPlan;
  const skus = facts.skus.value;
  if (violation === 'license.none' || violation === 'license.belowRequired')
    return assign(user, skus, requirement);
  const minimumPlan = minimumPlanOf(requirement.profile);
  const bySize = smallestFirst(minimumPlan);
  const assignments = sufficientAssignments(user, skus, minimumPlan).sort(
    (a, b) => bySize(a.sku, b.sku) || compareText(a.group ?? '', b.group ?? ''),
  );
  return violation === 'license.assignmentError'
    ? mend(user, assignments)
    : switchPlanOn(user, assignments, requirement);
}

function assign(user: User, skus: readonly SubscribedSku[], requirement: Requirement): Plan {
  const { profile, target } = requirement;
  const product = productToAssign(skus, minimumPlanOf(profile), target);
  if (product === undefined) return byHand(steps.buyProduct(requirement));
  if (sufficientPlans(product, minimumPlanOf(profile)).length === 0)
    return byHand(steps.nameAnotherProduct(product, requirement));
  if (!isAssignable(product) || freeSeats(product) === 0) return byHand(steps.freeSeat(product));
  const conflict = steps.lowerPlan(user, product);
  return withUsageLocation(user, requirement, {
    changes: [assignProduct(user, product)],
    manualSteps: conflict === undefined ? [] : [conflict],
  });
}

/** Only a direct assignment can be changed at the user; what a group assigns is changed at the group. */
function switchPlanOn(
  user: User,
  assignments: readonly SufficientAssignment[],
  requirement: Requirement,
): Plan {
  const direct = assignments.find(({ group, works }) => group === null && works);
  if (direct === undefined) {
    return {
      changes: [],
      manualSteps: assignments.map((assignment) =>
        assignment.group === null
          ? steps.assignmentInError(user, assignment)
          : steps.switchOnAtGroup(assignment.sku, assignment.group),
      ),
    };
  }
  const sufficient = sufficientPlans(direct.sku, minimumPlanOf(requirement.profile));
  return withUsageLocation(user, requirement, {
    changes: [switchOn(user, direct, sufficient)],
    manualSteps: [],
  });
}

/** The cause of an error is removed by a person; the group's assignment is then tried again. */
function mend(user: User, assignments: readonly SufficientAssignment[]): Plan {
  const broken = assignments.filter(({ planOn }) => planOn);
  const fromGroups = broken.filter(({ group, state }) => group !== null && isError(state));
  return {
    changes: fromGroups.length === 0 ? [] : [reprocess(user, fromGroups)],
    manualSteps: broken.map((assignment) => steps.assignmentInError(user, assignment)),
  };
}

/** Graph refuses to assign anything without a usage location: nothing is changed when it cannot be set. */
function withUsageLocation(user: User, { target }: Requirement, planned: Plan): Plan {
  if (user.usageLocation) return planned;
  const location = target.license?.usageLocation;
  if (location === undefined) return byHand(steps.usageLocation(user));
  return { ...planned, changes: [setUsageLocation(user, location), ...planned.changes] };
}

function byHand(step: Plan['manualSteps'][number]): Plan {
  return { changes: [], manualSteps: [step] };
}
