import { exchangePlan, isInEffect } from '../../microsoft365/exchange-plans';
import type { User } from '../../microsoft365/service-account';
import { accountName } from '../../target';
import type { Evaluation, Requirement } from '../control';
import { compareText, conclude, unreadable } from '../evaluation';
import type { Code, codes, Reason } from './codes';
import type { CodeAt } from '../codes';
import { isError, type SufficientAssignment, sufficientAssignments } from './assignments';
import type { LicenseFacts, SubscribedSku } from './collect';
import { freeSeats, isSufficient, minimumPlanOf, productToAssign, sufficientPlans } from './products';

export function evaluate({ user, skus }: LicenseFacts, requirement: Requirement): Evaluation<Code> {
  if (!user.ok) return conclude([unreadable(user.failure)], '', { evidence: {} });
  const evidence = {
    userPrincipalName: user.value.userPrincipalName,
    assignedLicenses: user.value.assignedLicenses,
    licenseAssignmentStates: user.value.licenseAssignmentStates,
    exchangePlans: user.value.assignedPlans.filter((plan) => exchangePlan(plan.servicePlanId) !== undefined),
    products: skus.ok ? sufficientProducts(skus.value, minimumPlanOf(requirement.profile)) : [],
  };
  const account = new LicensedAccount(user.value, requirement);
  const reasons = skus.ok
    ? account.judge(skus.value)
    : (account.judgeWithoutProducts() ?? [unreadable(skus.failure)]);
  const fine = `${user.value.userPrincipalName} has ${account.bestPlan()}, and it works.`;
  return conclude(reasons, fine, { evidence });
}

/** The products that a repair could choose from, without their long lists of plans. */
function sufficientProducts(skus: readonly SubscribedSku[], minimumTier: number) {
  return skus
    .filter((sku) => sufficientPlans(sku, minimumTier).length > 0)
    .map((sku) => ({ skuId: sku.skuId, skuPartNumber: sku.skuPartNumber, freeSeats: freeSeats(sku) }));
}

/** The account with its licences, measured against the plan that the profile demands. */
class LicensedAccount {
  private readonly minimumTier: number;
  private readonly resource: string;
  private readonly expected: string;

  constructor(
    private readonly user: User,
    private readonly requirement: Requirement,
  ) {
    this.minimumTier = minimumPlanOf(requirement.profile);
    this.resource = accountName(requirement.target);
    this.expected = `Exchange Online (Plan ${this.minimumTier}) or better`;
  }

  judge(skus: readonly SubscribedSku[]): Reason[] {
    const assignments = sufficientAssignments(this.user, skus, this.minimumTier);
    const effective = this.effective();
    if (effective !== undefined) return [...effective, ...this.fromGroup(assignments)];
    if (assignments.length === 0) {
      // The tenant no longer lists a product whose subscription has ended: the account still has it.
      const ended =
        this.user.assignedLicenses.length === 0 ? undefined : this.suspended('Suspended', 'LockedOut');
      return ended ? [ended] : [this.insufficient(), ...this.noSpareSeats(skus)];
    }
    const on = assignments.filter((assignment) => assignment.planOn);
    if (on.length === 0) return [this.planDisabled(assignments)];
    if (on.some((assignment) => assignment.works)) return [this.suspended() ?? this.notYetApplied()];
    const ended = on.some(({ state }) => isError(state)) ? undefined : this.suspended();
    if (ended) return [ended];
    const full = on.find(({ sku }) => freeSeats(sku) === 0);
    return [this.assignmentError(on), ...(full === undefined ? [] : [this.noSeatOf(full.sku)])];
  }

  /** What holds whatever the tenant's products are; undefined when it depends on them. */
  judgeWithoutProducts(): Reason[] | undefined {
    const effective = this.effective();
    if (effective !== undefined) return effective;
    if (this.hasNothing()) return [this.insufficient()];
    const mayBeAnother = this.user.licenseAssignmentStates.some(
      ({ state, disabledPlans }) =>
        isError(state) || disabledPlans.some((plan) => isSufficient(plan, this.minimumTier)),
    );
    // An entry of state Deleted stays behind when a licence is taken away.
    const ended = mayBeAnother ? undefined : this.suspended('Suspended', 'LockedOut');
    return ended && [ended];
  }

  /** The best sufficient plan in effect, by name. */
  bestPlan(): string {
    const ids = this.plans('Enabled', 'Warning').map((plan) => plan.servicePlanId);
    const best = ids.flatMap((id) => exchangePlan(id) ?? []).sort((a, b) => b.tier - a.tier)[0];
    return best?.name ?? 'no sufficient plan';
  }

