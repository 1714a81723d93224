import type { RoleAssignment, Room, ScopeContents } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/read';
import type { User } from '../../microsoft365/service-account';
import type { StoredTarget } from '../../target';
import { unreadAccount } from '../service-account';
import { expectedKeys, Reach } from './reach';

/**
 * Whether a repair may be due: a room is missed, or somebody else is reached. Only then is it worth asking for what
 * nobody but a repair needs.
 * @param counted the assignments that count, where they were read.
 */
export function isRepairDue(
  counted: readonly RoleAssignment[] | undefined,
  facts: { rooms: Read<Room[]>; account: Read<User> | null; contents: ReadonlyMap<string, ScopeContents> },
  target: StoredTarget,
): boolean {
  const { rooms, account, contents } = facts;
  if (counted === undefined || !rooms.ok) return false;
  // What the account holds may reach the rooms, where that counts and could not be read.
  const isOpen = target.acceptRetiredRole && unreadAccount(account) !== undefined;
  const reach = new Reach(counted, contents, isOpen);
  const isMissed = rooms.value.some((room) => room.exists && reach.wayTo(room) === undefined);
  if (isMissed || counted.some(({ scope }) => scope.kind === 'organization')) return true;
  const keys = rooms.value.flatMap((room) => room.keys);
  return reach.strays(expectedKeys(keys, facts, target)).length > 0;
}
