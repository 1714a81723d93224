import { entryFor, isAllowed, type NamedPermission } from '../../allowed-grants';
import type { AppRoleAssignment } from '../../microsoft365/client-app';
import type { ReadFailure } from '../../microsoft365/read';
import type { RequiredPermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import type { Reason } from './codes';
import type { PermissionGrant } from './collect';
import { type HeldPermissions, sameName, scopesOf } from './held-permissions';
import { knowsRole, permissionsOf } from './known-permissions';

/** A permission that is granted and not needed, with what grants it. */
export type Unneeded = NamedPermission & { resource: string } & (
    { kind: 'application'; role: AppRoleAssignment } | { kind: 'delegated'; grant: PermissionGrant }
  );

/** What is granted beyond what the profile and the target allow. */
export interface Excess {
  /** Once for each assignment or grant that holds one. */
  unneeded: Unneeded[];
  /** What could not be read and may be, or may name, another one. */
  unread: ReadFailure[];
}

/** What one assignment, or one scope of a grant, comes to: nothing where it is all right. */
type Found = Unneeded | { failure: ReadFailure } | undefined;

/** Scopes of signing in, which every application may have. */
const signIn = ['openid', 'profile', 'email', 'offline_access'];

/** Finds the permissions that are held beyond what the profile and the target allow. */
export function findExcess(held: HeldPermissions, requirement: Requirement): Excess {
  const roles = held.roles();
  const grants = held.grants();
  const failures = [roles, grants].flatMap((read) => (read.ok ? [] : read.failure));
  // Which resource a permission belongs to is told by these object ids: without them anything could be excess.
  const unnamed = held.resources.unread();
  if (unnamed.length > 0) return { unneeded: [], unread: [...unnamed, ...failures] };
  const found: Found[] = [
    ...(roles.ok ? roles.value : []).map((role) => judgeRole(role, held, requirement)),
    ...(grants.ok ? grants.value : []).flatMap((grant) =>
      scopesOf(grant).map((scope) => judgeScope(scope, grant, held, requirement)),
    ),
  ];
  return {
    unneeded: found.flatMap((each) => (each !== undefined && 'name' in each ? each : [])),
    unread: [
      ...failures,
      ...found.flatMap((each) => (each !== undefined && 'failure' in each ? each.failure : [])),
    ],
  };
}

/** One violation per permission, however many grants hold it. */
export function excessOf({ unneeded }: Excess): Reason[] {
  return [...new Map(unneeded.map((each) => [titleOf(each), excess(each)])).values()];
}

/** Whether the target accepts a permission beyond the profile. */
export function isAccepted(permission: NamedPermission, { target }: Requirement): boolean {
  return isAllowed(target.allowedExtraGrants, permission);
}

function judgeRole(role: AppRoleAssignment, held: HeldPermissions, requirement: Requirement): Found {
  const resource = held.resources.of(role.resourceId);
  if (resource.state === 'open') return resource;
  // What gives nothing is not too much.
  if (resource.state === 'gone') return undefined;
  if (knowsRole(requirement.profile, resource.name, role.appRoleId)) return undefined;
  const name = held.resources.nameOfRole(role.resourceId, role.appRoleId);
  // Without its name it cannot be told whether the target allows it, nor what to call it.
  if (!name.ok) return name;
  const permission = { kind: 'application', appId: resource.appId, name: name.value } as const;
  return isAccepted(permission, requirement) ? undefined : { ...permission, resource: resource.label, role };
}

function judgeScope(
  name: string,
  grant: PermissionGrant,
  held: HeldPermissions,
  requirement: Requirement,
): Found {
  const reach = held.reach(grant);
  // Other users' own grants are their business.
  if (reach.state === 'otherUsers' || signIn.some((scope) => sameName(scope, name))) return undefined;
  const resource = held.resources.of(grant.resourceId);
  if (resource.state === 'open') return resource;
  if (resource.state === 'gone') return undefined;
  const isKnown = permissionsOf(requirement.profile, 'delegated', (required) =>
    isInUse(required, requirement),
  ).some((known) => known.resource === resource.name && sameName(known.name, name));
  const permission = { kind: 'delegated', appId: resource.appId, name } as const;
  if (isKnown || isAccepted(permission, requirement)) return undefined;
  return reach.state === 'open' ? reach : { ...permission, resource: resource.label, grant };
}

/** EWS.AccessAsUser.All is excess where it is not used; a tenant-wide permission is judged elsewhere. */
function isInUse(required: RequiredPermission, { target }: Requirement): boolean {
  return required.onlyWhen === undefined || target[required.onlyWhen];
}

function excess(permission: Unneeded): Reason {
  const { name, kind, resource } = permission;
  return {
    code: 'consent.excess',
    level: 'violation',
    message: `${name} (${kind}) on ${resource} is granted and not needed: revoke it, or allow it as "${entryFor(permission)}" in the target's allowedExtraGrants.`,
    resource: titleOf(permission),
    expected: 'not granted',
    actual: 'granted',
  };
}

function titleOf({ name, kind, resource }: Unneeded): string {
  return `${name} (${kind}, ${resource})`;
}
