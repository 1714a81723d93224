// Log Analytics and Application Insights. Only Microsoft Entra identities may send: the connection string alone is no key.

@description('Region of both.')
param location string

@description('Tags of both.')
param tags object

@description('Name of the Log Analytics workspace.')
@minLength(4)
@maxLength(63)
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Days for which logs and events are kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Gigabytes a day beyond which nothing is taken until the next day. 0: no such limit.')
@minValue(0)
param dailyCapGB int

@description('Whether a lock keeps the workspace from being deleted.')
param protect bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    retentionInDays: retentionDays
    sku: {
      name: 'PerGB2018'
    }
    workspaceCapping: {
      dailyQuotaGb: dailyCapGB == 0 ? -1 : dailyCapGB
    }
    features: {
      // The keys of the workspace are no use to anybody.
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  scope: workspace
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Events of Syncwarden, and who has used it. Remove this lock first if they are really to go.'
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspace.id
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Resource id of the component.')
output componentId string = component.id

@description('Name of the component.')
output componentName string = component.name

@description('Connection string of the component. With local authentication off it is an address, not a secret.')
output connectionString string = component.properties.ConnectionString
