import type { GraphObject, TenantState } from '../../local/simulator/state';
import { contoso } from './exchange-views';

export const account = contoso(11);
export const client = contoso(21);
export const graph = contoso(31);
export const exchange = contoso(32);
export const another = contoso(99);
/** An object id that no service principal has. */
export const gone = contoso(98);

/** The same id on two resources: *Calendars.ReadWrite* on Graph, *Calendars.ReadWrite.All* on Exchange Online. */
export const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
/** Graph's *Calendars.ReadWrite.All*, which is about work hours and locations. */
export const workHours = 'd91697b0-a708-4c11-a712-8fb2dc081aa2';
export const mailReadWrite = 'e2a3a72e-5f79-4c64-b1b1-878b674786c9';
export const fullAccess = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40';
export const userReadBasicAll = '97235f07-e226-4f63-ace3-39588e11d3a1';

export function servicePrincipal({ servicePrincipals }: TenantState, id: string): GraphObject {
  const found = servicePrincipals.find((object) => object.id === id);
  if (found === undefined) throw new Error(`Contoso has no service principal ${id}.`);
  return found;
}

/** The customer's own API, with whatever it is called and offers. */
export function addApi(state: TenantState, changes: object = {}): void {
  state.servicePrincipals.push({
    ...servicePrincipal(state, graph),
    ...{ id: another, appId: another, displayName: 'Contoso intranet', ...changes },
  });
}

/** Gives the vendor's application these permissions and no others: pairs of resource and id. */
export function setRoles(state: TenantState, ...pairs: [resourceId: string, appRoleId: string][]): void {
  state.appRoleAssignments = pairs.map(([resourceId, appRoleId]) => role(client, resourceId, appRoleId));
}

export function role(principalId: string, resourceId: string, appRoleId: string): GraphObject {
  const names = { [graph]: 'Microsoft Graph', [exchange]: 'Office 365 Exchange Online' };
  return {
    id: `${principalId} ${resourceId} ${appRoleId}`,
    principalId,
    principalDisplayName: 'Condeco Exchange Sync',
    principalType: principalId === client ? 'ServicePrincipal' : 'User',
    resourceId,
    resourceDisplayName: names[resourceId] ?? 'Other',
    appRoleId,
    createdDateTime: '2026-01-12T09:00:00Z',
  };
}

/** Its delegated permissions: for everybody, or for one user. */
export function setScopes(
  state: TenantState,
  ...grants: [resourceId: string, scope: string, principalId?: string | undefined][]
): void {
  state.oauth2PermissionGrants = grants.map(([resourceId, scope, principalId], index) => ({
    id: `grant-${index}`,
    clientId: client,
    consentType: principalId === undefined ? 'AllPrincipals' : 'Principal',
    principalId: principalId ?? null,
    resourceId,
    scope,
  }));
}
