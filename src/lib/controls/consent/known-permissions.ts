import type { ResourceIds } from '../../microsoft365/directory/client-app';
import type { Read } from '../../microsoft365/wire/read';
import type {
  GrantablePermission,
  Lookalike,
  OptionalPermission,
  PermissionKind,
  Profile,
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

/** What a profile speaks of that is this application permission, told by the pair of resource and id: an id alone can mean two things. */
export function knownRole(
  profile: Profile,
  resource: ResourceName | undefined,
  appRoleId: string,
): KnownPermission | undefined {
  return applicationPermissionsOf(profile).find(
    (known) => known.resource === resource && known.id === appRoleId,
  );
}

/** What a profile requires, what the application may hold besides, and what only looks like it. */
function applicationPermissionsOf({ permissions, optionalPermissions }: Profile): KnownPermission[] {
  const isOne = ({ kind }: { kind: PermissionKind }) => kind === 'application';
  return [
    ...permissions.filter(isOne).flatMap(({ anyOf }) => anyOf),
    ...permissions.flatMap(({ lookalikes }) => lookalikes.filter(isOne)),
    ...optionalPermissions.filter(isOne),
  ];
}
