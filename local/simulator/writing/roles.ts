import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  addAssignment,
  applicationNamed,
  findRole,
  freeName,
  isRetired,
  type Principal,
  type Reach,
  removeAssignment,
} from '../exchange/assignments';
import { addScope, changeScope, findScope, isScopeUsed, removeScope, type Scope } from '../exchange/scopes';
import { existing, type GraphCall, type GraphRoute, isOf, pathOf } from '../route';
import type { TenantState } from '../state';
import { bodied, wrong } from './body';

const id = '([^/]+)';
const below = '/roleManagement/exchange';
const shared = { version: 'beta', permissions: ['RoleManagement.ReadWrite.Exchange'] } as const;

const Attributes = z.strictObject({ Exclusive: z.boolean(), RecipientFilter: z.string().min(1) });
const NewScope = z.strictObject({
  type: z.literal('RecipientScope'),
  displayName: z.string().min(1),
  customAttributes: Attributes.partial({ Exclusive: true }),
});
const ScopeChange = z.strictObject({
  type: z.literal('RecipientScope').optional(),
  displayName: z.string().min(1).optional(),
  customAttributes: Attributes.partial().optional(),
});
const Assignment = z.strictObject({
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string().nullable().default(null),
  appScopeId: z.string().nullable().default(null),
});

/** Roles of Exchange through Microsoft Graph. What is written here, Exchange's own admin API shows too. */
export const roleWrites: readonly GraphRoute[] = [
  bodied({
    method: 'POST',
    path: pathOf(`${below}/customAppScopes`),
    operation: `POST ${below}/customAppScopes`,
    ...shared,
    body: NewScope,
    answer({ tenant, write }, { displayName, customAttributes }) {
      refuseTakenName(tenant, displayName);
      const { RecipientFilter: filter, Exclusive: exclusive = false } = customAttributes;
      const scope = { id: randomUUID(), name: displayName, filter, exclusive };
      const { customAppScopes } = write(addScope(scope));
      return { status: 201, body: existing(customAppScopes.find(isOf('id', scope.id)), scope.id) };
    },
  }),
  bodied({
    method: 'PATCH',
    path: pathOf(`${below}/customAppScopes/${id}`),
    operation: `PATCH ${below}/customAppScopes/{customAppScope-id}`,
    ...shared,
    body: ScopeChange,
    answer(call, { displayName, customAttributes }) {
      const scope = wantedScope(call);
      if (displayName !== undefined && displayName !== scope.name) refuseTakenName(call.tenant, displayName);
      const { RecipientFilter: filter, Exclusive: exclusive } = customAttributes ?? {};
      call.write(changeScope(scope, { name: displayName, filter, exclusive }));
      return { status: 204 };
    },
  }),
  {
    method: 'DELETE',
    path: pathOf(`${below}/customAppScopes/${id}`),
    operation: `DELETE ${below}/customAppScopes/{customAppScope-id}`,
    ...shared,
    answer(call) {
      const scope = wantedScope(call);
      if (isScopeUsed(call.tenant, scope)) {
        throw wrong(
          `The management scope '${scope.name}' is used by a role assignment and can't be removed.`,
        );
      }
      call.write(removeScope(scope));
      return { status: 204 };
    },
  },
  bodied({
    method: 'POST',
    path: pathOf(`${below}/roleAssignments`),
    operation: `POST ${below}/roleAssignments`,
    ...shared,
    body: Assignment,
    answer({ tenant, write }, wanted) {
      const principal = principalOf(tenant, wanted.principalId);
      const role = findRole(tenant, wanted.roleDefinitionId);
      if (role === undefined) throw wrong(`There is no role definition '${wanted.roleDefinitionId}'.`);
      if (isRetired(role)) throw wrong(`The role '${role.name}' can't be assigned any more.`);
      const reach = reachOf(tenant, wanted);
      const assignment = {
        id: randomUUID(),
        name: freeName(tenant, role.name, principal),
        principal,
        role,
        reach,
      };
      const { roleAssignments } = write(addAssignment(assignment));
      return { status: 201, body: existing(roleAssignments.find(isOf('id', assignment.id)), assignment.id) };
    },
  }),
  {
    method: 'DELETE',
    path: pathOf(`${below}/roleAssignments/${id}`),
    operation: `DELETE ${below}/roleAssignments/{unifiedRoleAssignment-id}`,
    ...shared,
    answer({ tenant, params: [wanted = ''], write }) {
      const found = existing(tenant.roleAssignments.find(isOf('id', wanted)), wanted);
      write(removeAssignment(found.id));
      return { status: 204 };
    },
  },
];

function wantedScope({ tenant, params: [wanted = ''] }: GraphCall): Scope {
  const { id: found } = existing(tenant.customAppScopes.find(isOf('id', wanted)), wanted);
  return existing(findScope(tenant, found), found);
}

function refuseTakenName(tenant: TenantState, name: string): void {
  if (findScope(tenant, name) !== undefined) throw wrong(`The object '${name}' already exists.`);
}

/** @throws a 400 for someone whom Exchange does not know. */
function principalOf(tenant: TenantState, graphId: string): Principal {
  const [, kind = '', name = ''] = /^\/(ServicePrincipals|RoleGroups)\/(.+)$/i.exec(graphId) ?? [];
  if (/^ServicePrincipals$/i.test(kind)) {
    const application = applicationNamed(tenant, name);
    if (application !== undefined) return application;
  }
  const group = tenant.exchange.roleGroups.find(({ Name }) => Name === name);
  if (/^RoleGroups$/i.test(kind) && group !== undefined) {
    return { type: 'RoleGroup', identity: group.Name, graphId: `/RoleGroups/${group.Name}` };
  }
  throw wrong(`There is no principal '${graphId}' in Exchange.`);
}

/** @throws a 400 for a scope that is not there, and for both or none. */
function reachOf(tenant: TenantState, { directoryScopeId, appScopeId }: z.infer<typeof Assignment>): Reach {
  if ((directoryScopeId === null) === (appScopeId === null)) {
    throw wrong('Either directoryScopeId or appScopeId says how far an assignment reaches.');
  }
  if (appScopeId !== null) {
    const scope = tenant.customAppScopes.some(isOf('id', appScopeId))
      ? findScope(tenant, appScopeId)
      : undefined;
    if (scope !== undefined) return { kind: 'CustomRecipientScope', scope };
  }
  if (directoryScopeId === '/') return { kind: 'Organization' };
  const [, kind = '', wanted = ''] =
    /^\/(AdministrativeUnits|Groups)\/(.+)$/i.exec(directoryScopeId ?? '') ?? [];
  const isUnit = /^AdministrativeUnits$/i.test(kind);
  const found = (isUnit ? tenant.administrativeUnits : tenant.groups).find(isOf('id', wanted));
  if (found === undefined) throw wrong(`There is no scope '${appScopeId ?? directoryScopeId ?? ''}'.`);
  return isUnit
    ? { kind: 'AdministrativeUnit', id: found.id }
    : { kind: 'Group', id: found.id, name: String(found.displayName) };
}
