// One storage account that only Microsoft Entra identities can use: no shared key, no anonymous access, TLS 1.2.
// Deployed three times: for the host, for the package, and for the data.

@description('Name of the account: 3 to 24 small letters and digits, unique in Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags object

@description('Blob containers that have to be there before the app is deployed.')
param containerNames string[] = []

@description('Whether the account can be reached through private endpoints alone.')
param isPrivate bool = false

@description('Whether a lock keeps the account from being deleted. Azure has no undelete for tables.')
param protect bool = false

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: {
      bypass: isPrivate ? 'None' : 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    supportsHttpsTrafficOnly: true
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [
  for containerName in containerNames: {
    parent: blobService
    name: containerName
    properties: {
      publicAccess: 'None'
    }
  }
]

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  scope: account
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Findings, history and accepted risks of Syncwarden. Remove this lock first if they are really to go.'
  }
}

@description('Name of the account.')
output name string = account.name

@description('Address of the blob service, with a slash at its end.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Address of the queue service, with a slash at its end.')
output queueEndpoint string = account.properties.primaryEndpoints.queue

@description('Address of the table service, with a slash at its end.')
output tableEndpoint string = account.properties.primaryEndpoints.table
