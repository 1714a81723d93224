import * as z from 'zod';

/** A service plan of a user, with whether it works. https://learn.microsoft.com/graph/api/resources/assignedplan */
export const AssignedPlan = z.object({
  servicePlanId: z.string().transform((id) => id.toLowerCase()),
  capabilityStatus: z.string().nullish(),
});
export type AssignedPlan = z.infer<typeof AssignedPlan>;

/**
 * Service plans of Exchange Online that come with a mailbox. Verdicts go by these ids, never by part numbers: those
 * contain spaces and slashes, and new ones appear every month.
 * Source: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
 */
export interface ExchangePlan {
  id: string;
  name: string;
  /** 1 and 2 for the plans of that number, 0 for everything below them. */
  tier: 0 | 1 | 2;
}

const plans: readonly ExchangePlan[] = [
  { id: '9aaf7827-d63c-4b61-89c3-182f06f82e5c', name: 'Exchange Online (Plan 1)', tier: 1 },
  { id: 'e9b4930a-925f-45e2-ac2a-3f7788ca6fdd', name: 'Exchange Online (Plan 1) for Government', tier: 1 },
  { id: 'efb87545-963c-4e0d-99df-69c6916d9eb0', name: 'Exchange Online (Plan 2)', tier: 2 },
  { id: '8c3069c0-ccdb-44be-ab77-986203a67df2', name: 'Exchange Online (Plan 2) for Government', tier: 2 },
  { id: '4a82b400-a79f-41a4-b4e2-e94f5787b113', name: 'Exchange Online Kiosk', tier: 0 },
  { id: '88f4d7ef-a73b-4246-8047-516022144c9f', name: 'Exchange Online Kiosk for Government', tier: 0 },
  { id: '1126bef5-da20-4f07-b45e-ad25d2581aa8', name: 'Exchange Essentials', tier: 0 },
  { id: '90927877-dcff-4af6-b346-2332c0b15bb7', name: 'Exchange Online POP', tier: 0 },
  { id: 'd42bdbd6-c335-4231-ab3d-c8f348d5aff5', name: 'Exchange Online (P1) of Small Business', tier: 0 },
  { id: 'fc52cc4b-ed7d-472d-bbe7-b081c23ecc56', name: 'Exchange Online of Midsize Business', tier: 0 },
];

const byId = new Map(plans.map((plan) => [plan.id, plan]));

/** Whether a plan, or a product of the tenant, is in effect: `Warning` is a grace period, in which it still works. */
export function isInEffect({ capabilityStatus }: { capabilityStatus?: string | null | undefined }): boolean {
  return capabilityStatus === 'Enabled' || capabilityStatus === 'Warning';
}

/** Everything that Microsoft documents. https://learn.microsoft.com/graph/api/resources/assignedplan */
const capabilities = ['Enabled', 'Warning', 'Suspended', 'Deleted', 'LockedOut'];

/** Whether it is understood what this state means. */
export function isKnownCapability({ capabilityStatus }: Pick<AssignedPlan, 'capabilityStatus'>): boolean {
  return capabilities.includes(capabilityStatus ?? '');
}

/** Whether one of these plans of a user gives a mailbox. */
export function givesMailbox(plans: readonly AssignedPlan[]): boolean {
  return plans.some((plan) => isInEffect(plan) && exchangePlan(plan.servicePlanId) !== undefined);
}

/** The mailbox plan with this id, or undefined when the plan gives no mailbox (add-ons, Exchange Foundation). */
export function exchangePlan(servicePlanId: string): ExchangePlan | undefined {
  return byId.get(servicePlanId.toLowerCase());
}
