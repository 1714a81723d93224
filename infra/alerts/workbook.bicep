// The workbook: compliance over time, open violations, coverage of rooms, cost of the audits, freshness.
// It is listed under Workbooks of the component, and reads the workspace.

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Resource id of the Application Insights component that the app sends to.')
param applicationInsightsId string

@description('Resource id of the Log Analytics workspace behind the component.')
param logAnalyticsWorkspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'syncwarden')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Syncwarden'
    description: 'Whether room-booking products can reach their room calendars.'
    category: 'workbook'
    sourceId: applicationInsightsId
    version: 'Notebook/1.0'
    serializedData: replace(
      replace(
        string(loadJsonContent('workbook.json')),
        '{applicationInsightsId}',
        applicationInsightsId
      ),
      '{logAnalyticsWorkspaceId}',
      logAnalyticsWorkspaceId
    )
  }
}

@description('Resource id of the workbook.')
output workbookId string = workbook.id
