// The application that people and programs sign in to. It has no secret: App Service Authentication proves itself with
// the identity that reads. It has no permission on anything either.
// https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad#use-a-managed-identity-instead-of-a-secret-preview

extension microsoftGraphV1

@description('Key under which the application is found again: it cannot be changed later.')
param uniqueName string

@description('Name that people see when they sign in.')
param displayName string

@description('Host name of the app, without https.')
param hostName string

@description('Object id of the service principal of the identity that reads.')
param readerPrincipalId string

var appRoles = loadJsonContent('app-roles.json')
// A fixed one: register.sh makes the same application.
var scopeId = 'c938945e-b57d-4d9c-aba5-419f924d19df'

// Azure CLI, with which the command line of Syncwarden signs in, so that nobody has to consent to it.
// https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
var azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMyOrg'
  // Contains the tenant's id, as the policies of many tenants ask for.
  // https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions
  identifierUris: ['api://${tenant().tenantId}/${uniqueName}']
  appRoles: appRoles
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: scopeId
        value: 'user_impersonation'
        type: 'Admin'
        isEnabled: true
        adminConsentDisplayName: 'Use Syncwarden'
        adminConsentDescription: 'Lets a program call Syncwarden as the person who has signed in, with that person\'s app roles.'
      }
    ]
    preAuthorizedApplications: [
      {
        appId: azureCli
        delegatedPermissionIds: [scopeId]
      }
    ]
  }
  web: {
    homePageUrl: 'https://${hostName}/api/report'
    redirectUris: ['https://${hostName}/.auth/login/aad/callback']
    implicitGrantSettings: {
      enableAccessTokenIssuance: false
      enableIdTokenIssuance: true
    }
  }
}

resource trust 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {
  name: '${application.uniqueName}/app-service-authentication'
  description: 'App Service Authentication signs people in with the identity that reads, in place of a secret.'
  audiences: ['api://AzureADTokenExchange']
  issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
  subject: readerPrincipalId
}

resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
  // Who has no app role gets no token. The app checks the role of every call all the same.
  appRoleAssignmentRequired: true
}

@description('Client id of the application: AUTH_AUDIENCE.')
output clientId string = application.appId
