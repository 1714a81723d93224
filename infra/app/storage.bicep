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

@description('Where Azure keeps copies: in one building (LRS), in three zones of the region (ZRS), or in another region as well (GRS, GZRS).')
param redundancy string = 'Standard_LRS'

@description('Days for which deleted blobs and containers can be brought back. 0: not at all.')
param softDeleteDays int = 0

@description('Resource id of the workspace that is told who reads and writes the tables.')
param workspaceId string = ''

@description('What it is told: StorageRead, StorageWrite, StorageDelete. Empty: nothing.')
param tableLogs string[] = []

@description('Whether a lock keeps the account from being deleted. Azure has no undelete for tables.')
param protect bool = false

var retention = softDeleteDays > 0 ? { enabled: true, days: softDeleteDays } : { enabled: false }

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
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
  properties: {
    containerDeleteRetentionPolicy: retention
    deleteRetentionPolicy: retention
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' existing = {
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

resource access 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(tableLogs)) {
  scope: tableService
  name: 'syncwarden'
  properties: {
    workspaceId: workspaceId
    logs: [for category in tableLogs: { category: category, enabled: true }]
  }
}

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
