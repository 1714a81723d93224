// Looks application permissions up by name in this tenant. In place of one that is not published there stands its fallback,
// a broader one that serves as well, if it has one.

@description('Application id of the resource that the permissions are on.')
param resourceAppId string

@description('Permissions as in permissions.json. Those on other resources are left alone.')
param permissions array

var wanted = filter(permissions, permission => permission.resourceAppId == resourceAppId)
// What may stand for each, the smallest first.
var alternatives = map(wanted, permission => {
  controls: permission.controls
  names: concat([permission.name], contains(permission, 'fallback') ? [permission.fallback.name] : [])
})

module published 'published.bicep' = {
  name: '${deployment().name}-published'
  params: {
    resourceAppId: resourceAppId
    names: flatten(map(alternatives, each => each.names))
  }
}

@description('Ids of the app roles to grant, each once.')
output appRoleIds string[] = union(
  flatten(map(
    alternatives,
    each => take(map(filter(each.names, name => contains(published.outputs.ids, name)), name => published.outputs.ids[name]), 1)
  )),
  []
)

@description('What is neither published nor has a fallback that is, with the controls that it costs.')
output missing string[] = map(
  filter(alternatives, each => empty(filter(each.names, name => contains(published.outputs.ids, name)))),
  each => '${join(each.names, ' or ')} (${join(each.controls, ', ')})'
)
