// App Service Authentication in front of the app: nobody gets through without a token of this tenant for this
// application, except to GET /api/health. What a caller may do is decided in the app, by app role.
// https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad

@description('Name of the function app.')
param appName string

@description('Client id of the application that people sign in to.')
param clientId string

@description('Client ids of further applications whose tokens are taken, such as programs with an app role.')
param callingApplications string[]

@description('Resource id of the workspace that is told who signs in, and who is refused.')
param workspaceId string

@description('Whether it is told.')
param logSignIns bool

// Azure CLI, with which the command line of Syncwarden signs in.
// https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
var azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource authentication 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      excludedPaths: ['/api/health']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          // The name of a setting that holds the client id of a managed identity: there is no secret.
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [clientId]
          // The tenant is that of the issuer, and of the setting WEBSITE_AUTH_AAD_ALLOWED_TENANTS.
          defaultAuthorizationPolicy: {
            allowedApplications: concat([clientId, azureCli], callingApplications)
          }
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
      cookieExpiration: {
        convention: 'FixedTime'
        timeToExpiration: '08:00:00'
      }
    }
    httpSettings: {
      requireHttps: true
    }
  }
}

resource signIns 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logSignIns) {
  scope: app
  name: 'syncwarden'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AppServiceAuthenticationLogs', enabled: true }]
  }
}
