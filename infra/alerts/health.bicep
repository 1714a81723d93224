// The availability test of the app, and its alert. It works when Log Analytics does not.

@description('Region of the test.')
param location string

@description('Tags of the test and its alert.')
param tags object

@description('Resource id of the Application Insights component that keeps the results.')
param applicationInsightsId string

@description('Address of GET /api/health, with https.')
param healthUrl string

@description('Where the test asks from.')
@minLength(5)
param testLocations string[]

@description('Resource id of the action group that is told.')
param actionGroupId string

@description('Whether a lock keeps the alert from being deleted.')
param protect bool

// From outside, because an app that does not run sends nothing. The anonymous route says nothing about tenants.
resource healthTest 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'syncwarden-health'
  location: location
  tags: union(tags, { 'hidden-link:${applicationInsightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'syncwarden-health'
    Name: 'Syncwarden: health'
    Description: 'Whether the app answers, storage answers, and something was verified lately.'
    Kind: 'standard'
    Enabled: true
    // Each place asks every 15 minutes: often enough for something that runs at night.
    Frequency: 900
    Timeout: 60
    RetryEnabled: true
    Locations: [for place in testLocations: { Id: place }]
    Request: {
      RequestUrl: healthUrl
      HttpVerb: 'GET'
      ParseDependentRequests: false
      FollowRedirects: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      IgnoreHttpStatusCode: false
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource healthAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'syncwarden-health'
  location: 'global'
  tags: union(tags, {
    'hidden-link:${applicationInsightsId}': 'Resource'
    'hidden-link:${healthTest.id}': 'Resource'
  })
  properties: {
    description: 'GET /api/health does not answer 200: the app or its storage is down, or nothing was verified in time. Resolves after three checks that are well.'
    severity: 1
    enabled: true
    autoMitigate: true
    scopes: [healthTest.id, applicationInsightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: healthTest.id
      componentId: applicationInsightsId
      // Microsoft recommends all but two.
      failedLocationCount: length(testLocations) - 2
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  scope: healthAlert
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Without this alert nobody hears that Syncwarden does not answer.'
  }
}
