import { z } from 'zod';
import { applicationReadAll, directoryReadAll } from '../../microsoft365/permissions';
import { isNotFound, type Read } from '../../microsoft365/read';
import { readServiceAccount, type User } from '../../microsoft365/service-account';
import type { Tenant } from '../../microsoft365/tenant';
import { profile } from '../../profiles';
import { type ResourceName, resourceAppIds } from '../../profiles/profile';
import type { StoredTarget } from '../../target';
import { KnownPermissions } from './known-permissions';

const GuidLower = z.string().transform((id) => id.toLowerCase());

/** The vendor's application in this tenant. https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const ClientApp = z.object({
  id: GuidLower,
  displayName: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  isDisabled: z.boolean().nullish(),
  disabledByMicrosoftStatus: z.string().nullish(),
  appRoleAssignmentRequired: z.boolean().nullish(),
});
export type ClientApp = z.infer<typeof ClientApp>;

const Resource = z.object({ id: GuidLower });

/** What a resource and its permissions are called: needed only for those that the profile does not know. */
const ResourceNames = z.object({
  displayName: z.string().nullish(),
  appRoles: z.array(z.object({ id: GuidLower, value: z.string().nullish() })),
});
export type ResourceNames = z.infer<typeof ResourceNames>;

const AppRoleAssignment = z.object({
  appRoleId: GuidLower,
  resourceId: GuidLower,
  resourceDisplayName: z.string().nullish(),
});
export type AppRoleAssignment = z.infer<typeof AppRoleAssignment>;

const PermissionGrant = z.object({
  /** `AllPrincipals`, or `Principal` for the one user in `principalId`. */
  consentType: z.string(),
  principalId: GuidLower.nullish(),
  resourceId: GuidLower,
  /** Separated by spaces, in any order, often with one in front. */
  scope: z.string().nullish(),
});
export type PermissionGrant = z.infer<typeof PermissionGrant>;

export interface ConsentFacts {
  client: Read<ClientApp>;
  /** Object ids in this tenant; null where the tenant does not have the resource. */
  resources: Record<ResourceName, Read<string | null>>;
  account: Read<User>;
  /** What follows is asked for only when the vendor's application is there. */
  appRoles?: Read<AppRoleAssignment[]>;
  grants?: Read<PermissionGrant[]>;
  /** The service account's own assignments to the application; asked for only when it demands them. */
  accountAssignments?: Read<AppRoleAssignment[]>;
  /** By object id, for resources of which permissions are held that the profile does not know. */
  names: ReadonlyMap<string, Read<ResourceNames>>;
}

export async function collect(tenant: Tenant, target: StoredTarget): Promise<ConsentFacts> {
  const [client, graph, exchange, account] = await Promise.all([
    tenant.graph.get(
      `/servicePrincipals(appId='${target.clientAppId}')?$select=${Object.keys(ClientApp.shape).join(',')}`,
      ClientApp,
      { what: `the application ${target.clientAppId}`, permission: applicationReadAll.name },
    ),
    readResource(tenant, 'Microsoft Graph'),
    readResource(tenant, 'Office 365 Exchange Online'),
    readServiceAccount(tenant, target),
  ]);
  const facts: ConsentFacts = {
    client,
    resources: { 'Microsoft Graph': graph, 'Office 365 Exchange Online': exchange },
    account,
    names: new Map(),
  };
  if (!client.ok) return facts;

  const [appRoles, grants, accountAssignments] = await Promise.all([
    tenant.graph.list(
      `/servicePrincipals/${client.value.id}/appRoleAssignments?$top=999`,
      AppRoleAssignment,
      {
        what: "the application's permissions",
        permission: applicationReadAll.name,
      },
    ),
    tenant.graph.list(
      `/servicePrincipals/${client.value.id}/oauth2PermissionGrants?$top=999`,
      PermissionGrant,
      {
        what: "the application's delegated permissions",
        permission: directoryReadAll.name,
      },
    ),
    readAccountAssignments(tenant, client.value, account),
  ]);
  return {
    ...facts,
    appRoles,
    grants,
    ...(accountAssignments === undefined ? {} : { accountAssignments }),
    names: await readNames(tenant, target, facts.resources, appRoles, grants),
  };
}

async function readResource(tenant: Tenant, name: ResourceName): Promise<Read<string | null>> {
  const read = await tenant.graph.get(
    `/servicePrincipals(appId='${resourceAppIds[name]}')?$select=id`,
    Resource,
    { what: `the resource ${name}`, permission: applicationReadAll.name },
  );
  if (isNotFound(read)) return { ok: true, value: null };
  return read.ok ? { ok: true, value: read.value.id } : read;
}

async function readAccountAssignments(tenant: Tenant, client: ClientApp, account: Read<User>) {
  if (client.appRoleAssignmentRequired !== true || !account.ok) return undefined;
  // Includes those that come through groups. https://learn.microsoft.com/graph/api/user-list-approleassignments
  return tenant.graph.list(
    `/users/${account.value.id}/appRoleAssignments?$filter=resourceId%20eq%20${client.id}`,
    AppRoleAssignment,
    { what: "the service account's assignments", permission: directoryReadAll.name },
  );
}

async function readNames(
  tenant: Tenant,
  target: StoredTarget,
  resources: ConsentFacts['resources'],
  appRoles: Read<AppRoleAssignment[]>,
  grants: Read<PermissionGrant[]>,
): Promise<Map<string, Read<ResourceNames>>> {
  const known = new KnownPermissions(profile(target.profile), resources);
  const unnamed = new Set([
    ...(appRoles.ok ? appRoles.value : [])
      .filter((role) => !known.hasRole(role.resourceId, role.appRoleId))
      .map((role) => role.resourceId),
    ...(grants.ok ? grants.value : [])
      .filter((grant) => known.resourceName(grant.resourceId) === undefined)
      .map((grant) => grant.resourceId),
  ]);
  const entries = [...unnamed].map(async (id) => {
    const read = await tenant.graph.get(
      `/servicePrincipals/${id}?$select=displayName,appRoles`,
      ResourceNames,
      {
        what: `the names of the permissions of ${id}`,
        permission: applicationReadAll.name,
      },
    );
    return [id, read] as const;
  });
  return new Map(await Promise.all(entries));
}
