import type { ResourceIds } from '../../microsoft365/client-app';
import type { Read } from '../../microsoft365/read';
import type {
  GrantablePermission,
  Lookalike,
  OptionalPermission,
  PermissionKind,
  Profile,
  RequiredPermission,
  ResourceName,
} from '../../profiles/profile';

type KnownPermission = GrantablePermission | Lookalike | OptionalPermission;

/** By their object ids, the resources that profiles can name and the tenant has; those that could be read. */
export function resourcesById(resources: ResourceIds): ReadonlyMap<string, ResourceName> {
  const entries = Object.entries(resources) as [ResourceName, Read<string | null>][];
  return new Map(
    entries.flatMap(([name, read]) => (read.ok && read.value !== null ? [[read.value, name] as const] : [])),
  );
}

/** Whether a profile speaks of an application permission, told by the pair of resource and id: an id alone can mean two things. */
export function knowsRole(profile: Profile, resource: ResourceName | undefined, appRoleId: string): boolean {
  return permissionsOf(profile, 'application').some(
    (known) => known.resource === resource && known.id === appRoleId,
  );
}

/**
 * The permissions of one kind that a profile speaks of: what it requires and uses, what the application may hold besides,
 * and what only looks like it.
 */
export function permissionsOf(
  profile: Profile,
  kind: PermissionKind,
  isInUse: (required: RequiredPermission) => boolean = () => true,
): KnownPermission[] {
  const ofKind = (permission: Lookalike | OptionalPermission) => permission.kind === kind;
  return [
    ...profile.permissions.flatMap((required) => [
      ...(required.kind === kind && isInUse(required) ? required.anyOf : []),
      ...required.lookalikes.filter(ofKind),
    ]),
    ...profile.optionalPermissions.filter(ofKind),
  ];
}
