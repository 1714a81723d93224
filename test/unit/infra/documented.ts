/** Versions of resource types that are in use, each seen in Microsoft's own list. */
// https://github.com/Azure/bicep-types-az/tree/main/generated, https://github.com/microsoftgraph/msgraph-bicep-types
export const resourceVersions: Readonly<Record<string, string>> = {
  'Microsoft.Authorization/locks': '2020-05-01',
  'Microsoft.Authorization/roleAssignments': '2022-04-01',
  'Microsoft.Graph/appRoleAssignedTo': 'v1.0',
  'Microsoft.Graph/applications': 'v1.0',
  'Microsoft.Graph/applications/federatedIdentityCredentials': 'v1.0',
  'Microsoft.Graph/oauth2PermissionGrants': 'v1.0',
  'Microsoft.Graph/servicePrincipals': 'v1.0',
  'Microsoft.Insights/actionGroups': '2023-01-01',
  'Microsoft.Insights/activityLogAlerts': '2020-10-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.Insights/metricAlerts': '2018-03-01',
  'Microsoft.Insights/scheduledQueryRules': '2023-12-01',
  'Microsoft.Insights/webtests': '2022-06-15',
  'Microsoft.Insights/workbooks': '2023-06-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2023-01-31',
  'Microsoft.OperationalInsights/workspaces': '2023-09-01',
  'Microsoft.Resources/resourceGroups': '2024-03-01',
  'Microsoft.Storage/storageAccounts': '2023-05-01',
  'Microsoft.Storage/storageAccounts/blobServices': '2023-05-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers': '2023-05-01',
  'Microsoft.Web/serverfarms': '2024-04-01',
  'Microsoft.Web/sites': '2024-04-01',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': '2024-04-01',
  'Microsoft.Web/sites/config': '2024-04-01',
};

/** Built-in roles of Azure by name. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const builtInRoles: Readonly<Record<string, string>> = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893',
};
