import type { ExchangeReader } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/wire/read';
import { Admission } from './admission';
import { countedOf } from './assigned';
import { applicationReaches } from './disputes';
import { isRoomMissed } from './due';
import type { ImpersonationFacts, CrossCheck } from './facts';
import { meantPermissions } from './granted';
import { mayBeHeld } from './missing-role';
import { asksForRoles, type Demand, possibleProtocols, roleToAssign } from './protocols';
import { Reaches } from './reaches';
import { roleThere } from './role-there';
import { roomsToTest } from './rooms-to-test';
import { heldPermissions, isGated } from './tenant-wide';

/** Policies are asked for where a permission is held that they limit, and where that decides something. */
export async function readPolicies(
  exchange: ExchangeReader,
  facts: ImpersonationFacts,
  demand: Demand,
): Promise<Pick<ImpersonationFacts, 'policies' | 'everybody'>> {
  const { target } = demand;
  const isUnwanted = target.access === 'rooms-only';
  const matters = isUnwanted || isGrantNeeded(facts, demand);
  if (!matters || !heldPermissions(facts, demand).some(isGated)) return {};
  const policies = await exchange.accessPolicies?.(target.clientAppId);
  if (policies === undefined) return {};
  const isOpenEnded = isUnwanted && policies.ok && new Admission(policies.value).isOpenEnded;
  const everybody = isOpenEnded ? await exchange.mailboxes?.() : undefined;
  return everybody === undefined ? { policies } : { policies, everybody };
}

/** The role that a repair would assign is asked for where one may be, and nothing else says whether it is there. */
export async function readRole(
  exchange: ExchangeReader,
  facts: ImpersonationFacts,
  demand: Demand,
): Promise<Read<string | null> | undefined> {
  const name = roleToAssign(demand);
  const isOpen = facts.baseline?.ok === true && roleThere(facts, demand) === undefined;
  if (name === undefined || !isOpen || !isRoomMissed(countedOf(facts, demand), facts, demand))
    return undefined;
  return exchange.role?.(name);
}

/** Whether a permission for the whole tenant is meant to reach rooms that no role opens to Microsoft Graph. */
function isGrantNeeded(facts: ImpersonationFacts, demand: Demand): boolean {
  if (meantPermissions(demand).length === 0) return false;
  if (!asksForRoles(demand)) return true;
  const counted = countedOf(facts, demand);
  if (counted === undefined || !facts.rooms.ok) return false;
  const reaches = new Reaches(
    counted,
    facts.contents,
    mayBeHeld(facts.account, demand),
    facts.exclusiveScopes,
  );
  return facts.rooms.value.some((room) => room.exists && reaches.wayBy('graph', room) === undefined);
}

/** Asks Exchange itself about some rooms, where a role of the application counts or something is in dispute. */
export async function readCrossCheck(
  exchange: ExchangeReader,
  facts: ImpersonationFacts,
  demand: Demand,
  at: number,
): Promise<CrossCheck | undefined> {
  const { target } = demand;
  const counted = countedOf(facts, demand) ?? [];
  if (!facts.rooms.ok) return undefined;
  const disputed = new Set((target.disputes ?? []).map(({ room }) => room));
  const isCounted = counted.some(({ holder }) => holder === 'application');
  const known = facts.rooms.value.filter(({ address }) => isCounted || disputed.has(address));
  const reaches = applicationReaches(counted, facts);
  const rooms = roomsToTest(known, reaches, possibleProtocols(demand), at, disputed);
  return rooms.length === 0 ? undefined : exchange.authorizations?.(target.clientAppId, rooms);
}
