import type { GrantablePermission, Lookalike, RequiredPermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import type { ConsentFacts } from './collect';
import { isDemanded } from './evaluate';
import { isAllowed, type Unneeded } from './excess';
import { type HeldPermissions, sameName, scopesOf } from './held-permissions';

/** A permission that has to be granted, on a resource that the tenant has. */
export interface Grantable {
  required: RequiredPermission;
  permission: GrantablePermission;
  /** Object id of the resource. */
  resourceId: string;
}

/** What the vendor requires and nobody has granted; nothing of which something unread could be the grant. */
export function lackingPermissions(held: HeldPermissions, requirement: Requirement): RequiredPermission[] {
  return requirement.profile.permissions
    .filter((required) => isDemanded(required, requirement))
    .filter(({ kind, anyOf }) =>
      anyOf.every((permission) => ['notGranted', 'otherUsers'].includes(held.state(kind, permission))),
    );
}

/** The first permission that would do and can be granted, retired ones aside; undefined when there is none. */
export function grantable(required: RequiredPermission, { resources }: ConsentFacts): Grantable | undefined {
  for (const permission of required.anyOf) {
    const resource = resources[permission.resource];
    if (!permission.legacy && resource.ok && resource.value !== null)
      return { required, permission, resourceId: resource.value };
  }
  return undefined;
}

/** What is granted in place of lacking permissions, and only looks like them. */
export function findLookalikes(
  lacking: readonly RequiredPermission[],
  held: HeldPermissions,
  requirement: Requirement,
): Unneeded[] {
  const lookalikes = lacking
    .flatMap((required) => required.lookalikes)
    .filter((lookalike) => !isRequired(lookalike, requirement) && !isAllowed(lookalike.name, requirement));
  return lookalikes.flatMap(({ kind, resource, name, id }): Unneeded[] => {
    const isOn = (resourceId: string) => held.known.resourceName(resourceId) === resource;
    if (kind === 'application') {
      const roles = (held.roles() ?? []).filter((role) => isOn(role.resourceId) && role.appRoleId === id);
      return roles.map((role) => ({ kind, name, resource, role }));
    }
    const grants = (held.grants() ?? []).filter(
      (grant) => isOn(grant.resourceId) && held.reach(grant) === 'granted',
    );
    return grants.flatMap((grant) =>
      scopesOf(grant)
        .filter((scope) => sameName(scope, name))
        .map((scope) => ({ kind, name: scope, resource, grant })),
    );
  });
}

/** What looks like one permission may be another one that is required as well. */
function isRequired({ kind, resource, id }: Lookalike, requirement: Requirement): boolean {
  return requirement.profile.permissions.some(
    (required) =>
      required.kind === kind &&
      isDemanded(required, requirement) &&
      required.anyOf.some((permission) => permission.resource === resource && permission.id === id),
  );
}
