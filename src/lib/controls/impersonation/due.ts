import type { RoleAssignment, ScopeContents } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/read';
import type { User } from '../../microsoft365/service-account';
import { mayBeHeld } from './missing-role';
import { asksForRoles, type Demand, possibleProtocols } from './protocols';
import { expectedKeys } from './reach';
import { Reaches } from './reaches';
import { areAllRoomsKnown, type WhoIsARoom } from './room-lists';

/**
 * Whether a repair may be due: a room is missed, or somebody else is reached. Only then is it worth asking for what
 * nobody but a repair needs.
 * @param counted the assignments that count, where they were read.
 */
export function isRepairDue(
  counted: readonly RoleAssignment[] | undefined,
  facts: WhoIsARoom & { account: Read<User> | null; contents: ReadonlyMap<string, ScopeContents> },
  demand: Demand,
): boolean {
  const { rooms, account, contents } = facts;
  if (counted === undefined || !rooms.ok) return false;
  // What the account holds may reach the rooms, where that counts and could not be read.
  const reaches = new Reaches(counted, contents, mayBeHeld(account, demand));
  const wanted = possibleProtocols(demand);
  const isMissed =
    asksForRoles(demand) &&
    rooms.value.some((room) => room.exists && reaches.standingOf(room, wanted).kind === 'missed');
  if (isMissed || counted.some(({ scope }) => scope.kind === 'organization')) return true;
  if (!areAllRoomsKnown(facts)) return false;
  const keys = rooms.value.flatMap((room) => room.keys);
  return reaches.all.strays(expectedKeys(keys, facts, demand.target)).length > 0;
}
