// The function app on Flex Consumption, with its plan. Its settings and its sign-in are modules of their own.

@description('Name of the app: part of its address, so it must be unique in Azure.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan.')
param planName string

@description('Region of the app.')
param location string

@description('Tags of the app and its plan.')
param tags object

@description('Resource ids of the identities that the app can use.')
param identityIds string[]

@description('Resource id of the identity with which the host fetches the package.')
param packageIdentityId string

@description('Resource id of the identity that reads secrets for settings that refer to Key Vault.')
param vaultReaderId string

@description('Address of the blob container of the package.')
param packageContainerUri string

@description('Major version of Node.js.')
param nodeVersion string

@description('Memory of one instance, in MB.')
param instanceMemoryMB int

@description('The most instances at once.')
param maximumInstanceCount int

@description('Resource id of the subnet that the app sends from. Empty: no network.')
param subnetId string

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  // azd finds by this tag where it deploys to.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: toObject(identityIds, id => id, id => {})
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: vaultReaderId
    // What the app sends goes through the network, all of it: the platform knows no other way on this plan.
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: packageIdentityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
  }
}

// Deployments sign in with Microsoft Entra; user name and password of the publishing profile are off.
resource publishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Name of the app.')
output name string = app.name

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName
