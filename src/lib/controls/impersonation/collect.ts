import {
  type ClientApp,
  readAppRoles,
  readClientApp,
  readResources,
} from '../../microsoft365/directory/client-app';
import type { User } from '../../microsoft365/directory/service-account';
import { exchangeOf, type ExchangeReader, scopeKey, type TargetRooms } from '../../microsoft365/exchange';
import type { Tenant } from '../../microsoft365/tenant';
import { isNotFound, type Read, readOk } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { profile } from '../../profiles';
import { started } from '../../started';
import { readOwnAccount } from '../service-account';
import { countedOf, counts } from './assigned';
import { readCrossCheck, readPolicies, readRole } from './collect-checks';
import { isRepairDue } from './due';
import type { ImpersonationFacts } from './facts';
import { readOpenings } from './openings';
import { ownName } from './own-name';
import { roleToAssign } from './protocols';

/**
 * Reads who holds which roles and permissions, whom scopes contain, which rooms there are, and where that is the product's
 * way, who may open them. Whatever decides
 * nothing for this target is not asked for: policies, the role and the lists of a repair, and Exchange's own test.
 */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<ImpersonationFacts> {
  const exchange = exchangeOf(tenant, target);
  // The longest list is under way while everything else is read.
  const rooms = started(exchange.rooms());
  const [client, account, resources] = await Promise.all([
    readClientApp(tenant, target),
    readOwnAccount(tenant, target),
    readResources(tenant),
  ]);
  const [appRoles, held] = await Promise.all([
    client.ok ? readAppRoles(tenant, client.value) : undefined,
    readHeld(exchange, target, client, account),
  ]);
  const facts = {
    client,
    account,
    resources,
    ...whatRooms(await rooms),
    ...(appRoles === undefined ? {} : { appRoles }),
    ...held,
  };
  const demand = { target, profile: profile(target.profile) };
  const isNeeded =
    target.rooms.source === 'roomLists' && isRepairDue(countedOf(facts, demand), facts, demand);
  const [roomLists, role, policies, crossCheck, openings] = await Promise.all([
    isNeeded ? exchange.roomLists() : undefined,
    readRole(exchange, facts, demand),
    readPolicies(exchange, facts, demand),
    readCrossCheck(exchange, facts, demand, tenant.beganAt),
    readOpenings(exchange, facts, demand),
  ]);
  return {
    ...facts,
    ...(roomLists === undefined ? {} : { roomLists }),
    ...(role === undefined ? {} : { role }),
    ...policies,
    ...(crossCheck === undefined ? {} : { crossCheck }),
    ...(openings === undefined ? {} : { openings }),
  };
}

function whatRooms(read: Read<TargetRooms>): Pick<ImpersonationFacts, 'rooms' | 'missingLists' | 'roomGaps'> {
  if (!read.ok) return { rooms: read, missingLists: [], roomGaps: [] };
  const { rooms, missingLists, gaps } = read.value;
  return { rooms: readOk(rooms), missingLists, roomGaps: gaps };
}

async function readHeld(
  exchange: ExchangeReader,
  target: StoredTarget,
  client: Read<ClientApp>,
  account: Read<User> | null,
): Promise<Pick<ImpersonationFacts, 'assignments' | 'exclusiveScopes' | 'contents' | 'baseline'>> {
  // An application that is not there holds nothing; one that could not be read may hold anything.
  const nothing = { exclusiveScopes: [], contents: new Map() };
  if (!client.ok && !isNotFound(client)) return nothing;
  const demand = { target, profile: profile(target.profile) };
  const { applicationRoles, retiredServiceAccountRoles } = demand.profile.impersonation;
  const [assignments, baseline] = await Promise.all([
    exchange.assignments(
      {
        application: client.ok ? client.value.id : undefined,
        serviceAccount: account?.ok === true ? account.value.id : undefined,
      },
      { application: applicationRoles, serviceAccount: retiredServiceAccountRoles },
    ),
    client.ok
      ? exchange.baseline({
          scope: ownName(target.targetId),
          role: roleToAssign(demand) ?? '',
          application: client.value.id,
        })
      : undefined,
  ]);
  const grounds = baseline === undefined ? {} : { baseline };
  if (!assignments.ok) return { ...nothing, assignments, ...grounds };
  const counted = assignments.value.filter((assignment) => counts(assignment, demand));
  if (counted.length === 0) return { ...nothing, assignments, ...grounds };
  const exclusive = await exchange.exclusiveScopes();
  if (!exclusive.ok) return { ...nothing, assignments: exclusive, ...grounds };
  const scopes = new Map(
    [...counted.map(({ scope }) => scope), ...exclusive.value].map((scope) => [scopeKey(scope), scope]),
  );
  const contents = await exchange.contents([...scopes.values()]);
  return {
    assignments,
    ...grounds,
    exclusiveScopes: exclusive.value,
    contents: new Map(contents.map((content, index) => [[...scopes.keys()][index] ?? '', content])),
  };
}
