import type { Shapes } from './shape';

// https://github.com/Azure/bicep-types-az/tree/main/generated
export const resources: Shapes = {
  'Microsoft.Authorization/locks@2020-05-01': {
    required: 'name properties',
    objects: {
      properties: {
        required: 'level',
        optional: 'notes owners',
        values: { level: ['CanNotDelete', 'NotSpecified', 'ReadOnly'] },
      },
    },
  },

  'Microsoft.Authorization/roleAssignments@2022-04-01': {
    required: 'name properties',
    objects: {
      properties: {
        required: 'principalId roleDefinitionId',
        optional: 'condition conditionVersion delegatedManagedIdentityResourceId description principalType',
        values: { principalType: ['Device', 'ForeignGroup', 'Group', 'ServicePrincipal', 'User'] },
      },
    },
  },

  'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31': {
    required: 'location name',
    optional: 'tags',
    objects: { tags: 'open' },
  },

  'Microsoft.OperationalInsights/workspaces@2023-09-01': {
    required: 'location name',
    optional: 'etag identity properties tags',
    objects: {
      properties: {
        optional: `defaultDataCollectionRuleResourceId features forceCmkForQuery publicNetworkAccessForIngestion
          publicNetworkAccessForQuery retentionInDays sku workspaceCapping`,
        objects: {
          features: {
            optional: `clusterResourceId disableLocalAuth enableDataExport
              enableLogAccessUsingOnlyResourcePermissions immediatePurgeDataOn30Days`,
          },
          sku: {
            required: 'name',
            optional: 'capacityReservationLevel',
            values: {
              name: [
                ...['CapacityReservation', 'Free', 'LACluster', 'PerGB2018', 'PerNode'],
                ...['Premium', 'Standalone', 'Standard'],
              ],
            },
          },
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Resources/resourceGroups@2024-03-01': {
    required: 'location name',
    optional: 'managedBy properties tags',
    objects: { tags: 'open' },
  },

  'Microsoft.Storage/storageAccounts@2023-05-01': {
    required: 'kind location name sku',
    optional: 'extendedLocation identity properties tags',
    values: { kind: ['BlobStorage', 'BlockBlobStorage', 'FileStorage', 'Storage', 'StorageV2'] },
    objects: {
      properties: {
        optional: `accessTier allowBlobPublicAccess allowCrossTenantReplication allowedCopyScope
          allowSharedKeyAccess azureFilesIdentityBasedAuthentication customDomain defaultToOAuthAuthentication
          dnsEndpointType enableExtendedGroups encryption immutableStorageWithVersioning isHnsEnabled
          isLocalUserEnabled isNfsV3Enabled isSftpEnabled keyPolicy largeFileSharesState minimumTlsVersion
          networkAcls publicNetworkAccess routingPreference sasPolicy supportsHttpsTrafficOnly`,
        values: { minimumTlsVersion: ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'] },
      },
      sku: {
        required: 'name',
        values: {
          name: [
            ...['Premium_LRS', 'Premium_ZRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_LRS'],
            ...['Standard_RAGRS', 'Standard_RAGZRS', 'Standard_ZRS'],
          ],
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Storage/storageAccounts/blobServices@2023-05-01': {
    required: 'name',
    optional: 'properties',
    values: { name: ['default'] },
  },

  'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01': {
    required: 'name',
    optional: 'properties',
    objects: {
      properties: {
        optional: `defaultEncryptionScope denyEncryptionScopeOverride enableNfsV3AllSquash enableNfsV3RootSquash
          immutableStorageWithVersioning metadata publicAccess`,
        values: { publicAccess: ['Blob', 'Container', 'None'] },
      },
    },
  },
};
