import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { GraphFault } from '../faults';
import { addTo, removeFrom } from '../lists';
import { existing, type GraphCall, type GraphRoute, isOf, pathOf } from '../route';
import type { GraphObject, TenantState } from '../state';
import { bodied, wrong } from './body';

const writeAssignments = ['AppRoleAssignment.ReadWrite.All'];
const readApplications = ['Application.Read.All', 'Directory.Read.All', 'Application.ReadWrite.All'];
const writeGrants = ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'];
const id = '([^/]+)';

/** Stands for access without a role, where an application demands an assignment. */
const noRole = '00000000-0000-0000-0000-000000000000';

const AppRoleAssignment = z.strictObject({
  principalId: z.guid(),
  resourceId: z.guid(),
  appRoleId: z.guid(),
});
type AppRoleAssignment = z.infer<typeof AppRoleAssignment>;

const Grant = z.strictObject({
  clientId: z.guid(),
  consentType: z.enum(['AllPrincipals', 'Principal']),
  principalId: z.guid().nullable().default(null),
  resourceId: z.guid(),
  scope: z.string(),
});
type Grant = z.infer<typeof Grant>;

const Roles = z.array(z.looseObject({ id: z.string() })).catch([]);

/** What applications may do: permissions of their own, and those that they have on behalf of users. */
export const consentWrites: readonly GraphRoute[] = [
  bodied({
    method: 'POST',
    path: pathOf(`/servicePrincipals/${id}/appRoleAssignedTo`),
    operation: 'POST /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo',
    version: 'v1.0',
    permissions: writeAssignments,
    also: readApplications,
    body: AppRoleAssignment,
    answer(call, wanted) {
      const assignment = newAssignment(call, wanted);
      call.write(({ appRoleAssignments }) => addTo(appRoleAssignments, assignment));
      return { status: 201, body: assignment };
    },
  }),
  {
    method: 'DELETE',
    path: pathOf(`/servicePrincipals/${id}/appRoleAssignedTo/${id}`),
    operation: 'DELETE /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo/{appRoleAssignment-id}',
    version: 'v1.0',
    permissions: writeAssignments,
    answer({ tenant, params: [resource = '', wanted = ''], write }) {
      // Of a resource that is gone assignments may be listed still, but not at its address.
      existing(tenant.servicePrincipals.find(isOf('id', resource)), resource);
      const ofResource = tenant.appRoleAssignments.filter(isOf('resourceId', resource));
      const found = existing(ofResource.find(isOf('id', wanted)), wanted);
      write(({ appRoleAssignments }) => removeFrom(appRoleAssignments, ({ id: each }) => each === found.id));
      return { status: 204 };
    },
  },
  bodied({
    method: 'POST',
    path: pathOf('/oauth2PermissionGrants'),
    operation: 'POST /oauth2PermissionGrants',
    version: 'v1.0',
    permissions: writeGrants,
    body: Grant,
    answer({ tenant, write }, wanted) {
      refuseGrant(tenant, wanted);
      const grant = { ...wanted, id: newId() };
      write(({ oauth2PermissionGrants }) => addTo(oauth2PermissionGrants, grant));
      return { status: 201, body: grant };
    },
  }),
  bodied({
    method: 'PATCH',
    path: pathOf(`/oauth2PermissionGrants/${id}`),
    operation: 'PATCH /oauth2PermissionGrants/{oAuth2PermissionGrant-id}',
    version: 'v1.0',
    permissions: writeGrants,
    body: z.strictObject({ scope: z.string() }),
    answer(call, { scope }) {
      const grant = wantedGrant(call);
      call.write(({ oauth2PermissionGrants }) => {
        for (const each of oauth2PermissionGrants) if (each.id === grant.id) each.scope = scope;
      });
      return { status: 204 };
    },
  }),
  {
    method: 'DELETE',
    path: pathOf(`/oauth2PermissionGrants/${id}`),
    operation: 'DELETE /oauth2PermissionGrants/{oAuth2PermissionGrant-id}',
    version: 'v1.0',
    permissions: writeGrants,
    answer(call) {
      const grant = wantedGrant(call);
      call.write(({ oauth2PermissionGrants }) =>
        removeFrom(oauth2PermissionGrants, (each) => each.id === grant.id),
      );
      return { status: 204 };
    },
  },
];

/** @throws a 400 or a 404 when that cannot be assigned. */
function newAssignment({ tenant, params, now }: GraphCall, wanted: AppRoleAssignment): GraphObject {
  const [path = ''] = params;
  const { principalId, resourceId, appRoleId } = wanted;
  const resource = existing(tenant.servicePrincipals.find(isOf('id', path)), path);
  if (resource.id !== resourceId) throw wrong('The resourceId is not the service principal of the address.');
  const { principal, principalType } = principalOf(tenant, principalId);
  const isOffered = Roles.parse(resource.appRoles).some(({ id: role }) => role === appRoleId);
  if (!isOffered && appRoleId !== noRole) {
    throw wrong('Permission being assigned was not found on application');
  }
  const isSame = (each: GraphObject) =>
    [each.principalId, each.resourceId, each.appRoleId].join() ===
    [principalId, resourceId, appRoleId].join();
  if (tenant.appRoleAssignments.some(isSame)) {
    throw wrong('Permission being assigned already exists on the object');
  }
  return {
    id: newId(),
    appRoleId,
    createdDateTime: now().toISOString(),
    deletedDateTime: null,
    principalDisplayName: principal.displayName,
    principalId,
    principalType,
    resourceDisplayName: resource.displayName,
    resourceId,
  };
}

function principalOf({ servicePrincipals, users, groups }: TenantState, principalId: string) {
  const kinds = { ServicePrincipal: servicePrincipals, User: users, Group: groups };
  for (const [principalType, objects] of Object.entries(kinds)) {
    const principal = objects.find(isOf('id', principalId));
    if (principal !== undefined) return { principal, principalType };
  }
  throw notThere(principalId);
}

/** @throws when a grant says nothing, or stands there already with whatever scope. */
function refuseGrant(tenant: TenantState, { clientId, consentType, principalId, resourceId }: Grant): void {
  if ((consentType === 'Principal') !== (principalId !== null)) {
    throw wrong('A grant for one user names him as principalId, and a grant for all names nobody.');
  }
  for (const each of [clientId, resourceId]) {
    if (!tenant.servicePrincipals.some(isOf('id', each))) throw notThere(each);
  }
  if (principalId !== null && !tenant.users.some(isOf('id', principalId))) throw notThere(principalId);
  const key = [clientId, consentType, principalId, resourceId].join();
  const isSame = (each: GraphObject) =>
    [each.clientId, each.consentType, each.principalId, each.resourceId].join() === key;
  if (tenant.oauth2PermissionGrants.some(isSame)) {
    throw new GraphFault(409, 'Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.');
  }
}

function wantedGrant({ tenant, params: [wanted = ''] }: GraphCall): GraphObject {
  return existing(tenant.oauth2PermissionGrants.find(isOf('id', wanted)), wanted);
}

/** What a body names, and the directory does not have. */
function notThere(wanted: string): GraphFault {
  return wrong(
    `Resource '${wanted}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Ids of assignments and grants are no GUIDs. */
function newId(): string {
  return randomBytes(32).toString('base64url');
}