  /** Nothing to complain about when a sufficient plan is in effect; undefined when none is. */
  private effective(): Reason[] | undefined {
    if (this.plans('Enabled').length > 0) return [];
    if (this.plans('Warning').length === 0) return undefined;
    return [
      {
        code: 'license.grace',
        level: 'notice',
        message: `The subscription behind ${this.bestPlan()} has ended: it works until the grace period is over.`,
        resource: this.resource,
      },
    ];
  }

  /** Sufficient plans with one of these states. */
  private plans(...states: string[]) {
    return this.user.assignedPlans.filter(
      (plan) =>
        isSufficient(plan.servicePlanId, this.minimumTier) && states.includes(plan.capabilityStatus ?? ''),
    );
  }

  private hasNothing(): boolean {
    return this.user.assignedLicenses.length === 0 && this.user.licenseAssignmentStates.length === 0;
  }

  private insufficient(): Reason {
    if (this.user.assignedLicenses.length === 0) {
      const message = `${this.user.userPrincipalName} has no licence at all.`;
      return this.violation('license.none', message, 'no licence');
    }
    const lower = this.user.assignedPlans
      .filter(isInEffect)
      .flatMap((plan) => exchangePlan(plan.servicePlanId)?.name ?? []);
    const actual =
      lower.length === 0 ? 'no Exchange Online plan' : [...new Set(lower)].sort(compareText).join(', ');
    const message = `The licences of ${this.user.userPrincipalName} are below Office 365 E1: it has ${actual}, and needs ${this.expected}.`;
    return this.violation('license.belowRequired', message, actual);
  }

  private planDisabled(assignments: readonly SufficientAssignment[]): Reason {
    const products = names(assignments);
    const message = `${this.user.userPrincipalName} has ${products}, but its Exchange Online plan is switched off in every assignment.`;
    return this.violation('license.exchangePlanDisabled', message, `switched off in ${products}`);
  }

  private assignmentError(assignments: readonly SufficientAssignment[]): Reason {
    const states = [
      ...new Set(
        assignments.map(
          ({ sku, state, group }) =>
            `${sku.skuPartNumber} ${group ? `from group ${group}` : 'direct'}: ${state}`,
        ),
      ),
    ].sort(compareText);
    const message = `The licence that would be enough for ${this.user.userPrincipalName} could not be assigned (${states.join('; ')}).`;
    return this.violation('license.assignmentError', message, states.join('; '));
  }

  /** @param states those that count, the one that says most first. */
  private suspended(...states: string[]): Reason | undefined {
    const counted = states.length === 0 ? ['Suspended', 'LockedOut', 'Deleted'] : states;
    const present = new Set(this.plans(...counted).map((plan) => plan.capabilityStatus ?? ''));
    const worst = counted.find((state) => present.has(state));
    if (worst === undefined) return undefined;
    const message = `The Exchange Online plan of ${this.user.userPrincipalName} is assigned and does not work: its state is ${worst}.`;
    return this.violation('license.suspended', message, worst);
  }

  private notYetApplied(): Reason {
    return unreadable({
      cause: 'unavailable',
      message: `Microsoft 365 lists a sufficient licence of ${this.user.userPrincipalName}, and has not put its Exchange Online plan into effect yet.`,
    });
  }

  private fromGroup(assignments: readonly SufficientAssignment[]): Reason[] {
    const working = assignments.filter((assignment) => assignment.planOn && assignment.works);
    const groups = working.flatMap((assignment) => assignment.group ?? []);
    if (groups.length === 0 || groups.length < working.length) return [];
    return [
      {
        code: 'license.fromGroup',
        level: 'notice',
        message: `${names(working)} comes from group ${[...groups].sort(compareText).join(', ')} alone: when the account leaves it, the licence is gone.`,
        resource: this.resource,
      },
    ];
  }

  private noSpareSeats(skus: readonly SubscribedSku[]): Reason[] {
    const { target } = this.requirement;
    const product = productToAssign(skus, this.minimumTier, target);
    if (product !== undefined && freeSeats(product) > 0) return [];
    if (product !== undefined) return [this.noSeatOf(product)];
    const name = target.license?.skuPartNumber ?? 'product that would be enough';
    return [this.notBought(`The tenant owns no ${name}`)];
  }

  private noSeatOf({ skuPartNumber }: SubscribedSku): Reason {
    return this.notBought(`No seat of ${skuPartNumber} is free`);
  }

  private notBought(what: string): Reason {
    const message = `${what}: it has to be bought before it can be assigned.`;
    return { code: 'license.noSpareSeats', level: 'notice', message, resource: this.resource };
  }

  private violation(code: CodeAt<typeof codes, 'violation'>, message: string, actual: string): Reason {
    return { code, level: 'violation', message, resource: this.resource, expected: this.expected, actual };
  }
}

function names(assignments: readonly SufficientAssignment[]): string {
  return [...new Set(assignments.map(({ sku }) => sku.skuPartNumber))].sort(compareText).join(', ');
}
