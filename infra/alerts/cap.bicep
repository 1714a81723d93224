// The alert before the workspace takes nothing more for the day. Beyond its cap all rules on events are blind.

@description('Region of the workspace.')
param location string

@description('Tags of the rule.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param logAnalyticsWorkspaceId string

@description('Resource id of the identity of the alert rules.')
param identityId string

@description('Resource id of the action group that is told.')
param actionGroupId string

@description('Gigabytes a day that the workspace takes.')
@minValue(1)
param dailyCapGB int

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'syncwarden-cap'
  location: location
  tags: tags
  kind: 'LogAlert'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    displayName: 'Syncwarden: The workspace is nearly full'
    description: 'More than four fifths of what the workspace takes a day have come within a day. Beyond its cap no event arrives, and no other alert on events fires. See what sends so much, or raise the cap. Resolves when less has come.'
    severity: 2
    enabled: true
    autoMitigate: true
    skipQueryValidation: true
    scopes: [logAnalyticsWorkspaceId]
    evaluationFrequency: 'PT1H'
    windowSize: 'P1D'
    criteria: {
      allOf: [
        {
          query: loadTextContent('cap.kql')
          timeAggregation: 'Total'
          metricMeasureColumn: 'megabytes'
          operator: 'GreaterThan'
          // Four fifths, in megabytes.
          threshold: dailyCapGB * 800
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}
