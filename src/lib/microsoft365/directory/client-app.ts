import * as z from 'zod';
import type { StoredTarget } from '../../model/target';
import { type ResourceName, resourceAppIds } from '../../profiles/profile';
import { applicationReadAll } from '../permissions';
import type { Tenant } from '../tenant';
import { isNotFound, type Read } from '../wire/read';

const GuidLower = z.string().transform((id) => id.toLowerCase());

/** The vendor's application in this tenant. https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const ClientApp = z.object({
  id: GuidLower,
  displayName: z.string().nullish(),
  accountEnabled: z.boolean(),
  isDisabled: z.boolean().nullish(),
  disabledByMicrosoftStatus: z.string().nullish(),
  appRoleAssignmentRequired: z.boolean(),
  /** Id of the tenant in which the application is registered. */
  appOwnerOrganizationId: GuidLower.nullish(),
});
export type ClientApp = z.infer<typeof ClientApp>;

/** An application permission that somebody holds, or an assignment of a user to an application. */
export const AppRoleAssignment = z.object({
  id: z.string(),
  appRoleId: GuidLower,
  resourceId: GuidLower,
  resourceDisplayName: z.string().nullish(),
});
export type AppRoleAssignment = z.infer<typeof AppRoleAssignment>;

const Resource = z.object({ id: GuidLower });

/** Object ids of the resources in this tenant; null where the tenant does not have one. */
export type ResourceIds = Record<ResourceName, Read<string | null>>;

/** Reads the vendor's application. */
export function readClientApp(tenant: Tenant, target: StoredTarget): Promise<Read<ClientApp>> {
  return tenant.graph.get(
    `/servicePrincipals(appId='${target.clientAppId}')?$select=${Object.keys(ClientApp.shape).join(',')}`,
    ClientApp,
    { what: `the application ${target.clientAppId}`, permission: applicationReadAll.name },
  );
}

/** Reads the resources whose permissions a profile can name. */
export async function readResources(tenant: Tenant): Promise<ResourceIds> {
  const [graph, exchange] = await Promise.all([
    readResource(tenant, 'Microsoft Graph'),
    readResource(tenant, 'Office 365 Exchange Online'),
  ]);
  return { 'Microsoft Graph': graph, 'Office 365 Exchange Online': exchange };
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

/** Reads the application permissions that the vendor's application holds, whichever resource they are of. */
export function readAppRoles(tenant: Tenant, client: ClientApp): Promise<Read<AppRoleAssignment[]>> {
  return tenant.graph.list(`/servicePrincipals/${client.id}/appRoleAssignments?$top=999`, AppRoleAssignment, {
    what: "the application's permissions",
    permission: applicationReadAll.name,
  });
}
