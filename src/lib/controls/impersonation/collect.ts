import {
  type AppRoleAssignment,
  type ClientApp,
  readAppRoles,
  readClientApp,
  readResources,
  type ResourceIds,
} from '../../microsoft365/directory/client-app';
import type { User } from '../../microsoft365/directory/service-account';
import {
  type AccessPolicy,
  exchangeOf,
  type ExchangeReader,
  type FilterScope,
  type Ground,
  type MissingList,
  type Recipient,
  type RoleAssignment,
  type Room,
  type RoomGap,
  type RoomList,
  scopeKey,
  type ScopeContents,
  type TargetRooms,
} from '../../microsoft365/exchange';
import type { Tenant } from '../../microsoft365/tenant';
import { isNotFound, type Read, readOk } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { profile } from '../../profiles';
import { started } from '../../started';
import { readOwnAccount } from '../service-account';
import { countedOf, counts } from './assigned';
import { readCrossCheck, readPolicies, readRole } from './collect-checks';
import type { CrossCheck } from './disputes';
import { isRepairDue } from './due';
import { ownName } from './own-name';
import { roleToAssign } from './protocols';

export interface ImpersonationFacts {
  client: Read<ClientApp>;
  /** Null for a product that signs in as an application alone. */
  account: Read<User> | null;
  resources: ResourceIds;
  rooms: Read<Room[]>;
  /** Room lists of the target that do not exist, or are none. */
  missingLists: readonly MissingList[];
  /** Why there may be more rooms than these. */
  roomGaps: readonly RoomGap[];
  /** Application permissions of Microsoft Entra; asked for only when the vendor's application is there. */
  appRoles?: Read<AppRoleAssignment[]>;
  /**
   * Of every role that the application holds, and of those of the account that once counted; not asked for when it is not
   * known who could hold one.
   */
  assignments?: Read<RoleAssignment[]>;
  /** Scopes that keep what is in them from assignments with another scope; asked for only when a role is assigned. */
  exclusiveScopes: readonly FilterScope[];
  /** By scope, of the assignments that count and of the exclusive ones. */
  contents: ReadonlyMap<string, ScopeContents>;
  /** What a repair builds on; asked for where the application is there. */
  ground?: Read<Ground>;
  /** The role that a repair would assign; asked for only where it may have to, and nothing else says that it is there. */
  role?: Read<string | null>;
  /** The room lists as a scope would name them; asked for only where a repair may need to. */
  roomLists?: Read<RoomList[]>;
  /** The application access policies about the application; asked for only where this reader sees them and they matter. */
  policies?: Read<AccessPolicy[]>;
  /** Every mailbox of the tenant; asked for only where policies leave those alone that they do not deny. */
  everybody?: Read<Recipient[]>;
  /** What Exchange's own test says of some of the rooms; asked for only where this reader can ask, and a role counts. */
  crossCheck?: CrossCheck;
}

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
  const [roomLists, role, policies, crossCheck] = await Promise.all([
    isNeeded ? exchange.roomLists() : undefined,
    readRole(exchange, facts, demand),
    readPolicies(exchange, facts, demand),
    readCrossCheck(exchange, facts, demand, tenant.beganAt),
  ]);
  return {
    ...facts,
    ...(roomLists === undefined ? {} : { roomLists }),
    ...(role === undefined ? {} : { role }),
    ...policies,
    ...(crossCheck === undefined ? {} : { crossCheck }),
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
): Promise<Pick<ImpersonationFacts, 'assignments' | 'exclusiveScopes' | 'contents' | 'ground'>> {
  // An application that is not there holds nothing; one that could not be read may hold anything.
  const nothing = { exclusiveScopes: [], contents: new Map() };
  if (!client.ok && !isNotFound(client)) return nothing;
  const demand = { target, profile: profile(target.profile) };
  const { applicationRoles, retiredServiceAccountRoles } = demand.profile.impersonation;
  const [assignments, ground] = await Promise.all([
    exchange.assignments(
      {
        application: client.ok ? client.value.id : undefined,
        serviceAccount: account?.ok === true ? account.value.id : undefined,
      },
      { application: applicationRoles, serviceAccount: retiredServiceAccountRoles },
    ),
    client.ok
      ? exchange.ground({
          scope: ownName(target.targetId),
          role: roleToAssign(demand) ?? '',
          application: client.value.id,
        })
      : undefined,
  ]);
  const grounds = ground === undefined ? {} : { ground };
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
