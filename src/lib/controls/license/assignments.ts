import type { LicensedUser, SubscribedSku } from './collect';
import { sufficientPlans } from './products';

/** One way in which the account was given a product that contains a sufficient Exchange plan. */
export interface SufficientAssignment {
  sku: SubscribedSku;
  /** Object id of the group that it comes from; null for a direct assignment. */
  group: string | null;
  /** Everything that is switched off in it. */
  disabledPlans: string[];
  /** The sufficient plans that are switched on in it. */
  plansOn: string[];
  /** `Active` and `ActiveWithError` work; `Error` and `Disabled` do not. */
  works: boolean;
  /** Whether its state is one that Microsoft documents. */
  isUnderstood: boolean;
  /** The state with its error, e.g. `Error: CountViolation`. */
  state: string;
}

/** The assignments, direct and through groups, of products that contain a sufficient plan. */
export function sufficientAssignments(
  user: LicensedUser,
  skus: readonly SubscribedSku[],
  minimumTier: number,
): SufficientAssignment[] {
  const bySkuId = new Map(skus.map((sku) => [sku.skuId, sku]));
  return user.licenseAssignmentStates.flatMap((assignment) => {
    const sku = bySkuId.get(assignment.skuId);
    const plans = sku === undefined ? [] : sufficientPlans(sku, minimumTier);
    if (sku === undefined || plans.length === 0) return [];
    const error = assignment.error && assignment.error !== 'None' ? `: ${assignment.error}` : '';
    return [
      {
        sku,
        group: assignment.assignedByGroup ?? null,
        disabledPlans: assignment.disabledPlans,
        plansOn: plans.filter((plan) => !assignment.disabledPlans.includes(plan)),
        works: isWorking(assignment.state),
        isUnderstood: isKnownState(assignment.state),
        state: `${assignment.state}${error}`,
      },
    ];
  });
}

/** Whether an assignment in this state is in effect. */
export function isWorking(state: string): boolean {
  return state === 'Active' || state === 'ActiveWithError';
}

/** Whether it could not be made. `Disabled` is none: the subscription behind it has ended. */
export function isError(state: string): boolean {
  return state === 'Error' || state.startsWith('Error:');
}

/** Whether it is understood what this state means. https://learn.microsoft.com/graph/api/resources/licenseassignmentstate */
export function isKnownState(state: string): boolean {
  return isWorking(state) || state === 'Error' || state === 'Disabled';
}
