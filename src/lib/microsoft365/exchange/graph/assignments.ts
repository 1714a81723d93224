import * as z from 'zod';
import { roleManagementReadExchange } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import type { CountedRoles, Holders, RoleAssignment } from '../exchange';
import type { Scope } from '../scope';
import { type CustomAppScope, readCustomAppScopes, toScope } from './scopes';

const RoleDefinition = z.object({ id: z.string(), displayName: z.string().nullish() });

/** https://learn.microsoft.com/graph/api/resources/unifiedroleassignment */
const AssignmentRow = z.object({
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string().nullish(),
  appScopeId: z.string().nullish(),
});
type AssignmentRow = z.infer<typeof AssignmentRow>;

const path = '/roleManagement/exchange';

function options(what: string) {
  return { version: 'beta' as const, what, permission: roleManagementReadExchange.name };
}

/**
 * All roles of Exchange, with their ids. https://learn.microsoft.com/graph/api/rbacapplication-list-roledefinitions
 */
export function readRoleDefinitions(tenant: Tenant): Promise<Read<z.infer<typeof RoleDefinition>[]>> {
  return tenant.graph.list(`${path}/roleDefinitions`, RoleDefinition, options('the roles of Exchange'));
}

/**
 * Reads the assignments that concern the holders: all of the application, and of the account those of roles that count.
 * Everything is listed and chosen from here: the forms of ids vary, and filters of this part of Microsoft Graph are
 * documented for few properties.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export async function readAssignments(
  tenant: Tenant,
  holders: Holders,
  roles: CountedRoles,
): Promise<Read<RoleAssignment[]>> {
  const [definitions, assignments, scopes] = await Promise.all([
    readRoleDefinitions(tenant),
    tenant.graph.list(`${path}/roleAssignments`, AssignmentRow, options('the role assignments of Exchange')),
    readCustomAppScopes(tenant),
  ]);
  if (!definitions.ok) return definitions;
  if (!assignments.ok) return assignments;
  if (!scopes.ok) return scopes;

  const names = new Map(definitions.value.map(({ id, displayName }) => [id.toLowerCase(), displayName]));
  const customScopes = new Map(scopes.value.map((scope) => [scope.id.toLowerCase(), scope]));
  const holdings = assignments.value.flatMap((assignment): RoleAssignment[] => {
    const role = names.get(assignment.roleDefinitionId.toLowerCase());
    const scope = scopeOf(assignment, customScopes);
    return role
      ? namedHoldings(assignment, role, holders, roles).map((holding) => ({ ...holding, scope }))
      : namelessHoldings(assignment, holders).map((holding) => ({ ...holding, scope }));
  });
  return readOk(holdings);
}

const kindsOfHolders = ['application', 'serviceAccount'] as const;

type Holding = Omit<RoleAssignment, 'scope'>;

function namedHoldings(
  { principalId }: AssignmentRow,
  role: string,
  holders: Holders,
  roles: CountedRoles,
): Holding[] {
  const isCounted = (holder: keyof Holders) =>
    roles[holder].some((name) => name.toLowerCase() === role.toLowerCase());
  return kindsOfHolders.flatMap((holder): Holding[] => {
    const held = heldBy(principalId, holder, holders[holder]);
    const isWanted = holder === 'application' || isCounted(holder);
    return held !== undefined && isWanted ? [{ role, holder, ...held }] : [];
  });
}

/** A role without a name may be any role. */
function namelessHoldings(
  { principalId, roleDefinitionId: role }: AssignmentRow,
  holders: Holders,
): Holding[] {
  const doubt = 'Microsoft Graph does not give the name of its role';
  return kindsOfHolders.flatMap((holder): Holding[] => {
    const held = heldBy(principalId, holder, holders[holder]);
    return held === undefined ? [] : [{ role, nameless: true, holder, ...held, doubt }];
  });
}

/** The part of the directory that each kind of holder is written with: `/ServicePrincipals/{id}`. */
const holderKinds: Record<keyof Holders, string> = {
  application: 'serviceprincipals',
  serviceAccount: 'users',
};

/** This role group hands the roles on to others, and does not use them itself. */
const delegating = 'organization management';

const notExpanded = 'Microsoft Graph does not say who is in a role group. Set exchangeReader to admin-api';

/** Whether an assignment to this principal concerns a holder; undefined when it does not. */
function heldBy(
  principalId: string,
  holder: keyof Holders,
  id: string | undefined,
): Pick<RoleAssignment, 'doubt' | 'through'> | undefined {
  if (id === undefined) return undefined;
  const [, kind = '', name = principalId] = /^\/?([a-z]+)\/(.+)$/i.exec(principalId) ?? [];
  if (kind.toLowerCase() === holderKinds[holder] || kind === '') {
    return name.toLowerCase() === id.toLowerCase() ? {} : undefined;
  }
  if (Object.values(holderKinds).includes(kind.toLowerCase())) return undefined;
  if (kind.toLowerCase() === 'rolegroups' && name.toLowerCase() === delegating) return undefined;
  return { through: name, doubt: notExpanded };
}

const directoryScopes: Record<string, 'administrativeUnit' | 'group' | 'user'> = {
  administrativeunits: 'administrativeUnit',
  groups: 'group',
  users: 'user',
};

function scopeOf(
  { appScopeId, directoryScopeId }: AssignmentRow,
  customScopes: ReadonlyMap<string, CustomAppScope>,
): Scope {
  if (appScopeId && appScopeId !== '/') {
    const custom = customScopes.get(appScopeId.toLowerCase());
    if (custom !== undefined) return toScope(custom);
    return { kind: 'other', name: appScopeId, why: 'it is not among the scopes of Exchange' };
  }
  if (directoryScopeId === '/') return { kind: 'organization' };
  const [, segment = '', id = ''] = /^\/?([a-z]+)\/([^/]+)$/i.exec(directoryScopeId ?? '') ?? [];
  const kind = directoryScopes[segment.toLowerCase()];
  if (kind !== undefined) return { kind, id: id.toLowerCase() };
  const why = 'Microsoft Graph writes it in a way that Syncwarden does not know';
  return { kind: 'other', name: directoryScopeId ?? '(none)', why };
}
