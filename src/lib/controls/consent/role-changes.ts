import * as z from 'zod';
import type { AppRoleAssignment } from '../../microsoft365/directory/client-app';
import { appRoleAssignmentReadWriteAll } from '../../microsoft365/permissions';
import type { Change, PlannedRequest } from '../../model/plan';
import { resultOf, toChange } from '../plan';
import type { Unneeded } from './excess';
import type { Grantable } from './lacking';

/** The vendor's application: its object id, and what it is called. */
export interface Client {
  id: string;
  name: string;
}

/** The body of a request that grants an application permission. */
export const RoleBody = z.object({ principalId: z.string(), resourceId: z.string(), appRoleId: z.string() });
export type RoleBody = z.infer<typeof RoleBody>;

/** Grants an application permission. https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
export function grantRole(client: Client, { permission, resourceId }: Grantable): Change {
  return toChange({
    step: 1,
    name: 'grant-application-permission',
    description: `Grant ${client.name} the application permission ${permission.name} on ${permission.resource}.`,
    request: granting(client, resourceId, permission.id),
    before: 'not granted',
    after: 'granted',
    undo: (id) => ({
      method: 'DELETE',
      url: `/v1.0/servicePrincipals/${encodeURIComponent(resourceId)}/appRoleAssignedTo/${resultOf(id, 'id')}`,
    }),
    permission: appRoleAssignmentReadWriteAll,
  });
}

/** Takes an application permission back. */
export function revokeRole(client: Client, { name, resource, role }: Revocable): Change {
  return toChange({
    step: 2,
    name: 'revoke-application-permission',
    description: `Revoke the application permission ${name} on ${resource} from ${client.name}.`,
    request: { method: 'DELETE', url: addressOf(role) },
    before: 'granted',
    after: 'not granted',
    undo: () => granting(client, role.resourceId, role.appRoleId),
    permission: appRoleAssignmentReadWriteAll,
  });
}

type Revocable = Extract<Unneeded, { kind: 'application' }>;

/** Microsoft recommends the address at the resource over the one at the client. */
function granting(client: Client, resourceId: string, appRoleId: string): PlannedRequest {
  return {
    method: 'POST',
    url: `/v1.0/servicePrincipals/${encodeURIComponent(resourceId)}/appRoleAssignedTo`,
    body: { principalId: client.id, resourceId, appRoleId },
  };
}

function addressOf({ id, resourceId }: AppRoleAssignment): string {
  return `/v1.0/servicePrincipals/${encodeURIComponent(resourceId)}/appRoleAssignedTo/${encodeURIComponent(id)}`;
}
