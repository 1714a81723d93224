// Alert rules, whom they tell, and the availability test. Deployed into the resource group of the app.
// What each alert means and what to do about it: docs/alerts.md

@description('Region of the workspace: a log search alert rule has to be in it.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the Application Insights component that the app sends to.')
param applicationInsightsId string

@description('Resource id of the Log Analytics workspace behind the component. It may be in another resource group.')
param logAnalyticsWorkspaceId string

@description('Mail addresses that are told. With none, and no webhook, alerts are seen in the portal only.')
param mailAddresses string[]

@description('Address that gets every alert, in the common alert schema. Empty: none. Treated as a secret, because whoever knows it can usually post to it.')
@secure()
param webhook string = ''

@description('Object id of the application that the webhook knows Azure by. Empty: whoever knows its address may post to it.')
param webhookObjectId string = ''

@description('Identifier URI of that application.')
param webhookIdentifierUri string = ''

@description('Gigabytes a day that the workspace takes. 0: no limit, and no alert.')
param dailyCapGB int

@description('Whether locks keep the alerts from being deleted.')
param protect bool

@description('Address of GET /api/health, with https.')
param healthUrl string

@description('One alert per target, control and code, or one per customer tenant: choose tenant above 250 targets.')
@allowed(['target', 'tenant'])
param splitBy string = 'target'

@description('Among how many rules of a kind the tenants are spread when alerts are split by tenant. A rule tells 299 apart, and all beyond that together: one for each 299 tenants that may be in trouble at once.')
@minValue(1)
@maxValue(20)
param rulesPerAlert int = 4

@description('Where the availability test asks from. National clouds have other places: https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags')
@minLength(5)
param testLocations string[]

var queries = {
  noncompliant: loadTextContent('queries/noncompliant.kql')
  unverified: loadTextContent('queries/unverified.kql')
  silence: loadTextContent('queries/silence.kql')
  remediation: loadTextContent('queries/remediation.kql')
  poison: loadTextContent('queries/poison.kql')
  waiver: loadTextContent('queries/waiver.kql')
}

var isByTenant = splitBy == 'tenant'
var ruleCount = isByTenant ? rulesPerAlert : 1

// An alert that may be about many tenants has several rules, each for some of them. Queries are valid as they stand in
// their files; from one rule to the next they differ in these literals only.
var rules = flatten(map(loadJsonContent('rules.json'), rule =>
  map(range(0, empty(rule.byTenant) ? 1 : ruleCount), number => {
    name: number == 0 ? rule.name : '${rule.name}-${number + 1}'
    title: rule.title
    description: rule.description
    severity: rule.severity
    least: rule.least
    dimensions: isByTenant && !empty(rule.byTenant) ? rule.byTenant : rule.byTarget
    query: reduce(
      [
        ['{applicationInsightsId}', applicationInsightsId]
        ['let splitByTenant = false;', 'let splitByTenant = ${isByTenant ? 'true' : 'false'};']
        ['let ruleCount = 1;', 'let ruleCount = ${ruleCount};']
        ['let ruleNumber = 0;', 'let ruleNumber = ${number};']
      ],
      queries[rule.name],
      (text, literal) => replace(text, literal[0], literal[1])
    )
  })
))

// Without an identity of its own a rule reads with the permissions of whoever deployed it last.
resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-syncwarden-alerts'
  location: location
  tags: tags
}

module access 'workspace-reader.bicep' = {
  name: 'syncwarden-alerts-reader'
  scope: resourceGroup(split(logAnalyticsWorkspaceId, '/')[2], split(logAnalyticsWorkspaceId, '/')[4])
  params: {
    workspaceName: last(split(logAnalyticsWorkspaceId, '/'))
    principalId: reader.properties.principalId
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-syncwarden'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'Syncwarden'
    emailReceivers: [
      for (address, number) in mailAddresses: {
        name: 'mail-${number + 1}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
    webhookReceivers: empty(webhook)
      ? []
      : [
          union(
            {
              name: 'webhook'
              serviceUri: webhook
              useCommonAlertSchema: true
            },
            empty(webhookObjectId)
              ? {}
              : {
                  useAadAuth: true
                  objectId: webhookObjectId
                  identifierUri: webhookIdentifierUri
                  tenantId: tenant().tenantId
                }
          )
        ]
  }
}

// Every rule has a state: it fires once, and resolves after two evaluations that find nothing.
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
resource queryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'syncwarden-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: {
        '${reader.id}': {}
      }
    }
    properties: {
      displayName: 'Syncwarden: ${rule.title}'
      description: rule.description
      severity: rule.severity
      enabled: true
      autoMitigate: true
      // The tables have no rows before the app has run.
      skipQueryValidation: true
      scopes: [logAnalyticsWorkspaceId]
      evaluationFrequency: 'PT1H'
      windowSize: 'P2D'
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: empty(rule.least) ? 'Count' : 'Minimum'
            metricMeasureColumn: empty(rule.least) ? null : rule.least
            operator: empty(rule.least) ? 'GreaterThan' : 'LessThan'
            threshold: empty(rule.least) ? 0 : 1
            dimensions: map(rule.dimensions, name => { name: name, operator: 'Include', values: ['*'] })
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroup.id]
      }
    }
    dependsOn: [access]
  }
]

resource groupLock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  scope: actionGroup
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Without this action group nobody is told of any alert of Syncwarden.'
  }
}

resource ruleLocks 'Microsoft.Authorization/locks@2020-05-01' = [
  for (rule, number) in rules: if (protect) {
    scope: queryRules[number]
    name: 'keep'
    properties: {
      level: 'CanNotDelete'
      notes: 'Without this rule Syncwarden is silent. Remove the lock first if the rule is really to go.'
    }
  }
]

module cap 'cap.bicep' = if (dailyCapGB > 0) {
  name: 'syncwarden-cap'
  params: {
    location: location
    tags: tags
    logAnalyticsWorkspaceId: logAnalyticsWorkspaceId
    identityId: reader.id
    actionGroupId: actionGroup.id
    dailyCapGB: dailyCapGB
  }
  dependsOn: [access]
}

module health 'health.bicep' = {
  name: 'syncwarden-health'
  params: {
    location: location
    tags: tags
    applicationInsightsId: applicationInsightsId
    healthUrl: healthUrl
    testLocations: testLocations
    actionGroupId: actionGroup.id
    protect: protect
  }
}

// Azure switches off a rule whose query has failed for a week, and only the activity log tells.
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-troubleshoot-log
resource ruleDisabled 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: 'syncwarden-rule-disabled'
  location: 'global'
  tags: tags
  properties: {
    description: 'An alert rule was switched off because its query kept failing. It says nothing any more: mend it, and switch it on again.'
    enabled: true
    scopes: [resourceGroup().id]
    condition: {
      allOf: [
        { field: 'category', equals: 'Administrative' }
        { field: 'operationName', equals: 'Microsoft.Insights/ScheduledQueryRules/disable/action' }
      ]
    }
    actions: {
      actionGroups: [{ actionGroupId: actionGroup.id }]
    }
  }
}

@description('Resource id of the action group, for alert rules of your own.')
output actionGroupId string = actionGroup.id
