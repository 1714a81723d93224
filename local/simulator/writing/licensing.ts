import type { GraphObject, TenantState } from '../state';
import type { Change } from '../tenancy';
import { addMailbox } from './mailboxes';
import { findSku, type Holding, holdingsOf, isActive, licensesOf, type Sku } from './holdings';
import { hasMailboxPlan, plansAfter } from './plans';
import { changeOfUser } from './users';

/** Makes these the assignments of a user, with all that follows: licences, plans, seats, and a mailbox. */
export function holdFrom(
  tenant: TenantState,
  user: GraphObject,
  holdings: readonly Holding[],
  at: string,
): Change {
  const before = holdingsOf(user);
  const skusOf = (held: readonly Holding[]) =>
    [...new Set(held.map(({ skuId }) => skuId))].flatMap((skuId) => findSku(tenant, skuId) ?? []);
  const skus = skusOf(holdings);
  const changed = skusOf([...before, ...holdings].filter((each) => !isAmong(each, before, holdings)));
  const next = {
    licenseAssignmentStates: holdings,
    assignedLicenses: licensesOf(holdings),
    ...plansAfter({ user, holdings, skus }, changed, at),
  };
  const seats = changed.map((sku) => ({ sku, more: seatOf(sku, holdings) - seatOf(sku, before) }));
  const mailbox = hasMailboxPlan({ holdings, skus }) ? addMailbox(user) : undefined;
  return (state) => {
    changeOfUser(user.id, (own) => Object.assign(own, structuredClone(next)))(state);
    for (const { sku, more } of seats) takeSeats(state, sku, more);
    mailbox?.(state);
  };
}

/** Whether an assignment is the same before and after. */
function isAmong(holding: Holding, ...lists: readonly (readonly Holding[])[]): boolean {
  const text = JSON.stringify(holding);
  return lists.every((list) => list.some((each) => JSON.stringify(each) === text));
}

/** A user takes one seat of a product, however often it is assigned to him. */
function seatOf({ skuId }: Sku, holdings: readonly Holding[]): number {
  return holdings.some((holding) => holding.skuId === skuId && isActive(holding)) ? 1 : 0;
}

function takeSeats({ subscribedSkus }: TenantState, { skuId }: Sku, more: number): void {
  const sku = subscribedSkus.find((each) => each.skuId === skuId);
  if (sku !== undefined) sku.consumedUnits = Number(sku.consumedUnits) + more;
}
