import type { TenantState } from '../../local/simulator';
import type { Answer, Caller, SimulatorClient } from './simulator-client';

const vendor = 'c0170507-0000-4000-8000-000000000021';
const graph = 'c0170507-0000-4000-8000-000000000031';
const account = 'c0170507-0000-4000-8000-000000000011';
const ada = 'c0170507-0000-4000-8000-000000000121';
const e3 = '6fd2c87f-b296-42f0-b197-1e91e994b900';
const mailReadWrite = 'e2a3a72e-5f79-4c64-b1b1-878b674786c9';
const beta = '/beta/roleManagement/exchange';

/** One change of Contoso for each operation of Graph that can change something; for the application that writes, each succeeds. */
export function graphWrites(
  client: SimulatorClient,
  caller: Caller = {},
): Record<string, () => Promise<Answer>> {
  const change = (method: string, address: string, body?: unknown) =>
    client.change(method, address, body, caller);
  return {
    'PATCH /users/{user-id}': () =>
      change('PATCH', `/v1.0/users/${account}`, {
        accountEnabled: true,
        passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword',
        usageLocation: 'DE',
      }),
    'POST /directory/deletedItems/{directoryObject-id}/restore': () => {
      deleteUser(client.state, ada);
      return change('POST', `/v1.0/directory/deletedItems/${ada}/restore`);
    },
    'POST /users/{user-id}/assignLicense': () =>
      change('POST', `/v1.0/users/${account}/assignLicense`, {
        addLicenses: [{ skuId: e3, disabledPlans: [] }],
        removeLicenses: [],
      }),
    'POST /users/{user-id}/reprocessLicenseAssignment': () =>
      change('POST', `/v1.0/users/${account}/reprocessLicenseAssignment`),
    'POST /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo': () =>
      change('POST', `/v1.0/servicePrincipals/${graph}/appRoleAssignedTo`, {
        principalId: vendor,
        resourceId: graph,
        appRoleId: mailReadWrite,
      }),
    'DELETE /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo/{appRoleAssignment-id}': () =>
      change('DELETE', `/v1.0/servicePrincipals/${graph}/appRoleAssignedTo/assignment-1`),
    'POST /oauth2PermissionGrants': () =>
      change('POST', '/v1.0/oauth2PermissionGrants', {
        clientId: vendor,
        consentType: 'Principal',
        principalId: account,
        resourceId: graph,
        scope: 'User.Read',
      }),
    'PATCH /oauth2PermissionGrants/{oAuth2PermissionGrant-id}': () =>
      change('PATCH', '/v1.0/oauth2PermissionGrants/grant-1', { scope: 'User.Read' }),
    'DELETE /oauth2PermissionGrants/{oAuth2PermissionGrant-id}': () =>
      change('DELETE', '/v1.0/oauth2PermissionGrants/grant-1'),
    'POST /roleManagement/exchange/customAppScopes': () =>
      change('POST', `${beta}/customAppScopes`, {
        type: 'RecipientScope',
        displayName: 'Every room',
        customAttributes: { Exclusive: false, RecipientFilter: "RecipientTypeDetails -eq 'RoomMailbox'" },
      }),
    'PATCH /roleManagement/exchange/customAppScopes/{customAppScope-id}': () =>
      change('PATCH', `${beta}/customAppScopes/c0170507-0000-4000-8000-000000000421`, {
        customAttributes: { RecipientFilter: "City -eq 'London'" },
      }),
    'DELETE /roleManagement/exchange/customAppScopes/{customAppScope-id}': async () => {
      await change('DELETE', `${beta}/roleAssignments/c0170507-0000-4000-8000-000000000411`);
      return change('DELETE', `${beta}/customAppScopes/c0170507-0000-4000-8000-000000000421`);
    },
    'POST /roleManagement/exchange/roleAssignments': () =>
      change('POST', `${beta}/roleAssignments`, {
        principalId: `/ServicePrincipals/${vendor}`,
        roleDefinitionId: 'c0170507-0000-4000-8000-000000000402',
        directoryScopeId: null,
        appScopeId: 'c0170507-0000-4000-8000-000000000421',
      }),
    'DELETE /roleManagement/exchange/roleAssignments/{unifiedRoleAssignment-id}': () =>
      change('DELETE', `${beta}/roleAssignments/c0170507-0000-4000-8000-000000000411`),
  };
}

/** Deletes a user as Entra does. */
export function deleteUser(state: TenantState, id: string): void {
  const [user] = state.users.filter((each) => each.id === id);
  if (user === undefined) throw new Error(`There is no user ${id}.`);
  state.users = state.users.filter((each) => each.id !== id);
  const userPrincipalName = `${id.replaceAll('-', '')}${String(user.userPrincipalName)}`;
  state.deletedUsers.push({ ...user, userPrincipalName, deletedDateTime: '2026-11-20T09:00:00Z' });
}

/** Parameters with which each cmdlet that changes something succeeds in Contoso, when they are run in this order. */
export const cmdletWrites: readonly (readonly [name: string, parameters: object])[] = [
  [
    'New-ServicePrincipal',
    {
      AppId: '7e57ab1e-0000-4000-8000-00000000c0d1',
      ObjectId: 'c0170507-0000-4000-8000-000000000041',
      DisplayName: 'Another',
    },
  ],
  [
    'New-ManagementScope',
    { Name: 'Every room', RecipientRestrictionFilter: "RecipientTypeDetails -eq 'RoomMailbox'" },
  ],
  ['Set-ManagementScope', { Identity: 'Every room', RecipientRestrictionFilter: "City -eq 'London'" }],
  [
    'New-ManagementRoleAssignment',
    {
      Name: 'Every calendar',
      App: vendor,
      Role: 'Application Calendars.Read',
      CustomResourceScope: 'Every room',
    },
  ],
  ['Set-ManagementRoleAssignment', { Identity: 'Every calendar', CustomResourceScope: 'Condeco rooms' }],
  ['Remove-ManagementRoleAssignment', { Identity: 'Every calendar', Confirm: false }],
  ['Remove-ManagementScope', { Identity: 'Every room', Confirm: false }],
  ['Remove-ServicePrincipal', { Identity: 'Another', Confirm: false }],
  ['Set-CalendarProcessing', { Identity: 'room-jade@contoso.com', DeleteSubject: true }],
  [
    'Add-MailboxPermission',
    { Identity: 'room-jade@contoso.com', User: 'svc-condeco@contoso.com', AccessRights: ['FullAccess'] },
  ],
  [
    'Remove-MailboxPermission',
    {
      ...{ Identity: 'room-jade@contoso.com', User: 'svc-condeco@contoso.com' },
      ...{ AccessRights: ['FullAccess'], Confirm: false },
    },
  ],
  ['Set-CASMailbox', { Identity: 'svc-condeco@contoso.com', EwsEnabled: false }],
  ['Set-OrganizationConfig', { EwsAllowedAppIDs: null }],
];
