import type { AppRoleAssignment } from '../../microsoft365/directory/client-app';
import { type ReadFailure, readOk } from '../../microsoft365/wire/read';
import { entryFor, isAllowed, namesakes, type NamedPermission } from '../../model/allowed-grants';
import type { Requirement } from '../control';
import { listOf } from '../evaluation';
import { isNotKnown } from '../not-known';
import type { Reason } from './codes';
import type { PermissionGrant } from './collect';
import { type HeldPermissions, sameName, scopesOf } from './held-permissions';
import { knownRole } from './known-permissions';
import type { ConsentJudgement } from './required';
import { type PermissionUse, permissionUse } from './permission-use';

/** A permission that is granted and not needed, with what grants it. */
export type Unneeded = NamedPermission & { resource: string } & (
    { kind: 'application'; role: AppRoleAssignment } | { kind: 'delegated'; grant: PermissionGrant }
  );

/** What is granted beyond what is needed. */
export interface Excess {
  /** What neither the profile nor the target allows, once for each assignment or grant that holds one. */
  unneeded: Unneeded[];
  /** What one of them allows, by its title. */
  allowed: string[];
  /** What reaches every mailbox where only rooms are wanted, by its title: that is the business of impersonation. */
  tenantWide: string[];
  /** What looks like something that the vendor asks for, by its title. */
  alike: string[];
  /** Entries of the target that allow nothing of what is held. */
  idle: string[];
  /** What could not be read and may be, or may name, another one. */
  unread: ReadFailure[];
}

/** What one assignment, or one scope of a grant, comes to: nothing where there is nothing to say of it. */
type Found = (Unneeded & { use: PermissionUse }) | { failure: ReadFailure } | undefined;

/** What the judgement of each one goes by. */
interface Context {
  held: HeldPermissions;
  judged: readonly ConsentJudgement[];
  requirement: Requirement;
}

/** Scopes of signing in, which every application may have. */
const signIn = ['openid', 'profile', 'email', 'offline_access'];

/**
 * Finds the permissions that are held beyond what is needed.
 * @param judged what was found out about each required permission.
 */
export function findExcess(
  held: HeldPermissions,
  judged: readonly ConsentJudgement[],
  requirement: Requirement,
): Excess {
  const roles = held.roles();
  const grants = held.grants();
  const failures = [roles, grants].flatMap((read) => (read.ok ? [] : read.failure));
  // Which resource a permission belongs to is told by these object ids: without them anything could be excess.
  const unnamed = held.resources.unread();
  if (unnamed.length > 0)
    return {
      unneeded: [],
      allowed: [],
      tenantWide: [],
      alike: [],
      idle: [],
      unread: [...unnamed, ...failures],
    };
  // Of a product of which not all is known, what else is there may be what it needs.
  const isAnyNeeded = isNotKnown(requirement.profile, 'permissions');
  const context = { held, judged, requirement };
  const found: Found[] = [
    ...(roles.ok ? roles.value : []).map((role) => judgeRole(role, context)),
    ...(grants.ok ? grants.value : []).flatMap((grant) =>
      scopesOf(grant).map((scope) => judgeScope(scope, grant, context)),
    ),
  ];
  const those = (wanted: PermissionUse) =>
    found.flatMap((each) => (each !== undefined && 'use' in each && each.use === wanted ? each : []));
  return {
    unneeded: isAnyNeeded ? [] : those('unneeded'),
    allowed: those('allowed').map(titleOf),
    tenantWide: those('tenantWide').map(titleOf),
    alike: those('lookalike').map(titleOf),
    idle: (requirement.target.allowedExtraGrants ?? []).filter(
      (entry) => !found.some((each) => each !== undefined && 'use' in each && isAllowed([entry], each)),
    ),
    unread: [
      ...failures,
      ...found.flatMap((each) => (each !== undefined && 'failure' in each ? each.failure : [])),
    ],
  };
}

/** One violation per permission, however many grants hold it. */
export function excessConsent({ unneeded }: Excess, requirement: Requirement): Reason[] {
  return [...new Map(unneeded.map((each) => [titleOf(each), excess(each, requirement)])).values()];
}

/** Whether the target accepts a permission beyond the profile. */
export function isAccepted(permission: NamedPermission, { target }: Requirement): boolean {
  return isAllowed(target.allowedExtraGrants, permission);
}

function judgeRole(role: AppRoleAssignment, { held, judged, requirement }: Context): Found {
  const resource = held.resources.of(role.resourceId);
  if (resource.state === 'open') return resource;
  // What gives nothing is not too much.
  if (resource.state === 'gone') return undefined;
  const known = knownRole(requirement.profile, resource.name, role.appRoleId);
  const name =
    known === undefined ? held.resources.nameOfRole(role.resourceId, role.appRoleId) : readOk(known.name);
  // Without its name it cannot be told whether the target allows it, nor what to call it.
  if (!name.ok) return name;
  const permission = { kind: 'application', appId: resource.appId, name: name.value } as const;
  const use = permissionUse(
    { ...permission, resource: resource.name, id: role.appRoleId },
    judged,
    requirement,
  );
  return { ...permission, resource: resource.label, role, use };
}

function judgeScope(name: string, grant: PermissionGrant, { held, judged, requirement }: Context): Found {
  const reach = held.reach(grant);
  // Other users' own grants are their business.
  if (reach.state === 'otherUsers' || signIn.some((scope) => sameName(scope, name))) return undefined;
  const resource = held.resources.of(grant.resourceId);
  if (resource.state === 'open') return resource;
  if (resource.state === 'gone') return undefined;
  const permission = { kind: 'delegated', appId: resource.appId, name } as const;
  const use = permissionUse({ ...permission, resource: resource.name }, judged, requirement);
  if (use === 'unneeded' && reach.state === 'open') return reach;
  return { ...permission, resource: resource.label, grant, use };
}

function excess(permission: Unneeded, { target }: Requirement): Reason {
  const { name, kind, resource } = permission;
  const others = namesakes(target.allowedExtraGrants, permission).map((entry) => `"${entry}"`);
  const meant = others.length === 0 ? '' : ` What is there, ${listOf(others)}, does not allow it.`;
  return {
    code: 'consent.excess',
    level: 'violation',
    message: `${name} (${kind}) on ${resource} is granted and not needed: revoke it, or allow it as "${entryFor(permission)}" in the target's allowedExtraGrants.${meant}`,
    resource: titleOf(permission),
    expected: 'not granted',
    actual: 'granted',
  };
}

function titleOf({ name, kind, resource }: Unneeded): string {
  return `${name} (${kind}, ${resource})`;
}
