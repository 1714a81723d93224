import type { PermissionKind, RequiredPermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import type { AppRoleAssignment } from '../../microsoft365/client-app';
import type { Reason } from './codes';
import type { ConsentFacts, PermissionGrant } from './collect';
import { type HeldPermissions, sameName, scopesOf } from './held-permissions';
import { permissionsOf } from './known-permissions';

/** A permission that is granted and not needed, with what grants it. */
export type Unneeded = { name: string; resource: string } & (
  { kind: 'application'; role: AppRoleAssignment } | { kind: 'delegated'; grant: PermissionGrant }
);

/** Scopes of signing in, which every application may have. */
const signIn = ['openid', 'profile', 'email', 'offline_access'];

/** The permissions that are held beyond what the profile and the target allow: one violation per permission. */
export function excessOf(held: HeldPermissions, facts: ConsentFacts, requirement: Requirement): Reason[] {
  const reasons = findExcess(held, facts, requirement).map(({ name, kind, resource }) =>
    excess(name, kind, resource),
  );
  return [...new Map(reasons.map((reason) => [reason.resource, reason])).values()];
}

/** The same, once for each assignment or grant that holds one. */
export function findExcess(held: HeldPermissions, facts: ConsentFacts, requirement: Requirement): Unneeded[] {
  // Which resource a permission belongs to is told by these object ids: without them anything could be excess.
  for (const read of Object.values(facts.resources)) {
    if (read.ok) continue;
    held.open(read.failure);
    return [];
  }
  const roles = held.roles() ?? [];
  const grants = held.grants() ?? [];
  return [
    ...roles.flatMap((role) => excessRole(role, held, facts, requirement) ?? []),
    ...grants.flatMap((grant) =>
      scopesOf(grant).flatMap((scope) => excessScope(scope, grant, held, requirement) ?? []),
    ),
  ];
}

/** Whether the target accepts a permission of this name beyond the profile. */
export function isAllowed(name: string, { target }: Requirement): boolean {
  return (target.allowedExtraGrants ?? []).some((allowed) => sameName(allowed, name));
}

function excessRole(
  role: AppRoleAssignment,
  held: HeldPermissions,
  facts: ConsentFacts,
  requirement: Requirement,
): Unneeded | undefined {
  if (held.known.hasRole(role.resourceId, role.appRoleId)) return undefined;
  const names = facts.names.get(role.resourceId);
  // Without its name it cannot be told whether the target allows it.
  if (names?.ok === false) {
    held.open(names.failure);
    return undefined;
  }
  const name = names?.value.appRoles.find((known) => known.id === role.appRoleId)?.value ?? role.appRoleId;
  if (isAllowed(name, requirement)) return undefined;
  return { name, kind: 'application', resource: held.displayName(role.resourceId), role };
}

function excessScope(
  scope: string,
  grant: PermissionGrant,
  held: HeldPermissions,
  requirement: Requirement,
): Unneeded | undefined {
  if (signIn.some((name) => sameName(name, scope)) || isAllowed(scope, requirement)) return undefined;
  const resource = held.known.resourceName(grant.resourceId);
  const isKnown = permissionsOf(requirement.profile, 'delegated', (required) =>
    isInUse(required, requirement),
  ).some((permission) => permission.resource === resource && sameName(permission.name, scope));
  // Other users' own grants are their business. Whether a grant is the service account's matters only here.
  if (isKnown || held.reach(grant) !== 'granted') return undefined;
  return { name: scope, kind: 'delegated', resource: held.displayName(grant.resourceId), grant };
}

/** EWS.AccessAsUser.All is excess where it is not used; a tenant-wide permission is judged elsewhere. */
function isInUse(required: RequiredPermission, { target }: Requirement): boolean {
  return required.onlyWhen === undefined || target[required.onlyWhen];
}

function excess(name: string, kind: PermissionKind, resource: string): Reason {
  return {
    code: 'consent.excess',
    level: 'violation',
    message: `${name} (${kind}) on ${resource} is granted and not needed: revoke it, or allow it in the target's allowedExtraGrants.`,
    resource: `${name} (${kind}, ${resource})`,
    expected: 'not granted',
    actual: 'granted',
  };
}
