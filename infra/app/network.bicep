// A network for what the app sends, with private endpoints for its storage. Whoever calls the app comes from outside as
// before, to the sign-in: people, the command line and the availability test.
// https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to#enable-virtual-network-integration

@description('A service of a storage account that the app uses.')
type StorageService = {
  @description('Name of the account.')
  account: string
  @description('The service.')
  service: 'blob' | 'queue' | 'table'
}

@description('Name of the network.')
param name string

@description('Region of the network: that of the app.')
param location string

@description('Tags of everything in it.')
param tags object

@description('Addresses of the network.')
param addressPrefix string

@description('What gets a private endpoint.')
param services StorageService[]

var serviceNames = ['blob', 'queue', 'table']
var appSubnet = 'app'
var endpointSubnet = 'private-endpoints'

// The subnets stand within the network: where they stood by themselves, deploying again would take them away for a moment.
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: appSubnet
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: endpointSubnet
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 2)
        }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [
  for service in serviceNames: {
    name: 'privatelink.${service}.${environment().suffixes.storage}'
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [
  for (service, number) in serviceNames: {
    parent: zones[number]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for each in services: {
    name: 'pe-${each.account}-${each.service}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: '${network.id}/subnets/${endpointSubnet}'
      }
      privateLinkServiceConnections: [
        {
          name: each.service
          properties: {
            privateLinkServiceId: resourceId('Microsoft.Storage/storageAccounts', each.account)
            groupIds: [each.service]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (each, number) in services: {
    parent: endpoints[number]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: each.service
          properties: {
            privateDnsZoneId: zones[indexOf(serviceNames, each.service)].id
          }
        }
      ]
    }
    dependsOn: [links]
  }
]

@description('Resource id of the subnet that the app sends from.')
output appSubnetId string = '${network.id}/subnets/${appSubnet}'
