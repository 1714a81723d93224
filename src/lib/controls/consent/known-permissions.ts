import type { ResourceIds } from '../../microsoft365/client-app';
import type { Read } from '../../microsoft365/read';
import type {
  GrantablePermission,
  Lookalike,
  PermissionKind,
  Profile,
  RequiredPermission,
  ResourceName,
} from '../../profiles/profile';

/** Which permissions a profile knows, told by the pair of resource and id: an id alone can mean two things. */
export class KnownPermissions {
  private readonly names = new Map<string, ResourceName>();
  private readonly roles: ReadonlySet<string>;

  constructor(profile: Profile, resources: ResourceIds) {
    for (const [name, read] of Object.entries(resources) as [ResourceName, Read<string | null>][]) {
      if (read.ok && read.value !== null) this.names.set(read.value, name);
    }
    this.roles = new Set(
      permissionsOf(profile, 'application').map(({ resource, id }) => `${resource} ${id}`),
    );
  }

  /** The resource behind an object id, when profiles can name it. */
  resourceName(resourceId: string): ResourceName | undefined {
    return this.names.get(resourceId);
  }

  hasRole(resourceId: string, appRoleId: string): boolean {
    return this.roles.has(`${this.resourceName(resourceId) ?? ''} ${appRoleId}`);
  }
}

/** The permissions of one kind that a profile speaks of: what it requires and uses, and what only looks like it. */
export function permissionsOf(
  profile: Profile,
  kind: PermissionKind,
  isInUse: (required: RequiredPermission) => boolean = () => true,
): (GrantablePermission | Lookalike)[] {
  return profile.permissions.flatMap((required) => [
    ...(required.kind === kind && isInUse(required) ? required.anyOf : []),
    ...required.lookalikes.filter((lookalike) => lookalike.kind === kind),
  ]);
}
