import type { User } from '../../microsoft365/directory/service-account';
import type { RoleAssignment, Room, ScopeContents } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/wire/read';
import { mayBeHeld } from './missing-role';
import { asksForRoles, type Demand, possibleProtocols } from './protocols';
import { expectedKeys } from './reach';
import { Reaches } from './reaches';
import { areAllRoomsKnown, type WhoIsARoom } from './room-lists';

type WhatIsReached = WhoIsARoom & {
  account: Read<User> | null;
  contents: ReadonlyMap<string, ScopeContents>;
};

/**
 * Whether a repair may be due: a room is missed, or somebody else is reached. Only then is it worth asking for what
 * nobody but a repair needs.
 * @param counted the assignments that count, where they were read.
 */
export function isRepairDue(
  counted: readonly RoleAssignment[] | undefined,
  facts: WhatIsReached,
  demand: Demand,
): boolean {
  const { rooms } = facts;
  if (counted === undefined || !rooms.ok) return false;
  const reaches = reachesOf(counted, facts, demand);
  if (asksForRoles(demand) && isAnyMissed(rooms.value, reaches, demand)) return true;
  if (counted.some(({ scope }) => scope.kind === 'organization')) return true;
  if (!areAllRoomsKnown(facts)) return false;
  const keys = rooms.value.flatMap((room) => room.keys);
  return reaches.all.strays(expectedKeys(keys, facts, demand)).length > 0;
}

/** Whether a role may have to be assigned: a room is there that none reaches. */
export function isRoomMissed(
  counted: readonly RoleAssignment[] | undefined,
  facts: WhatIsReached,
  demand: Demand,
): boolean {
  const { rooms } = facts;
  if (counted === undefined || !rooms.ok || !asksForRoles(demand)) return false;
  return isAnyMissed(rooms.value, reachesOf(counted, facts, demand), demand);
}

function isAnyMissed(rooms: readonly Room[], reaches: Reaches, demand: Demand): boolean {
  const wanted = possibleProtocols(demand);
  return rooms.some((room) => room.exists && reaches.accessTo(room, wanted).kind === 'missed');
}

function reachesOf(
  counted: readonly RoleAssignment[],
  { account, contents }: WhatIsReached,
  demand: Demand,
): Reaches {
  // What the account holds may reach the rooms, where that counts and could not be read.
  return new Reaches(counted, contents, mayBeHeld(account, demand));
}
