import type { User } from '../../microsoft365/service-account';
import type { SubscribedSku } from './collect';
import { sufficientPlans } from './products';

/** One way in which the account was given a product that contains a sufficient Exchange plan. */
export interface SufficientAssignment {
  sku: SubscribedSku;
  /** Object id of the group that it comes from; null for a direct assignment. */
  group: string | null;
  /** Everything that is switched off in it. */
  disabledPlans: string[];
  /** Whether a sufficient plan is switched on in it. */
  planOn: boolean;
  /** `Active` and `ActiveWithError` work; `Error` and `Disabled` do not. */
  works: boolean;
  /** The state with its error, e.g. `Error: CountViolation`. */
  state: string;
}

/** The assignments, direct and through groups, of products that contain a sufficient plan. */
export function sufficientAssignments(
  user: User,
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
        planOn: plans.some((plan) => !assignment.disabledPlans.includes(plan)),
        works: isWorking(assignment.state),
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
  return state.startsWith('Error');
}
