import type { AppRoleAssignment } from '../../microsoft365/directory/client-app';
import { type Read, type ReadFailure, readOk } from '../../microsoft365/wire/read';
import type { PermissionKind, ResourceName } from '../../profiles/profile';
import { compareText } from '../evaluation';
import type { ConsentFacts, PermissionGrant } from './collect';
import { Resources } from './resources';

/** Whether a permission is held, and for whom; `open`: something that could not be read decides. */
export type PermissionState =
  { state: 'granted' | 'otherUsers' | 'notGranted' } | { state: 'open'; failure: ReadFailure };

const granted: PermissionState = { state: 'granted' };
const otherUsers: PermissionState = { state: 'otherUsers' };
const notGranted: PermissionState = { state: 'notGranted' };

/** Of several grants of one permission the one that says most decides. */
const strongestFirst = ['granted', 'open', 'otherUsers', 'notGranted'] as const;

/** Default access, not a permission. https://learn.microsoft.com/graph/api/resources/approleassignment */
const defaultAccess = '00000000-0000-0000-0000-000000000000';

/** What the vendor's application holds, as far as it could be read. */
export class HeldPermissions {
  readonly resources: Resources;

  constructor(private readonly facts: ConsentFacts) {
    this.resources = new Resources(facts);
  }

  /** Whether a permission is held: by the application itself, or on behalf of everybody or the service account. */
  state(
    kind: PermissionKind,
    permission: { resource: ResourceName; name: string; id: string },
  ): PermissionState {
    const resource = this.facts.resources[permission.resource];
    if (!resource.ok) return { state: 'open', failure: resource.failure };
    if (kind === 'application') {
      const roles = this.roles();
      if (!roles.ok) return { state: 'open', failure: roles.failure };
      const same = roles.value.filter(({ appRoleId }) => appRoleId === permission.id);
      return strongest(same.map((role) => this.on(permission.resource, role, granted)));
    }
    const grants = this.grants();
    if (!grants.ok) return { state: 'open', failure: grants.failure };
    const same = grants.value.filter((grant) =>
      scopesOf(grant).some((scope) => sameName(scope, permission.name)),
    );
    return strongest(same.map((grant) => this.on(permission.resource, grant, this.reach(grant))));
  }

  /** Application permissions. */
  roles(): Read<AppRoleAssignment[]> {
    const { appRoles = readOk([]) } = this.facts;
    return appRoles.ok
      ? readOk(appRoles.value.filter(({ appRoleId }) => appRoleId !== defaultAccess))
      : appRoles;
  }

  /** Delegated permissions. */
  grants(): Read<PermissionGrant[]> {
    return this.facts.grants ?? readOk([]);
  }

  /** Whether a delegated grant works for the service account, where there is one. */
  reach({ id, consentType, principalId }: PermissionGrant): PermissionState {
    if (consentType === 'AllPrincipals') return granted;
    if (consentType !== 'Principal' || typeof principalId !== 'string') {
      const message = `Could not tell for whom the delegated permissions of the grant ${id} hold: Microsoft Graph gives ${consentType} as its consentType and ${principalId ?? 'nobody'} as its principal.`;
      return { state: 'open', failure: { cause: 'malformed', message } };
    }
    const { account } = this.facts;
    if (account === null) return otherUsers;
    if (!account.ok) return { state: 'open', failure: account.failure };
    return principalId === account.value.id ? granted : otherUsers;
  }

  evidence(): Record<string, unknown> {
    const { appRoles, grants } = this.facts;
    return {
      applicationPermissions: appRoles?.ok
        ? appRoles.value
            .map(({ resourceId, appRoleId }) => ({ resource: this.resources.label(resourceId), appRoleId }))
            .sort((a, b) => compareText(a.resource + a.appRoleId, b.resource + b.appRoleId))
        : null,
      delegatedPermissions: grants?.ok
        ? grants.value.map((grant) => ({
            resource: this.resources.label(grant.resourceId),
            consentType: grant.consentType,
            principalId: grant.principalId ?? null,
            scopes: scopesOf(grant),
          }))
        : null,
    };
  }

  /** What something that is granted on a resource means for a permission of the resource of that name. */
  private on(
    name: ResourceName,
    { resourceId }: { resourceId: string },
    state: PermissionState,
  ): PermissionState {
    const resource = this.resources.of(resourceId);
    if (resource.state === 'open') return resource;
    return resource.state === 'there' && resource.name === name ? state : notGranted;
  }
}

function strongest(states: readonly PermissionState[]): PermissionState {
  for (const wanted of strongestFirst) {
    const found = states.find(({ state }) => state === wanted);
    if (found !== undefined) return found;
  }
  return notGranted;
}

/** The scopes of a grant as a sorted set: their order, repetitions and spaces mean nothing. */
export function scopesOf(grant: PermissionGrant): string[] {
  return [...new Set((grant.scope ?? '').split(/\s+/).filter((scope) => scope !== ''))].sort(compareText);
}

/** Names of delegated permissions are the same in any case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
