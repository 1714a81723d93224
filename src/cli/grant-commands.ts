import type { Control } from '../lib/controls/control';
import { type ResourceName, resourceAppIds } from '../lib/profiles/profile';
import { type Identity, permissionsOf } from './permissions-page';

const variables: Record<Identity, string> = { read: 'readerObjectId', write: 'writerObjectId' };
const resources = Object.keys(resourceAppIds) as ResourceName[];

/**
 * The commands of Microsoft Graph PowerShell that grant an identity what it needs. The object id of its service
 * principal goes into the variable on the first line.
 * https://learn.microsoft.com/powershell/module/microsoft.graph.applications/new-mgserviceprincipalapproleassignment
 */
export function powerShellCommands(controls: readonly Control<unknown>[], identity: Identity): string[] {
  const variable = `$${variables[identity]}`;
  return [
    `${variable} = '<object id of the service principal>'`,
    ...forResources(controls, identity, (resource, ids, index) => [
      `$resource${index} = Get-MgServicePrincipal -Filter "appId eq '${resourceAppIds[resource]}'"  # ${resource}`,
      ...ids.map(
        ({ id, name }) =>
          `New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${variable} -PrincipalId ${variable} -ResourceId $resource${index}.Id -AppRoleId ${id}  # ${name}`,
      ),
    ]),
  ];
}

/** The same with Azure CLI. https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
export function azureCliCommands(controls: readonly Control<unknown>[], identity: Identity): string[] {
  const variable = variables[identity];
  return [
    `${variable}='<object id of the service principal>'`,
    ...forResources(controls, identity, (resource, ids, index) => [
      `resource${index}=$(az ad sp show --id ${resourceAppIds[resource]} --query id --output tsv)  # ${resource}`,
      ...ids.map(
        ({ id, name }) =>
          `az rest --method POST --url "https://graph.microsoft.com/v1.0/servicePrincipals/$resource${index}/appRoleAssignedTo" --body "{\\"principalId\\":\\"$${variable}\\",\\"resourceId\\":\\"$resource${index}\\",\\"appRoleId\\":\\"${id}\\"}"  # ${name}`,
      ),
    ]),
  ];
}

/** What has to be granted beside the permissions, in words. */
export function furtherSteps(controls: readonly Control<unknown>[], identity: Identity): string[] {
  return permissionsOf(controls, identity).flatMap(({ permission: { name, also } }) =>
    also === undefined ? [] : [`${name} needs beside it ${also}.`],
  );
}

function forResources(
  controls: readonly Control<unknown>[],
  identity: Identity,
  make: (resource: ResourceName, permissions: { id: string; name: string }[], index: number) => string[],
): string[] {
  const needed = permissionsOf(controls, identity).map(({ permission }) => permission);
  return resources.flatMap((resource, index) => {
    const own = needed.filter((permission) => permission.resource === resource);
    return own.length === 0 ? [] : make(resource, own, index + 1);
  });
}
