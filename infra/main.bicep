// Syncwarden in one resource group: the app on Flex Consumption, its identities, storage for the host, the package and the
// data, monitoring, alerts, and, for deployers who may, what it needs in the directory. docs/deploy.md explains it.

targetScope = 'subscription'

import { ScheduleOverrides } from 'app/settings.bicep'

@description('Name of the environment in azd. Part of the name of the resource group, and of what all other names are made from.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of all resources: one that has Flex Consumption. A newer one may be added: az functionapp list-flexconsumption-locations.')
@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Mail addresses that are told about alerts, separated by commas. Empty: alerts are only seen in the portal.')
param alertMail string = ''

@description('Address that gets every alert in the common alert schema. Empty: none.')
@secure()
param alertWebhook string = ''

@description('Object id of the application in Microsoft Entra with which the webhook asks for a token of Azure. Empty: it asks for none.')
param alertWebhookObjectId string = ''

@description('Identifier URI of that application.')
param alertWebhookIdentifierUri string = ''

@description('Whether alerts are split by target or by customer tenant. Choose tenant above 250 targets.')
@allowed(['target', 'tenant'])
param alertSplit string = 'target'

@description('Among how many rules of a kind customer tenants are spread when alerts are split by tenant: one for each 299 that may be in trouble at once.')
@minValue(1)
@maxValue(20)
param rulesPerAlert int = 4

@description('Where the availability test asks from. National clouds have other places: https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags')
@minLength(5)
param testLocations string[] = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr', 'us-ca-sjc-azr', 'apac-sg-sin-azr']

@description('Whether this deployment registers the application that people sign in to.')
param registerApplication bool = true

@description('Client id of that application when it was registered otherwise. Empty: the app does not start until there is one.')
param authClientId string = ''

@description('Client ids of further applications that may call, separated by commas: programs, beside people in a browser and with Azure CLI.')
param callingApplications string = ''

@description('Whether this deployment also grants the permissions of the identities. Needs the role Privileged Role Administrator.')
param grantPermissions bool = false

@description('Object id of who becomes Syncwarden.Admin: a person or a group. Empty: who deploys.')
param administratorId string = ''

@description('Object id of who deploys. azd fills it in.')
param deployerId string = ''

@description('Whether Exchange itself is read, for targets with the reader admin-api: adds the permission Exchange.ManageAsApp.')
param exchangeAdminApi bool = false

@description('Whether there is an identity that writes. Without one, plans work and nothing can be applied.')
param enableRemediation bool = false

@description('Controls that it may repair, separated by commas: it gets what they need and no more. Repairing consent or impersonation takes permissions as mighty as an administrator, so they are left out.')
param repairedControls string = 'account,ews-access,license,password-expiry,rooms'

@description('Whether to register multi-tenant applications for targets in other tenants.')
param serveOtherTenants bool = false

@description('Client id of the multi-tenant application that reads when it was registered otherwise.')
param federatedAppClientId string = ''

@description('Client id of the multi-tenant application that writes when it was registered otherwise.')
param federatedRemediationAppClientId string = ''

@description('When all controls run: NCRONTAB with six fields, UTC. Empty: 02:00 UTC.')
param auditSchedule string = ''

@description('Schedules of single controls, by control.')
param scheduleOverrides ScheduleOverrides = {}

@description('When the digest is sent: NCRONTAB with six fields, UTC. Empty: 07:00.')
param digestSchedule string = ''

@description('Whether the digest is sent on Mondays only.')
param digestWeekly bool = false

@description('Https address that takes the digest as a CloudEvent, or a Key Vault reference to it. Empty: none.')
@secure()
param notifyWebhookUrl string = ''

@description('Address of a Teams workflow that takes the digest as an Adaptive Card, or a Key Vault reference to it. Empty: none.')
@secure()
param notifyTeamsUrl string = ''

@description('Hours after which a finding that was not verified counts as stale.')
@minValue(1)
param staleAfterHours int = 26

@description('Days for which history is kept.')
@minValue(1)
param retentionDays int = 400

@description('The most changes that one plan may apply.')
@minValue(1)
param remediationMaxChanges int = 25

@description('Days for which logs and events are kept in Log Analytics.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Gigabytes of logs a day beyond which Log Analytics takes nothing until the next day. An alert tells before. 0: no limit.')
@minValue(0)
param dailyCapGB int = 2

@description('Of what it is logged who did it: sign-ins, with writes to the tables, or with reads as well.')
@allowed(['all', 'writes', 'none'])
param accessLogs string = 'all'

@description('Where Azure keeps copies of the data: in one building (LRS), in three zones of the region (ZRS), or in another region as well (GRS, GZRS).')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataRedundancy string = 'Standard_LRS'

