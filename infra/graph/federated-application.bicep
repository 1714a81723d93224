// A multi-tenant application through which an identity reaches tenants of customers. The identity's token is its only
// credential. Each customer's administrator consents to it.
// https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity

extension microsoftGraphV1

@description('Key under which the application is found again: it cannot be changed later.')
param uniqueName string

@description('Name that customers see when they consent.')
param displayName string

@description('Object id of the service principal of the identity that speaks for the application.')
param principalId string

@description('Application permissions that customers are asked for, by resource: {resourceAppId, appRoleIds}.')
param permissions array

@description('Where a customer is sent after the consent.')
param redirectUri string

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMultipleOrgs'
  requiredResourceAccess: map(permissions, resource => {
    resourceAppId: resource.resourceAppId
    resourceAccess: map(resource.appRoleIds, appRoleId => {
      id: appRoleId
      type: 'Role'
    })
  })
  web: {
    redirectUris: [redirectUri]
  }
}

resource trust 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {
  name: '${application.uniqueName}/managed-identity'
  description: 'The managed identity of Syncwarden speaks for this application, in place of a secret.'
  audiences: ['api://AzureADTokenExchange']
  issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
  subject: principalId
}

resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
}

@description('Client id of the application: FEDERATED_APP_CLIENT_ID or FEDERATED_REMEDIATION_APP_CLIENT_ID.')
output clientId string = application.appId
