import {
  type AppRoleAssignment,
  type ClientApp,
  readAppRoles,
  readClientApp,
  readResources,
  type ResourceIds,
} from '../../microsoft365/client-app';
import {
  exchangeOf,
  type ExchangeReader,
  type FilterScope,
  type Ground,
  type RoleAssignment,
  type Room,
  type RoomList,
  scopeKey,
  type ScopeContents,
} from '../../microsoft365/exchange';
import { isNotFound, type Read } from '../../microsoft365/read';
import type { User } from '../../microsoft365/service-account';
import type { Tenant } from '../../microsoft365/tenant';
import { profile } from '../../profiles';
import { started } from '../../started';
import type { StoredTarget } from '../../target';
import { readOwnAccount } from '../service-account';
import { isRepairDue } from './due';
import { ownName } from './own-name';

export interface ImpersonationFacts {
  client: Read<ClientApp>;
  /** Null for a product that signs in as an application alone. */
  account: Read<User> | null;
  resources: ResourceIds;
  rooms: Read<Room[]>;
  /** Application permissions of Microsoft Entra; asked for only when the vendor's application is there. */
  appRoles?: Read<AppRoleAssignment[]>;
  /** Of every role that counts or once did; not asked for when it is not known who could hold one. */
  assignments?: Read<RoleAssignment[]>;
  /** Scopes that keep what is in them from assignments with another scope; asked for only when a role is assigned. */
  exclusiveScopes: readonly FilterScope[];
  /** By scope, of the assignments that count and of the exclusive ones. */
  contents: ReadonlyMap<string, ScopeContents>;
  /** What a repair builds on; asked for where the application is there. */
  ground?: Read<Ground>;
  /** The room lists as a scope would name them; asked for only where a repair may need to. */
  roomLists?: Read<RoomList[]>;
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
    rooms: await rooms,
    ...(appRoles === undefined ? {} : { appRoles }),
    ...held,
  };
  const isNeeded =
    target.rooms.source === 'roomLists' && isRepairDue(countedOf(facts, target), facts, target);
  return isNeeded ? { ...facts, roomLists: await exchange.roomLists() } : facts;
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
  const { applicationRoles, retiredServiceAccountRoles } = profile(target.profile).impersonation;
  const [role = ''] = applicationRoles;
  const [assignments, ground] = await Promise.all([
    exchange.assignments(
      {
        application: client.ok ? client.value.id : undefined,
        serviceAccount: account?.ok === true ? account.value.id : undefined,
      },
      { application: applicationRoles, serviceAccount: retiredServiceAccountRoles },
    ),
    client.ok ? exchange.ground({ scope: ownName(target.targetId), role }) : undefined,
  ]);
  const grounds = ground === undefined ? {} : { ground };
  if (!assignments.ok) return { ...nothing, assignments, ...grounds };
  const counted = assignments.value.filter((assignment) => counts(assignment, target));
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

/** The assignments that count; undefined when they were not read. */
export function countedOf(
  { assignments }: Pick<ImpersonationFacts, 'assignments'>,
  target: StoredTarget,
): RoleAssignment[] | undefined {
  return assignments?.ok === true
    ? assignments.value.filter((assignment) => counts(assignment, target))
    : undefined;
}

/** Whether an assignment reaches rooms: one of the service account only where its retired role is accepted. */
export function counts({ holder }: RoleAssignment, { acceptRetiredRole }: StoredTarget): boolean {
  return holder === 'application' || acceptRetiredRole;
}
