import type { PermissionKind, ResourceName } from '../../profiles/profile';
import type { ReadFailure } from '../../microsoft365/read';
import type { Requirement } from '../control';
import { compareText, unreadable } from '../evaluation';
import type { AppRoleAssignment } from '../../microsoft365/client-app';
import type { Reason } from './codes';
import type { ConsentFacts, PermissionGrant } from './collect';
import { KnownPermissions } from './known-permissions';

/** `open`: something that could not be read decides. */
export type PermissionState = 'granted' | 'otherUsers' | 'notGranted' | 'open';

/** Default access, not a permission. https://learn.microsoft.com/graph/api/resources/approleassignment */
const defaultAccess = '00000000-0000-0000-0000-000000000000';

/** What the vendor's application holds, as far as it could be read; what mattered and could not is remembered. */
export class HeldPermissions {
  readonly known: KnownPermissions;
  private readonly failures = new Map<string, ReadFailure>();

  constructor(
    private readonly facts: ConsentFacts,
    { profile }: Requirement,
  ) {
    this.known = new KnownPermissions(profile, facts.resources);
  }

  /** Whether a permission is held: by the application itself, or on behalf of everybody or the service account. */
  state(
    kind: PermissionKind,
    permission: { resource: ResourceName; name: string; id: string },
  ): PermissionState {
    const resource = this.facts.resources[permission.resource];
    if (!resource.ok) return this.open(resource.failure);
    if (resource.value === null) return 'notGranted';
    if (kind === 'application') {
      const roles = this.roles();
      if (roles === undefined) return 'open';
      return roles.some((role) => role.resourceId === resource.value && role.appRoleId === permission.id)
        ? 'granted'
        : 'notGranted';
    }
    const grants = this.grants();
    if (grants === undefined) return 'open';
    const granting = grants.filter(
      (grant) =>
        grant.resourceId === resource.value &&
        scopesOf(grant).some((scope) => sameName(scope, permission.name)),
    );
    if (granting.length === 0) return 'notGranted';
    const forWhom = granting.map((grant) => this.reach(grant));
    if (forWhom.includes('granted')) return 'granted';
    return forWhom.includes('open') ? 'open' : 'otherUsers';
  }

  /** Application permissions; undefined when they could not be read. */
  roles(): AppRoleAssignment[] | undefined {
    const read = this.facts.appRoles;
    if (read === undefined) return [];
    if (!read.ok) {
      this.open(read.failure);
      return undefined;
    }
    return read.value.filter((role) => role.appRoleId !== defaultAccess);
  }

  /** Delegated permissions; undefined when they could not be read. */
  grants(): PermissionGrant[] | undefined {
    const read = this.facts.grants;
    if (read === undefined) return [];
    if (!read.ok) {
      this.open(read.failure);
      return undefined;
    }
    return read.value;
  }

  /** Whether a delegated grant works for the service account, where there is one. */
  reach(grant: PermissionGrant): Exclude<PermissionState, 'notGranted'> {
    if (grant.consentType === 'AllPrincipals') return 'granted';
    const { account } = this.facts;
    if (account?.ok === false) return this.open(account.failure);
    return account !== null && grant.principalId === account.value.id ? 'granted' : 'otherUsers';
  }

  /** Notes that a failed reading stands between the facts and a verdict. */
  open(failure: ReadFailure): 'open' {
    this.failures.set(failure.message, failure);
    return 'open';
  }

  /** One reason for everything that could not be read and would have mattered. */
  unread(): Reason[] {
    return [...this.failures.values()].map(unreadable);
  }

  evidence(): Record<string, unknown> {
    const { appRoles, grants } = this.facts;
    return {
      applicationPermissions: appRoles?.ok
        ? appRoles.value
            .map(({ resourceId, appRoleId }) => ({ resource: this.displayName(resourceId), appRoleId }))
            .sort((a, b) => compareText(a.resource + a.appRoleId, b.resource + b.appRoleId))
        : null,
      delegatedPermissions: grants?.ok
        ? grants.value.map((grant) => ({
            resource: this.displayName(grant.resourceId),
            consentType: grant.consentType,
            principalId: grant.principalId ?? null,
            scopes: scopesOf(grant),
          }))
        : null,
    };
  }

  /** What a resource is called; its object id when that is not known. */
  displayName(resourceId: string): string {
    const names = this.facts.names.get(resourceId);
    return this.known.resourceName(resourceId) ?? (names?.ok ? names.value.displayName : null) ?? resourceId;
  }
}

/** The scopes of a grant as a sorted set: their order, repetitions and spaces mean nothing. */
export function scopesOf(grant: PermissionGrant): string[] {
  return [...new Set((grant.scope ?? '').split(/\s+/).filter((scope) => scope !== ''))].sort(compareText);
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
