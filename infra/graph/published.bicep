// Which of some application permissions a resource (Microsoft Graph, or Office 365 Exchange Online) publishes in this tenant:
// Microsoft does not publish in each tenant all that it documents.
// https://learn.microsoft.com/graph/templates/reference/serviceprincipals

extension microsoftGraphV1

@description('Application id of the resource that the permissions are on.')
param resourceAppId string

@description('Names of the permissions.')
param names string[]

resource api 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: resourceAppId
}

var published = filter(
  api.appRoles,
  role => role.isEnabled && contains(role.allowedMemberTypes, 'Application') && contains(names, role.value)
)

@description('Ids of those that are published, by name.')
output ids object = toObject(published, role => role.value, role => role.id)
