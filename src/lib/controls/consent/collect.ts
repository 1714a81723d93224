import * as z from 'zod';
import { type AppRegistration, readAppRegistration } from '../../microsoft365/directory/app-registration';
import {
  AppRoleAssignment,
  type ClientApp,
  readAppRoles,
  readClientApp,
  readResources,
  type ResourceIds,
} from '../../microsoft365/directory/client-app';
import type { User } from '../../microsoft365/directory/service-account';
import { applicationReadAll, directoryReadAll } from '../../microsoft365/permissions';
import type { Tenant } from '../../microsoft365/tenant';
import type { Read } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { profile } from '../../profiles';
import { readOwnAccount } from '../service-account';
import { knownRole, resourcesById } from './known-permissions';

const GuidLower = z.string().transform((id) => id.toLowerCase());

/** Which resource it is, and what its permissions are called: needed only for those that the profile does not know. */
const ResourceNames = z.object({
  appId: GuidLower,
  displayName: z.string().nullish(),
  appRoles: z.array(z.object({ id: GuidLower, value: z.string().nullish() })),
});
export type ResourceNames = z.infer<typeof ResourceNames>;

const PermissionGrant = z.object({
  id: z.string(),
  /** `AllPrincipals`, or `Principal` for the one user in `principalId`. */
  consentType: z.string(),
  principalId: GuidLower.nullish(),
  resourceId: GuidLower,
  /** Separated by spaces, in any order, often with one in front. */
  scope: z.string().nullish(),
});
export type PermissionGrant = z.infer<typeof PermissionGrant>;

/** What is known of the vendor's application, and of what it was granted. */
export interface ConsentFacts {
  client: Read<ClientApp>;
  resources: ResourceIds;
  /** Null where the application is registered in another tenant. */
  registration: Read<AppRegistration | null>;
  /** Null for a product that signs in as an application alone. */
  account: Read<User> | null;
  /** What follows is asked for only when the vendor's application is there. */
  appRoles?: Read<AppRoleAssignment[]>;
  grants?: Read<PermissionGrant[]>;
  /** The service account's own assignments to the application; asked for only when it demands them. */
  accountAssignments?: Read<AppRoleAssignment[]>;
  /** By object id, for resources of which permissions are held that the profile does not know. */
  names: ReadonlyMap<string, Read<ResourceNames>>;
}

/**
 * Reads the vendor's application, what it is granted, and whom that may be for. Where the application is missing,
 * nothing more is asked for. Resources are asked for their names only where something is granted on them that the
 * profile does not know.
 */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<ConsentFacts> {
  const [client, resources, account, registration] = await Promise.all([
    readClientApp(tenant, target),
    readResources(tenant),
    readOwnAccount(tenant, target),
    // In the same batch, whether it is registered here or not.
    readAppRegistration(tenant, target.clientAppId),
  ]);
  const facts: ConsentFacts = { client, resources, account, registration, names: new Map() };
  if (!client.ok) return facts;

  const [appRoles, grants, accountAssignments] = await Promise.all([
    readAppRoles(tenant, client.value),
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

async function readAccountAssignments(tenant: Tenant, client: ClientApp, account: Read<User> | null) {
  if (!client.appRoleAssignmentRequired || account?.ok !== true) return undefined;
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
  resources: ResourceIds,
  appRoles: Read<AppRoleAssignment[]>,
  grants: Read<PermissionGrant[]>,
): Promise<Map<string, Read<ResourceNames>>> {
  const known = resourcesById(resources);
  const unnamed = new Set([
    ...(appRoles.ok ? appRoles.value : [])
      .filter(
        ({ resourceId, appRoleId }) =>
          knownRole(profile(target.profile), known.get(resourceId), appRoleId) === undefined,
      )
      .map((role) => role.resourceId),
    ...(grants.ok ? grants.value : [])
      .filter((grant) => !known.has(grant.resourceId))
      .map((grant) => grant.resourceId),
  ]);
  const named = async (id: string) => {
    const read = await tenant.graph.get(
      `/servicePrincipals/${id}?$select=appId,displayName,appRoles`,
      ResourceNames,
      {
        what: `the names of the permissions of ${id}`,
        permission: applicationReadAll.name,
      },
    );
    return [id, read] as const;
  };
  return new Map(await Promise.all([...unnamed].map(named)));
}
