// Lets the alert rules read the workspace, in the resource group that the workspace is in.

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Object id of the identity of the alert rules.')
param principalId string

// Microsoft names this role for the identity of a log search alert rule.
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule#managed-id
var readerRoleId = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, principalId, readerRoleId)
  scope: workspace
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', readerRoleId)
  }
}
