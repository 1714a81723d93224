import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import { ListWalk } from '../list-walk';
import type { WalkedLists } from '../target-rooms';
import { type GraphList, isUnproved, type Step, takeIn, usersIn } from './list';
import { readListMembers } from './list-members';
import { readGroups } from './members';
import { markPlaces } from './place-recipient';
import { PlaceIndex, readDesks, readDesksOf, readRooms, readRoomsOf } from './places';
import { learnPlans } from './plans';

/**
 * The rooms and desks in room lists, and in the lists within them. What a list holds itself Microsoft Graph gives as
 * places, but for rooms that are hidden from address lists. The group behind the list gives everything, and tells whether
 * a list that is no place is gone: a new one can take a day to become one.
 */
export async function walkLists(tenant: Tenant, addresses: readonly string[]): Promise<WalkedLists> {
  const walk = new ListWalk(addresses);
  let steps: Step[] = walk.first();
  while (steps.length > 0) {
    const lists = await Promise.all(steps.map((step) => readList(tenant, step)));
    const learnt = await learnMailboxes(tenant, lists);
    steps = walk.fresh(lists.flatMap((list) => takeIn(walk, list, learnt)));
  }
  return walk.result();
}

/**
 * Learns which of the members have a mailbox. The places of a list may be behind: whoever is none of them may be one all the
 * same. Of who is in a group that may be no list, nothing but that counts.
 */
async function learnMailboxes(tenant: Tenant, lists: readonly GraphList[]): Promise<Read<void>> {
  const users = lists.flatMap(usersIn);
  const plans = await learnPlans(tenant, users);
  if (!plans.ok) return plans;
  const unproved = lists.filter(isUnproved).flatMap(usersIn);
  const doubtful = [...users.filter(({ hasMailbox }) => hasMailbox === undefined), ...unproved];
  if (doubtful.length === 0) return plans;
  const [rooms, desks] = await Promise.all([readRooms(tenant), readDesks(tenant)]);
  if (!rooms.ok) return rooms;
  markPlaces(doubtful, new PlaceIndex(rooms.value, desks.ok ? desks.value : undefined));
  return desks.ok ? readOk(undefined) : desks;
}

async function readList(tenant: Tenant, step: Step): Promise<GraphList> {
  const [rooms, desks, behind] = await Promise.all([
    readRoomsOf(tenant, step.address),
    readDesksOf(tenant, step.address),
    readGroupBehind(tenant, step),
  ]);
  const list = { ...step, rooms, desks, ...behind };
  const known = new PlaceIndex(rooms.ok ? rooms.value : [], desks.ok ? desks.value : []);
  return { ...list, places: markPlaces(usersIn(list), known) };
}

async function readGroupBehind(
  tenant: Tenant,
  { address, group: known }: Step,
): Promise<Pick<GraphList, 'groups' | 'members'>> {
  const groups = known === undefined ? await readGroups(tenant, address) : readOk([known]);
  const [group, ...more] = groups.ok ? groups.value : [];
  const isOne = group !== undefined && more.length === 0;
  return { groups, members: isOne ? await readListMembers(tenant, group) : undefined };
}
