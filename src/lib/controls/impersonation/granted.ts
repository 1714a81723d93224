import type { Room } from '../../microsoft365/exchange';
import type { TenantWidePermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './facts';
import { asksForRoles, type Demand } from './protocols';
import type { Way } from './reach';
import { isGated, type TenantWide } from './tenant-wide';

/** How a room stands towards the permission of Microsoft Entra that the vendor asks for. */
export type GrantedAccess =
  /** No such permission is granted, or none is meant to reach the rooms. */
  | { kind: 'none' }
  | { kind: 'reached'; way: Way }
  /** An application access policy keeps the application from it. */
  | { kind: 'blocked'; by: TenantWidePermission }
  | { kind: 'open'; reasons: readonly Reason[] };

/** The permission of Microsoft Graph for the whole tenant that the vendor asks for, as far as it is to reach rooms. */
export class Granted {
  /** The permissions that are meant to reach rooms: those of a retired API reach none. */
  private readonly meant: readonly TenantWidePermission[];
  private readonly held: readonly TenantWidePermission[];

  constructor(
    private readonly facts: ImpersonationFacts,
    private readonly requirement: Requirement,
    private readonly wide: TenantWide,
  ) {
    this.meant = meantPermissions(requirement);
    this.held = wide.held.filter((permission) => this.meant.some((meant) => isSame(meant, permission)));
  }

  /** Whether a room is reached through the permission. */
  accessTo({ keys }: Room): GrantedAccess {
    if (this.meant.length === 0) return { kind: 'none' };
    const [by] = this.held;
    if (by === undefined) {
      const unread = this.unread();
      return unread.length === 0 ? { kind: 'none' } : { kind: 'open', reasons: unread };
    }
    const reached = { kind: 'reached', way: wayOf(by) } as const;
    const { admission } = this.wide;
    if (admission === undefined) return reached;
    if (!admission.ok) return { kind: 'open', reasons: [unreadable(admission.failure)] };
    const isAdmitted = admission.value.admits(keys);
    if (isAdmitted === undefined) return { kind: 'open', reasons: admission.value.problems() };
    return isAdmitted ? reached : { kind: 'blocked', by };
  }

  /** What was not read and may hide the permission. Where roles do and no policies are seen, it changes nothing. */
  private unread(): readonly Reason[] {
    if (asksForRoles(this.requirement) && this.requirement.target.exchangeReader === 'graph') return [];
    const { appRoles, resources } = this.facts;
    const [failed] = [appRoles, ...this.meant.map(({ resource }) => resources[resource])].filter(
      (read) => read?.ok === false,
    );
    return failed?.ok === false ? [unreadable(failed.failure)] : [];
  }
}

/**
 * The permissions that the vendor asks for so that its product reaches the rooms, and that work. With access to rooms
 * only they are not meant to be there, unless the product has no other way.
 */
export function meantPermissions({ profile, target }: Demand): TenantWidePermission[] {
  const { tenantWidePermissions } = profile.impersonation;
  if (target.access === 'rooms-only' && asksForRoles({ profile })) return [];
  const asked = profile.permissions
    .filter(({ tenantWide, kind }) => tenantWide && kind === 'application')
    .flatMap(({ anyOf }) => anyOf.filter(({ legacy }) => !legacy));
  return tenantWidePermissions.filter(
    (permission) => isGated(permission) && asked.some((each) => isSame(each, permission)),
  );
}

/**
 * A policy denies this room to the application, or leaves it out.
 * @param by the permission that reaches rooms otherwise.
 */
export function policyBlocks({ displayName, address }: Room, by: TenantWidePermission): Reason {
  return {
    code: 'impersonation.policyBlocks',
    level: 'violation',
    message: `An application access policy keeps the application from ${displayName} (${address}): ${by.name} on ${by.resource} does not reach it, and no role opens it to Microsoft Graph.`,
    resource: address,
    expected: 'left to the application',
    actual: 'kept from it',
  };
}

function wayOf({ name, resource }: TenantWidePermission): Way {
  return { path: `${name} (application, ${resource})`, scope: 'every mailbox' };
}

function isSame(a: TenantWidePermission, b: TenantWidePermission): boolean {
  return a.resource === b.resource && a.id === b.id;
}