@description('Days for which a deleted package can be brought back. 0: not at all. Tables have nothing of the kind.')
@minValue(0)
@maxValue(365)
param softDeleteDays int = 7

@description('Major version of Node.js.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances at once. Azure scales the queue and each timer on their own.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Whether the app has a network of its own, and its storage can be reached from there alone.')
param privateNetwork bool = false

@description('Addresses of that network: 128 at least, and none that a network to be peered with it has.')
param networkPrefix string = '10.0.0.0/24'

@description('Whether locks keep the data, the workspace and the alerts from being deleted. With them, azd down fails until they are gone.')
param protect bool = true

@description('The items of a text with commas between them.')
func listOf(text string) string[] =>
  filter(map(split(text, ','), item => trim(item)), item => !empty(item))

var tableLogs = {
  all: ['StorageRead', 'StorageWrite', 'StorageDelete']
  writes: ['StorageWrite', 'StorageDelete']
  none: []
}

var token = toLower(uniqueString(subscription().id, environmentName, location))
var appName = 'func-${token}'
var expectedHostName = '${appName}.azurewebsites.net'
var packageContainer = 'package'
var tags = { 'azd-env-name': environmentName }
// An empty page of Microsoft's: a customer who has consented need not sign in to anything of ours.
var consentRedirectUri = '${environment().authentication.loginEndpoint}common/oauth2/nativeclient'

var firstAdministratorId = empty(administratorId) ? deployerId : administratorId

var graphAppId = '00000003-0000-0000-c000-000000000000'
var exchangeAppId = '00000002-0000-0ff1-ce00-000000000000'
var resourceAppIds = exchangeAdminApi ? [graphAppId, exchangeAppId] : [graphAppId]
var permissions = loadJsonContent('graph/permissions.json')
var readPermissions = filter(permissions.read, permission => contains(resourceAppIds, permission.resourceAppId))
var repaired = map(split(repairedControls, ','), control => trim(control))
var writePermissions = filter(
  permissions.write,
  permission => contains(resourceAppIds, permission.resourceAppId) && !empty(intersection(permission.controls, repaired))
)
// Not looked up: the tenant of a provider may be without Exchange, while those of its customers have it.
var exchangeReadIds = map(filter(readPermissions, each => each.resourceAppId == exchangeAppId), each => each.id)
var exchangeWriteIds = map(filter(writePermissions, each => each.resourceAppId == exchangeAppId), each => each.id)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'app/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    location: location
    tags: tags
    readerName: 'id-reader-${token}'
    writerName: 'id-writer-${token}'
    packagerName: 'id-package-${token}'
    enableRemediation: enableRemediation
  }
}

module hostStorage 'app/storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: 'sthost${token}'
    location: location
    tags: tags
    isPrivate: privateNetwork
  }
}

module packageStorage 'app/storage.bicep' = {
  name: 'package-storage'
  scope: group
  params: {
    name: 'stpack${token}'
    location: location
    tags: tags
    isPrivate: privateNetwork
    softDeleteDays: softDeleteDays
    containerNames: [packageContainer]
  }
}

module dataStorage 'app/storage.bicep' = {
  name: 'data-storage'
  scope: group
  params: {
    name: 'stdata${token}'
    location: location
    tags: tags
    isPrivate: privateNetwork
    redundancy: dataRedundancy
    workspaceId: monitoring.outputs.workspaceId
    tableLogs: tableLogs[accessLogs]
    protect: protect
  }
}

module network 'app/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
    addressPrefix: networkPrefix
    services: [
      { account: hostStorage.outputs.name, service: 'blob' }
      { account: hostStorage.outputs.name, service: 'queue' }
      { account: packageStorage.outputs.name, service: 'blob' }
      { account: dataStorage.outputs.name, service: 'table' }
    ]
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: 'log-${token}'
    componentName: 'appi-${token}'
    retentionDays: logRetentionDays
    dailyCapGB: dailyCapGB
    protect: protect
  }
}

module roles 'app/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    readerPrincipalId: identities.outputs.readerPrincipalId
    packagerPrincipalId: identities.outputs.packagerPrincipalId
    packageStorageName: packageStorage.outputs.name
    hostStorageName: hostStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    componentName: monitoring.outputs.componentName
  }
}

module apiApplication 'graph/api-application.bicep' = if (registerApplication) {
  name: 'api-application'
  scope: group
  params: {
    uniqueName: 'syncwarden-${token}'
    displayName: 'Syncwarden (${environmentName})'
    hostName: expectedHostName
    readerPrincipalId: identities.outputs.readerPrincipalId
  }
}

