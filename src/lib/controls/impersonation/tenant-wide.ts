import type { TenantWidePermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './collect';

/** The permissions of Microsoft Entra that reach every mailbox. No scope of Exchange limits them: the two add up. */
export class TenantWide {
  /** Those that the vendor's application holds, as far as that could be read. */
  readonly held: readonly TenantWidePermission[];

  constructor(
    private readonly facts: ImpersonationFacts,
    private readonly requirement: Requirement,
  ) {
    this.held = requirement.profile.impersonation.tenantWidePermissions.filter((permission) =>
      this.isHeld(permission),
    );
  }

  /** A violation where the target wants access to its rooms only, and a notice where the vendor's way is expected. */
  reasons(): Reason[] {
    const { profile, target } = this.requirement;
    const isViolation = target.access === 'rooms-only';
    const isAskedFor = profile.permissions.some(({ tenantWide }) => tenantWide);
    const found = this.held.map(({ name, resource }): Reason => ({
      code: 'impersonation.tenantWideGrant',
      level: isViolation ? 'violation' : 'notice',
      message: `${name} on ${resource} is granted for the whole tenant: the application reaches every mailbox, whatever the scopes of its roles say.`,
      resource: `${name} (application, ${resource})`,
      expected: isViolation || !isAskedFor ? 'not granted' : 'granted, as the vendor asks',
      actual: 'granted',
    }));
    return isViolation ? [...found, ...this.unread()] : found;
  }

  /** Whether everything was read that tells which ones are held. */
  get isKnown(): boolean {
    return this.unread().length === 0;
  }

  evidence(): Record<string, unknown> {
    return { tenantWidePermissions: this.held.map(({ name, resource }) => `${name} (${resource})`) };
  }

  private isHeld({ resource, id }: TenantWidePermission): boolean {
    const resourceId = this.facts.resources[resource];
    const { appRoles } = this.facts;
    if (!resourceId.ok || resourceId.value === null || appRoles?.ok !== true) return false;
    return appRoles.value.some((role) => role.resourceId === resourceId.value && role.appRoleId === id);
  }

  /** What could not be read and may hide such a permission. */
  private unread(): Reason[] {
    const { appRoles, resources } = this.facts;
    const failures = [appRoles, ...Object.values(resources)].flatMap((read) =>
      read === undefined || read.ok ? [] : [read.failure],
    );
    const [first] = failures;
    return first === undefined ? [] : [unreadable(first)];
  }
}
