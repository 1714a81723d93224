// Lets people sign in: consent to reading who they are, and the first administrator. An application that asks for an
// assignment cannot be consented to by people themselves.
// https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal

extension microsoftGraphV1

@description('Client id of the application that people sign in to.')
param clientId string

@description('Object id of who becomes Syncwarden.Admin: a person or a group. Empty: nobody.')
param administratorId string

var adminRole = filter(loadJsonContent('app-roles.json'), role => role.value == 'Syncwarden.Admin')[0]

resource application 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: clientId
}

resource microsoftGraph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource consent 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = {
  clientId: application.id
  consentType: 'AllPrincipals'
  resourceId: microsoftGraph.id
  // What App Service Authentication asks for: what is missing here, an administrator would be asked for at each sign-in.
  scope: 'openid profile email'
}

resource administrator 'Microsoft.Graph/appRoleAssignedTo@v1.0' = if (!empty(administratorId)) {
  appRoleId: adminRole.id
  principalId: administratorId
  resourceId: application.id
}
