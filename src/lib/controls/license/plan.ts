import * as z from 'zod';
import { emptyPlan, type Plan, type Change } from '../../model/plan';
import type { Evaluation, Requirement } from '../control';
import { compareText } from '../evaluation';
import { planFor, type Ways } from '../plan';
import { isError, type SufficientAssignment, sufficientAssignments, isWorking } from './assignments';
import { assignProduct, reprocess, setUsageLocation, switchOn, GroupAssignments, addressOf } from './changes';
import type { Code } from './codes';
import type { LicensedUser, LicenseFacts, SubscribedSku } from './collect';
import * as steps from './manual-steps';
import {
  freeSeats,
  isAssignable,
  minimumPlanOf,
  productToAssign,
  smallestFirst,
  sufficientPlans,
} from './products';

/** The account with its licences, and what its tenant owns. */
interface Context {
  user: LicensedUser;
  /** Undefined where they could not be read: what can be assigned, and what is in it, is told by them alone. */
  skus: readonly SubscribedSku[] | undefined;
  requirement: Requirement;
}

/** The account gets a licence that is enough, or the one that it has is put right. */
const ways: Ways<Code, Context> = {
  'license.none': assign,
  'license.belowRequired': assign,
  'license.exchangePlanDisabled': switchPlanOn,
  'license.assignmentError': mend,
  'license.suspended': ({ user }) => byHand(steps.billing(user)),
  'license.unsettled': null,
  'license.grace': null,
  'license.fromGroup': null,
  'license.noSpareSeats': null,
  'license.notKnown': null,
};

/** Assigns a product, switches a plan on, or has groups try again. Never buys, and takes no licence away. */
export function plan(
  { user, skus }: LicenseFacts,
  evaluation: Evaluation<Code>,
  requirement: Requirement,
): Plan {
  if (!user.ok) return emptyPlan;
  return planFor(evaluation, ways, {
    user: user.value,
    skus: skus.ok ? skus.value : undefined,
    requirement,
  });
}

function assign({ user, skus, requirement }: Context): Plan {
  if (skus === undefined) return emptyPlan;
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
function switchPlanOn(context: Context): Plan {
  const { user, requirement } = context;
  const assignments = assignmentsOf(context);
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
function mend(context: Context): Plan {
  const { user } = context;
  const broken = assignmentsOf(context).filter(({ plansOn }) => plansOn.length > 0);
  const fromGroups = broken.filter(({ group, state }) => group !== null && isError(state));
  return {
    changes: fromGroups.length === 0 ? [] : [reprocess(user, fromGroups)],
    manualSteps: broken.map((assignment) => steps.assignmentInError(user, assignment)),
  };
}

/** The assignments that would be enough, the smallest product first. */
function assignmentsOf({ user, skus = [], requirement }: Context): SufficientAssignment[] {
  const minimumPlan = minimumPlanOf(requirement.profile);
  const bySize = smallestFirst(minimumPlan);
  return sufficientAssignments(user, skus, minimumPlan).sort(
    (a, b) => bySize(a.sku, b.sku) || compareText(a.group ?? '', b.group ?? ''),
  );
}

/** Graph refuses to assign anything without a usage location: nothing is changed when it cannot be set. */
function withUsageLocation(user: LicensedUser, { target }: Requirement, planned: Plan): Plan {
  if (user.usageLocation) return planned;
  const location = target.license?.usageLocation;
  if (location === undefined) return byHand(steps.usageLocation(user));
  return { ...planned, changes: [setUsageLocation(user, location), ...planned.changes] };
}

function byHand(step: Plan['manualSteps'][number]): Plan {
  return { changes: [], manualSteps: [step] };
}

/** The body of `assignLicense`, when it is about one product. */
const Assigning = z.object({
  addLicenses: z.array(z.object({ skuId: z.string() })),
  removeLicenses: z.array(z.string()),
});

/**
 * What is there of what a change is about: the usage location; the direct assignment of a product with what is switched
 * off in it, null when there is none; whether the groups' assignments work. Undefined when the facts are about another
 * account, or could not be read.
 */
export function observe({ user: read }: LicenseFacts, { request, before }: Change): unknown {
  if (!read.ok) return undefined;
  const user = read.value;
  const isAt = (below: string) => request.url.endsWith(`${addressOf(user)}${below}`);
  if (isAt('')) return { usageLocation: user.usageLocation || null };
  if (isAt('/reprocessLicenseAssignment')) return groupAssignments(user, before);
  const body = Assigning.safeParse(request.body).data;
  const skuId = body?.addLicenses[0]?.skuId ?? body?.removeLicenses[0];
  if (skuId === undefined || !isAt('/assignLicense')) return undefined;
  const direct = user.licenseAssignmentStates.find(
    (state) => state.skuId === skuId && !state.assignedByGroup,
  );
  return direct === undefined ? null : { disabledPlans: [...direct.disabledPlans].sort(compareText) };
}

/** The request does not say which groups it is about; what was there before does. */
function groupAssignments(
  { licenseAssignmentStates }: LicensedUser,
  before: unknown,
): GroupAssignments | undefined {
  return GroupAssignments.safeParse(before).data?.map(({ skuId, group }) => ({
    skuId,
    group,
    works: licenseAssignmentStates.some(
      (each) => each.skuId === skuId && each.assignedByGroup === group && isWorking(each.state),
    ),
  }));
}
