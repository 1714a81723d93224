// The identities of the app. The one that reads also runs the host; the one that writes holds no role in Azure at all; the
// one of the package only stores and fetches what is deployed, so that a token of another cannot replace the app itself.

@description('Region of the identities.')
param location string

@description('Tags of the identities.')
param tags object

@description('Name of the identity that reads, and that the host uses for its storage.')
param readerName string

@description('Name of the identity that writes.')
param writerName string

@description('Name of the identity of the package.')
param packagerName string

@description('Whether there is an identity that writes. Without one, plans work and nothing can be applied.')
param enableRemediation bool

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: readerName
  location: location
  tags: tags
}

resource writer 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (enableRemediation) {
  name: writerName
  location: location
  tags: tags
}

resource packager 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: packagerName
  location: location
  tags: tags
}

@description('Resource id of the identity that reads.')
output readerId string = reader.id

@description('Client id of the identity that reads: AZURE_CLIENT_ID.')
output readerClientId string = reader.properties.clientId

@description('Object id of its service principal: what permissions are granted to.')
output readerPrincipalId string = reader.properties.principalId

@description('Resource id of the identity that writes; empty when there is none.')
output writerId string = enableRemediation ? writer.id : ''

@description('Client id of the identity that writes: REMEDIATION_CLIENT_ID; empty when there is none.')
output writerClientId string = enableRemediation ? writer!.properties.clientId : ''

@description('Object id of its service principal; empty when there is none.')
output writerPrincipalId string = enableRemediation ? writer!.properties.principalId : ''

@description('Resource id of the identity of the package.')
output packagerId string = packager.id

@description('Object id of its service principal.')
output packagerPrincipalId string = packager.properties.principalId