// Consent to an application that lists what is not published fails, so that it lists what is published here.
module readOnGraph 'graph/resolved.bicep' = if (grantPermissions || serveOtherTenants) {
  name: 'read-on-graph'
  scope: group
  params: {
    resourceAppId: graphAppId
    permissions: readPermissions
  }
}

module writeOnGraph 'graph/resolved.bicep' = if (enableRemediation && (grantPermissions || serveOtherTenants)) {
  name: 'write-on-graph'
  scope: group
  params: {
    resourceAppId: graphAppId
    permissions: writePermissions
  }
}

module readOnExchange 'graph/resolved.bicep' = if (grantPermissions && exchangeAdminApi) {
  name: 'read-on-exchange'
  scope: group
  params: {
    resourceAppId: exchangeAppId
    permissions: readPermissions
  }
}

module writeOnExchange 'graph/resolved.bicep' = if (grantPermissions && enableRemediation && exchangeAdminApi) {
  name: 'write-on-exchange'
  scope: group
  params: {
    resourceAppId: exchangeAppId
    permissions: writePermissions
  }
}

module readerApplication 'graph/federated-application.bicep' = if (serveOtherTenants) {
  name: 'reader-application'
  scope: group
  params: {
    uniqueName: 'syncwarden-reader-${token}'
    displayName: 'Syncwarden reader (${environmentName})'
    principalId: identities.outputs.readerPrincipalId
    permissions: concat(
      [{ resourceAppId: graphAppId, appRoleIds: readOnGraph!.outputs.appRoleIds }],
      exchangeAdminApi ? [{ resourceAppId: exchangeAppId, appRoleIds: exchangeReadIds }] : []
    )
    redirectUri: consentRedirectUri
  }
}

module writerApplication 'graph/federated-application.bicep' = if (serveOtherTenants && enableRemediation) {
  name: 'writer-application'
  scope: group
  params: {
    uniqueName: 'syncwarden-writer-${token}'
    displayName: 'Syncwarden writer (${environmentName})'
    principalId: identities.outputs.writerPrincipalId
    permissions: concat(
      [{ resourceAppId: graphAppId, appRoleIds: writeOnGraph!.outputs.appRoleIds }],
      exchangeAdminApi ? [{ resourceAppId: exchangeAppId, appRoleIds: exchangeWriteIds }] : []
    )
    redirectUri: consentRedirectUri
  }
}

// In a deployment without registration these are the ids that were given, and may be empty.
var signInClientId = registerApplication ? apiApplication!.outputs.clientId : authClientId
var readerAppClientId = serveOtherTenants ? readerApplication!.outputs.clientId : federatedAppClientId
var writerAppClientId = serveOtherTenants && enableRemediation
  ? writerApplication!.outputs.clientId
  : federatedRemediationAppClientId

module app 'app/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: appName
    planName: 'plan-${token}'
    location: location
    tags: tags
    identityIds: concat(
      [identities.outputs.readerId, identities.outputs.packagerId],
      enableRemediation ? [identities.outputs.writerId] : []
    )
    packageIdentityId: identities.outputs.packagerId
    vaultReaderId: identities.outputs.readerId
    packageContainerUri: '${packageStorage.outputs.blobEndpoint}${packageContainer}'
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
  }
  dependsOn: [roles]
}

module settings 'app/settings.bicep' = {
  name: 'settings'
  scope: group
  params: {
    appName: app.outputs.name
    readerClientId: identities.outputs.readerClientId
    writerClientId: identities.outputs.writerClientId
    blobEndpoint: hostStorage.outputs.blobEndpoint
    queueEndpoint: hostStorage.outputs.queueEndpoint
    tableEndpoint: dataStorage.outputs.tableEndpoint
    connectionString: monitoring.outputs.connectionString
    authClientId: signInClientId
    federatedAppClientId: readerAppClientId
    federatedRemediationAppClientId: writerAppClientId
    auditSchedule: auditSchedule
    scheduleOverrides: scheduleOverrides
    digestSchedule: digestSchedule
    digestWeekly: digestWeekly
    notifyWebhookUrl: notifyWebhookUrl
    notifyTeamsUrl: notifyTeamsUrl
    staleAfterHours: staleAfterHours
    retentionDays: retentionDays
    remediationMaxChanges: remediationMaxChanges
  }
}

module signIn 'app/sign-in.bicep' = if (registerApplication || !empty(authClientId)) {
  name: 'sign-in'
  scope: group
  params: {
    appName: app.outputs.name
    clientId: signInClientId
    callingApplications: listOf(callingApplications)
    workspaceId: monitoring.outputs.workspaceId
    logSignIns: accessLogs != 'none'
  }
  dependsOn: [settings]
}

