import type { Control } from '../lib/controls/control';
import { type Identity, permissionsOf } from '../lib/controls/permissions';
import { thatServe } from '../lib/microsoft365/permission-fallback';
import { type ResourceName, resourceAppIds } from '../lib/profiles/profile';

const variables: Record<Identity, string> = { read: 'readerObjectId', write: 'writerObjectId' };
/** What it comes to for the controls that go without a permission. */
const costs: Record<Identity, string> = {
  read: 'cannot be read in full without it',
  write: 'cannot be repaired without it',
};
const resources = Object.keys(resourceAppIds) as ResourceName[];

/** One permission, as a command names it. */
interface Wanted {
  /** The permission and what serves in its place, the smallest first. */
  names: string[];
  controls: string[];
}

/**
 * The commands of Microsoft Graph PowerShell that grant an identity what it needs. The object id of its service
 * principal goes into the variable on the first line. Permissions are looked up by name, for a tenant may not publish
 * each; one that cannot be granted keeps no other from being granted.
 * https://learn.microsoft.com/powershell/module/microsoft.graph.applications/new-mgserviceprincipalapproleassignment
 */
export function powerShellCommands(controls: readonly Control<unknown>[], identity: Identity): string[] {
  return [
    `$principal = $${variables[identity]} = '<object id of the service principal>'`,
    powerShellFunction(costs[identity]),
    ...forResources(controls, identity, (resource, permissions) => [
      `$resource = Get-MgServicePrincipal -Filter "appId eq '${resourceAppIds[resource]}'"  # ${resource}`,
      ...permissions.map(
        ({ names, controls: ids }) =>
          `Grant-Permission ${names.map((name) => `'${name}'`).join(', ')} -Controls '${ids.join(', ')}'`,
      ),
    ]),
  ];
}

const powerShellFunction = (cost: string) =>
  String.raw`$held = @(Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal -All | ForEach-Object { "$($_.ResourceId) $($_.AppRoleId)" })
function Grant-Permission([string[]] $Names, [string] $Controls) {
  foreach ($name in $Names) {
    $role = $resource.AppRoles | Where-Object { $_.Value -ceq $name -and $_.IsEnabled -and $_.AllowedMemberTypes -contains 'Application' } | Select-Object -First 1
    if (-not $role) { continue }
    if ($name -cne $Names[0]) { Write-Warning "$($Names[0]): not published in this tenant. $name, which is broader, serves in its place." }
    if ($held -contains "$($resource.Id) $($role.Id)") { return "$($name): granted already" }
    try { $null = New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal -PrincipalId $principal -ResourceId $resource.Id -AppRoleId $role.Id -ErrorAction Stop }
    catch { return Write-Warning "$($name): NOT granted; $($Controls) ${cost}. $_" }
    $script:held += "$($resource.Id) $($role.Id)"
    return "$($name): granted"
  }
  Write-Warning "$($Names -join ', '): NOT found in this tenant; $($Controls) ${cost}."
}`;

/** The same with Azure CLI, for a POSIX shell. https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
export function azureCliCommands(controls: readonly Control<unknown>[], identity: Identity): string[] {
  return [
    `${variables[identity]}='<object id of the service principal>'`,
    `principal=$${variables[identity]}`,
    shellFunctions(costs[identity]),
    ...forResources(controls, identity, (resource, permissions) => [
      `on ${resourceAppIds[resource]}  # ${resource}`,
      ...permissions.map(({ names, controls: ids }) => `grant '${ids.join(', ')}' ${names.join(' ')}`),
    ]),
  ];
}

const shellFunctions = (cost: string) =>
  String.raw`graph=https://graph.microsoft.com/v1.0
read_graph() { az rest --method GET --url "$graph/$1" --query "$2" --output tsv </dev/null | tr -d '\r'; }
held=$(read_graph "servicePrincipals/$principal/appRoleAssignments?\$top=999" "value[].join(':', [resourceId, appRoleId])")
on() {
  resource=$(read_graph "servicePrincipals(appId='$1')" id)
  published=$(read_graph "servicePrincipals(appId='$1')?\$select=appRoles" "appRoles[?isEnabled && contains(allowedMemberTypes, 'Application')].join(' ', [value, id])")
}
grant() {
  controls=$1 wanted=$2
  shift
  for name in "$@"; do
    id=$(printf '%s\n' "$published" | awk -v name="$name" 'NF == 2 && $1 == name && !found++ { print $2 }')
    [ -n "$id" ] || continue
    [ "$name" = "$wanted" ] || echo "WARNING: $wanted: not published in this tenant. $name, which is broader, serves in its place." >&2
    if printf '%s\n' "$held" | grep -qix "$resource:$id"; then
      echo "$name: granted already"
    elif az rest --method POST --url "$graph/servicePrincipals/$resource/appRoleAssignedTo" --headers Content-Type=application/json --body "{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$id\"}" --output none </dev/null; then
      held=$(printf '%s\n' "$held" "$resource:$id")
      echo "$name: granted"
    else
      echo "WARNING: $name: NOT granted; $controls ${cost}." >&2
    fi
    return
  done
  echo "WARNING: $*: NOT found in this tenant; $controls ${cost}." >&2
}`;

/** What has to be granted beside the permissions, in words. */
export function furtherSteps(controls: readonly Control<unknown>[], identity: Identity): string[] {
  return permissionsOf(controls, identity).flatMap(({ permission: { name, also } }) =>
    also === undefined ? [] : [`${name} needs beside it ${also}.`],
  );
}

function forResources(
  controls: readonly Control<unknown>[],
  identity: Identity,
  make: (resource: ResourceName, permissions: Wanted[]) => string[],
): string[] {
  const needed = permissionsOf(controls, identity);
  return resources.flatMap((resource) => {
    const own = needed.filter(({ permission }) => permission.resource === resource);
    if (own.length === 0) return [];
    const wanted = own.map(({ permission, controls: ids }) => ({
      names: thatServe(permission).map(({ name }) => name),
      controls: ids,
    }));
    return make(resource, wanted);
  });
}
