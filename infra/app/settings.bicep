// Every setting of the app, as docs/settings.md describes it. What is not here is left at its default on purpose; the
// test of the settings says why, one by one.

@export()
@sealed()
@description('Schedules of single controls, in place of the common one: NCRONTAB with six fields, UTC.')
type ScheduleOverrides = {
  // generated: schedules
  account: string?
  'sign-in': string?
  'password-expiry': string?
  license: string?
  consent: string?
  impersonation: string?
  rooms: string?
  'ews-access': string?
  // end of generated: schedules
}

@description('Name of the function app.')
param appName string

@description('Client id of the identity that reads, and that the host uses for its storage.')
param readerClientId string

@description('Client id of the identity that writes. Empty: applying is off.')
param writerClientId string

@description('Address of the blob service of the host.')
param blobEndpoint string

@description('Address of the queue service of the host.')
param queueEndpoint string

@description('Address of the table service of the data.')
param tableEndpoint string

@description('Connection string of Application Insights.')
param connectionString string

@description('Client id of the application that people sign in to. Empty: the app does not start.')
param authClientId string

@description('Multi-tenant application through which other tenants are read. Empty: none.')
param federatedAppClientId string

@description('Multi-tenant application through which other tenants are repaired. Empty: none.')
param federatedRemediationAppClientId string

@description('When all controls run. Empty: 02:00 UTC.')
param auditSchedule string

@description('Schedules of single controls.')
param scheduleOverrides ScheduleOverrides

@description('When the digest is sent. Empty: 07:00 UTC.')
param digestSchedule string

@description('Whether the digest is sent on Mondays only.')
param digestWeekly bool

@description('Address that takes the digest as a CloudEvent, or a Key Vault reference to it. Empty: none.')
@secure()
param notifyWebhookUrl string

@description('Address of a Teams workflow that takes the digest as an Adaptive Card, or a Key Vault reference to it. Empty: none.')
@secure()
param notifyTeamsUrl string

@description('Hours after which a finding that was not verified counts as stale.')
param staleAfterHours int

@description('Days for which history is kept.')
param retentionDays int

@description('The most changes that one plan may apply.')
param remediationMaxChanges int

var always = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${readerClientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString
  AUTH_TENANT_ID: tenant().tenantId
  AZURE_CLIENT_ID: readerClientId
  AzureWebJobsStorage__blobServiceUri: blobEndpoint
  AzureWebJobsStorage__clientId: readerClientId
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__queueServiceUri: queueEndpoint
  // Another account: the data outlives the host.
  AzureWebJobsStorage__tableServiceUri: tableEndpoint
  DIGEST_WEEKLY: toLower(string(digestWeekly))
  HOME_TENANT_ID: tenant().tenantId
  // With this App Service Authentication takes the identity's token in place of a secret. See sign-in.bicep.
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: readerClientId
  REMEDIATION_MAX_CHANGES: string(remediationMaxChanges)
  RETENTION_DAYS: string(retentionDays)
  STALE_AFTER_HOURS: string(staleAfterHours)
  // App Service Authentication takes tokens of this tenant alone, whatever issuer they name.
  WEBSITE_AUTH_AAD_ALLOWED_TENANTS: tenant().tenantId
}

var optional = {
  AUDIT_SCHEDULE: auditSchedule
  AUTH_AUDIENCE: authClientId
  DIGEST_SCHEDULE: digestSchedule
  FEDERATED_APP_CLIENT_ID: federatedAppClientId
  FEDERATED_REMEDIATION_APP_CLIENT_ID: federatedRemediationAppClientId
  NOTIFY_TEAMS_URL: notifyTeamsUrl
  NOTIFY_WEBHOOK_URL: notifyWebhookUrl
  REMEDIATION_CLIENT_ID: writerClientId
}

var given = toObject(filter(items(optional), item => !empty(item.value)), item => item.key, item => item.value)

var schedules = toObject(
  items(scheduleOverrides),
  item => 'AUDIT_SCHEDULE_${toUpper(replace(item.key, '-', '_'))}',
  item => item.value!
)

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(always, given, schedules)
}
