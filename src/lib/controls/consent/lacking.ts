import { type ResourceName, resourceAppIds } from '../../profiles/profile';
import type { GrantablePermission, Lookalike, RequiredPermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import type { ConsentFacts } from './collect';
import { isAccepted, type Unneeded } from './excess';
import { type HeldPermissions, sameName, scopesOf } from './held-permissions';
import { isDemanded, type ConsentJudgement } from './required';

/** A permission that has to be granted, on a resource that the tenant has. */
export interface Grantable {
  required: RequiredPermission;
  permission: GrantablePermission;
  /** Object id of the resource. */
  resourceId: string;
}

/** What the vendor requires and nobody has granted; nothing of which something unread could be the grant, or name what is wrong. */
export function lackingPermissions(judged: readonly ConsentJudgement[]): RequiredPermission[] {
  return judged.filter(({ reason }) => reason?.level === 'violation').map(({ required }) => required);
}

/**
 * The first permission that would do and can be granted, retired ones aside.
 * @returns `none` when the tenant has no such resource, `unread` when that is not known.
 */
export function grantable(
  required: RequiredPermission,
  { resources }: Pick<ConsentFacts, 'resources'>,
): Grantable | 'none' | 'unread' {
  for (const permission of required.anyOf.filter(({ legacy }) => !legacy)) {
    const resource = resources[permission.resource];
    if (!resource.ok) return 'unread';
    if (resource.value !== null) return { required, permission, resourceId: resource.value };
  }
  return 'none';
}

/** What is granted in place of lacking permissions, and only looks like them. */
export function findLookalikes(
  lacking: readonly RequiredPermission[],
  held: HeldPermissions,
  requirement: Requirement,
): Unneeded[] {
  const lookalikes = lacking
    .flatMap((required) => required.lookalikes)
    .filter((lookalike) => !isWanted(lookalike, requirement));
  return lookalikes.flatMap(({ kind, resource, name, id }): Unneeded[] => {
    const appId = resourceAppIds[resource];
    if (kind === 'application') {
      return valuesOf(held.roles())
        .filter((role) => isOn(resource, role, held) && role.appRoleId === id)
        .map((role) => ({ kind, name, appId, resource, role }));
    }
    return valuesOf(held.grants())
      .filter((grant) => isOn(resource, grant, held) && held.reach(grant).state === 'granted')
      .flatMap((grant) =>
        scopesOf(grant)
          .filter((scope) => sameName(scope, name))
          .map((scope) => ({ kind, name: scope, appId, resource, grant })),
      );
  });
}

function valuesOf<T>(read: { ok: true; value: T[] } | { ok: false }): T[] {
  return read.ok ? read.value : [];
}

function isOn(name: ResourceName, { resourceId }: { resourceId: string }, held: HeldPermissions): boolean {
  const resource = held.resources.of(resourceId);
  return resource.state === 'there' && resource.name === name;
}

/** What looks like one permission may be another one that is required, optional or allowed. */
function isWanted(lookalike: Lookalike, requirement: Requirement): boolean {
  const { kind, resource, id, name } = lookalike;
  const { permissions, optionalPermissions } = requirement.profile;
  const isSame = (other: { resource: ResourceName; id: string }) =>
    other.resource === resource && other.id === id;
  return (
    isAccepted({ kind, appId: resourceAppIds[resource], name }, requirement) ||
    optionalPermissions.some((optional) => optional.kind === kind && isSame(optional)) ||
    permissions.some(
      (required) =>
        required.kind === kind && isDemanded(required, requirement) && required.anyOf.some(isSame),
    )
  );
}
