import * as z from 'zod';
import { project } from '../query';
import { type GraphCall, type GraphRoute, pathOf, type Reply } from '../route';
import type { GraphObject } from '../state';
import { userDefaults } from '../users';
import { bodied, wrong } from './body';
import { direct, findSku, freeSeats, type Holding, holdingsOf, isActive, type Sku } from './holdings';
import { holdFrom } from './licensing';
import { wantedUser } from './users';

const assign = ['LicenseAssignment.ReadWrite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'];
const id = '([^/]+)';

const License = z.strictObject({ skuId: z.guid(), disabledPlans: z.array(z.guid()).default([]) });
type License = z.infer<typeof License>;

// Each may be missing, so that it can be missed in Graph's words.
const Wanted = z.strictObject({
  addLicenses: z.array(License).optional(),
  removeLicenses: z.array(z.guid()).optional(),
});

/** Licences of users. */
export const licenseWrites: readonly GraphRoute[] = [
  bodied({
    method: 'POST',
    path: pathOf(`/users/${id}/assignLicense`),
    operation: 'POST /users/{user-id}/assignLicense',
    version: 'v1.0',
    permissions: assign,
    body: Wanted,
    answer(call, { addLicenses, removeLicenses }) {
      if (addLicenses === undefined || removeLicenses === undefined) {
        throw missing(addLicenses === undefined ? 'addLicenses' : 'removeLicenses');
      }
      const user = wantedUser(call);
      const kept = without(holdingsOf(user), removeLicenses);
      if (addLicenses.length > 0 && !user.usageLocation) throw nowhere();
      const holdings = addLicenses.reduce((held, license) => withLicense(call, user, held, license), kept);
      return held(call, user, holdings);
    },
  }),
  {
    method: 'POST',
    path: pathOf(`/users/${id}/reprocessLicenseAssignment`),
    operation: 'POST /users/{user-id}/reprocessLicenseAssignment',
    version: 'v1.0',
    permissions: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
    answer(call) {
      const user = wantedUser(call);
      return held(
        call,
        user,
        holdingsOf(user).map((holding) => triedAgain(call, holding)),
      );
    },
  },
];

/** Makes these the assignments of a user, and shows him. */
function held(call: GraphCall, user: GraphObject, holdings: readonly Holding[]): Reply {
  const written = call.write(holdFrom(call.tenant, user, holdings, call.now().toISOString()));
  const shown = written.users.find((each) => each.id === user.id) ?? user;
  return { status: 200, body: project(shown, call.url.searchParams, userDefaults) };
}

/** @throws a 400 for what the user does not hold himself. */
function without(holdings: readonly Holding[], skuIds: readonly string[]): Holding[] {
  for (const skuId of skuIds) {
    const ofProduct = holdings.filter((holding) => holding.skuId === skuId);
    if (ofProduct.length === 0) throw wrong('User does not have a corresponding license.');
    if (ofProduct.every(({ assignedByGroup }) => assignedByGroup !== null)) {
      throw wrong(
        'User license is inherited from a group membership and it cannot be removed directly from the user.',
      );
    }
  }
  return holdings.filter(({ skuId, assignedByGroup }) => assignedByGroup !== null || !skuIds.includes(skuId));
}

/** Assigns a product, or changes which of its plans are off. @throws a 400 when that cannot be. */
function withLicense(
  { tenant, now }: GraphCall,
  user: GraphObject,
  holdings: readonly Holding[],
  { skuId, disabledPlans }: License,
): Holding[] {
  const sku = findSku(tenant, skuId);
  if (sku === undefined) throw wrong(`License '${skuId}' does not correspond to a valid company License.`);
  refuseStrangePlans(sku, disabledPlans);
  const hasSeat = [...holdings, ...holdingsOf(user)].some(
    (holding) => holding.skuId === sku.skuId && isActive(holding),
  );
  if (!hasSeat && freeSeats(sku) < 1) {
    throw wrong(`Subscription with SKU ${sku.skuId} does not have any available licenses.`);
  }
  const others = holdings.filter((each) => each.skuId !== sku.skuId || each.assignedByGroup !== null);
  return [...others, direct({ skuId: sku.skuId, disabledPlans }, now().toISOString())];
}

function refuseStrangePlans({ servicePlans, skuId }: Sku, disabledPlans: readonly string[]): void {
  const strange = disabledPlans.find(
    (plan) => !servicePlans.some(({ servicePlanId }) => servicePlanId === plan),
  );
  if (strange !== undefined) throw wrong(`License ${skuId} has no service plan ${strange}.`);
}

/** What a group could not give for want of seats, it gives when there are some. */
function triedAgain({ tenant, now }: GraphCall, holding: Holding): Holding {
  const { state, error, skuId, assignedByGroup } = holding;
  if (assignedByGroup === null || state !== 'Error' || error !== 'CountViolation') return holding;
  const sku = findSku(tenant, skuId);
  if (sku === undefined || freeSeats(sku) < 1) return holding;
  return { ...holding, state: 'Active', error: 'None', lastUpdatedDateTime: now().toISOString() };
}

function missing(parameter: string) {
  return wrong(
    `One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: ${parameter}.`,
  );
}

function nowhere() {
  return wrong('License assignment cannot be done for user with invalid usage location.');
}