module readerOnGraph 'graph/grants.bicep' = if (grantPermissions) {
  name: 'reader-on-graph'
  scope: group
  params: {
    principalId: identities.outputs.readerPrincipalId
    resourceAppId: graphAppId
    appRoleIds: readOnGraph!.outputs.appRoleIds
  }
}

module readerOnExchange 'graph/grants.bicep' = if (grantPermissions && exchangeAdminApi) {
  name: 'reader-on-exchange'
  scope: group
  params: {
    principalId: identities.outputs.readerPrincipalId
    resourceAppId: exchangeAppId
    appRoleIds: readOnExchange!.outputs.appRoleIds
  }
}

module writerOnGraph 'graph/grants.bicep' = if (grantPermissions && enableRemediation) {
  name: 'writer-on-graph'
  scope: group
  params: {
    principalId: identities.outputs.writerPrincipalId
    resourceAppId: graphAppId
    appRoleIds: writeOnGraph!.outputs.appRoleIds
  }
}

module writerOnExchange 'graph/grants.bicep' = if (grantPermissions && enableRemediation && exchangeAdminApi) {
  name: 'writer-on-exchange'
  scope: group
  params: {
    principalId: identities.outputs.writerPrincipalId
    resourceAppId: exchangeAppId
    appRoleIds: writeOnExchange!.outputs.appRoleIds
  }
}

module people 'graph/sign-in.bicep' = if (grantPermissions && (registerApplication || !empty(authClientId))) {
  name: 'people'
  scope: group
  params: {
    clientId: signInClientId
    administratorId: firstAdministratorId
  }
}

module alerts 'alerts/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    applicationInsightsId: monitoring.outputs.componentId
    logAnalyticsWorkspaceId: monitoring.outputs.workspaceId
    mailAddresses: listOf(alertMail)
    webhook: alertWebhook
    webhookObjectId: alertWebhookObjectId
    webhookIdentifierUri: alertWebhookIdentifierUri
    dailyCapGB: dailyCapGB
    protect: protect
    healthUrl: 'https://${app.outputs.hostName}/api/health'
    splitBy: alertSplit
    rulesPerAlert: rulesPerAlert
    testLocations: testLocations
  }
}

module workbook 'alerts/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    applicationInsightsId: monitoring.outputs.componentId
    logAnalyticsWorkspaceId: monitoring.outputs.workspaceId
  }
}

var registerCommand = 'sh infra/scripts/register.sh --name syncwarden-${token} --host ${app.outputs.hostName} --reader ${identities.outputs.readerPrincipalId}'
var grantCommand = join(
  concat(
    ['sh infra/scripts/grant.sh --reader ${identities.outputs.readerPrincipalId}'],
    enableRemediation
      ? ['--writer ${identities.outputs.writerPrincipalId} --repair ${replace(repairedControls, ' ', '')}']
      : [],
    exchangeAdminApi ? ['--exchange'] : [],
    empty(signInClientId) ? [] : ['--api ${signInClientId}'],
    empty(firstAdministratorId) ? [] : ['--administrator ${firstAdministratorId}']
  ),
  ' '
)
var missing = concat(
  grantPermissions ? readOnGraph!.outputs.missing : [],
  grantPermissions && enableRemediation ? writeOnGraph!.outputs.missing : [],
  grantPermissions && exchangeAdminApi ? readOnExchange!.outputs.missing : [],
  grantPermissions && enableRemediation && exchangeAdminApi ? writeOnExchange!.outputs.missing : []
)
var granted = empty(missing)
  ? 'The permissions are granted.'
  : 'The permissions are granted, but for those that this tenant does not publish: ${join(missing, '; ')}.'

@description('What is left to do, with the command for it. azd prints it after provisioning.')
output NEXT_STEP string = empty(signInClientId)
  ? 'An administrator registers the application: ${registerCommand}'
  : !grantPermissions
      ? 'An administrator grants the permissions: ${grantCommand}'
      : exchangeAdminApi
          ? '${granted} What is left to do in Exchange is printed by: ${grantCommand}'
          : granted

@description('Address of the app.')
output SYNCWARDEN_APP string = 'https://${app.outputs.hostName}'

@description('Scope of the tokens that the app accepts, for the command line.')
output SYNCWARDEN_SCOPE string = empty(signInClientId) ? '' : '${signInClientId}/.default'

@description('Name of the function app.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('Client id of the multi-tenant application that reads: what customers consent to. Empty: none.')
output SYNCWARDEN_READER_CLIENT_ID string = readerAppClientId

@description('Client id of the multi-tenant application that writes. Empty: none.')
output SYNCWARDEN_WRITER_CLIENT_ID string = writerAppClientId

@description('Name of the resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Tenant whose sign-ins are accepted.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('Name of the storage account with the tables: what is backed up.')
output DATA_STORAGE_NAME string = dataStorage.outputs.name
