import type { ConsentFacts, PermissionGrant } from '../../../../src/lib/controls/consent/collect';
import type { AppRoleAssignment, ClientApp } from '../../../../src/lib/microsoft365/directory/client-app';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import { account, clientApp } from '../../../support/planning';

const contoso = (last: number) => `c0170507-0000-4000-8000-0000000000${last}`;
export const client = contoso(21);
export const graph = contoso(31);
export const exchange = contoso(32);
export const another = contoso(99);
export const anotherAppId = '7e57ab1e-0000-4000-8000-00000000ab1e';

/** The same id on two resources: *Calendars.ReadWrite* on Graph, *Calendars.ReadWrite.All* on Exchange Online. */
export const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
/** Graph's *Calendars.ReadWrite.All*, which is about work hours and locations. */
export const workHours = 'd91697b0-a708-4c11-a712-8fb2dc081aa2';
export const mailReadWrite = 'e2a3a72e-5f79-4c64-b1b1-878b674786c9';

/** An application permission; its id has to be encoded in an address. */
export function role(resourceId: string, appRoleId: string): AppRoleAssignment {
  return { id: `${resourceId} ${appRoleId}`, resourceId, appRoleId };
}

/** Delegated permissions: for everybody, or for one user. */
export function grant(resourceId: string, scope: string, principalId?: string): PermissionGrant {
  const consentType = principalId === undefined ? 'AllPrincipals' : 'Principal';
  const id = `Grant-${resourceId.slice(-2)}-${principalId?.slice(-2) ?? 'all'}`;
  return { id, consentType, principalId: principalId ?? null, resourceId, scope };
}

interface Given {
  roles?: AppRoleAssignment[];
  grants?: PermissionGrant[];
  app?: Partial<ClientApp>;
}

export const healthyRoles = [role(graph, calendars)];
export const healthyGrants = [grant(graph, ' User.Read openid'), grant(exchange, 'EWS.AccessAsUser.All')];

/** What is held by an application that has everything it needs, unless told. */
export function facts({ roles = healthyRoles, grants = healthyGrants, app }: Given = {}): ConsentFacts {
  return {
    client: readOk(clientApp(app)),
    resources: { 'Microsoft Graph': readOk(graph), 'Office 365 Exchange Online': readOk(exchange) },
    registration: readOk(null),
    account: readOk(account()),
    appRoles: readOk(roles),
    grants: readOk(grants),
    names: new Map([
      [
        graph,
        readOk({
          appId: '00000003-0000-0000-c000-000000000000',
          displayName: 'Microsoft Graph',
          appRoles: [{ id: mailReadWrite, value: 'Mail.ReadWrite' }],
        }),
      ],
      [another, readOk({ appId: anotherAppId, displayName: 'Another API', appRoles: [] })],
    ]),
  };
}
