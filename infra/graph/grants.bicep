// Grants application permissions on one resource (Microsoft Graph, or Office 365 Exchange Online) to one identity.
// The deployer needs AppRoleAssignment.ReadWrite.All and Application.Read.All: the role Privileged Role Administrator.
// https://learn.microsoft.com/graph/templates/reference/approleassignedto

extension microsoftGraphV1

@description('Object id of the service principal that gets the permissions.')
param principalId string

@description('Application id of the resource that the permissions are on.')
param resourceAppId string

@description('Ids of the app roles.')
param appRoleIds string[]

resource api 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: resourceAppId
}

resource grants 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for appRoleId in appRoleIds: {
    appRoleId: appRoleId
    principalId: principalId
    resourceId: api.id
  }
]
