import { type Read, readOk } from '../../microsoft365/wire/read';
import type { TenantWidePermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import { unreadable, listOf } from '../evaluation';
import { unreadAccount } from '../service-account';
import { Admission } from './admission';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './facts';
import { fingerprint } from './fingerprint';
import type { Demand } from './protocols';
import { expectedKeys } from './reach';
import { areAllRoomsKnown } from './room-lists';

/** The permissions that the facts show to be held, as far as that could be read. */
export function heldPermissions(
  { appRoles, resources }: Pick<ImpersonationFacts, 'appRoles' | 'resources'>,
  { profile }: Pick<Demand, 'profile'>,
): TenantWidePermission[] {
  return profile.impersonation.tenantWidePermissions.filter(({ resource, id }) => {
    const resourceId = resources[resource];
    if (!resourceId.ok || resourceId.value === null || appRoles?.ok !== true) return false;
    return appRoles.value.some((role) => role.resourceId === resourceId.value && role.appRoleId === id);
  });
}

/**
 * Whether application access policies hold for a permission: for those of Microsoft Graph, and for full_access_as_app. The
 * other ones of Exchange Online belong to an API that is retired, and no policy limits them.
 */
export function isGated({ resource, name }: TenantWidePermission): boolean {
  return resource === 'Microsoft Graph' || name.toLowerCase() === 'full_access_as_app';
}

/** What is left to a permission: every mailbox, some that are no rooms, nothing but rooms; or nobody can tell. */
type Left = 'everything' | 'more' | 'rooms' | 'open';

/** The permissions of Microsoft Entra that reach every mailbox. No scope of Exchange limits them: the two add up. */
export class TenantWide {
  /** Those that the vendor's application holds, as far as that could be read. */
  readonly held: readonly TenantWidePermission[];
  /** What policies leave to those that they hold for; undefined where nobody asked, and a failure where that failed. */
  readonly admission: Read<Admission> | undefined;
  private found: ReturnType<Admission['beside']> | undefined;

  constructor(
    private readonly facts: ImpersonationFacts,
    private readonly requirement: Requirement,
  ) {
    this.held = heldPermissions(facts, requirement);
    const { policies } = facts;
    this.admission = policies?.ok === true ? readOk(new Admission(policies.value)) : policies;
  }

  /** A violation where the target wants access to its rooms only, and a notice where the vendor's way is expected. */
  reasons(): Reason[] {
    const found = this.held.flatMap((permission) => this.reasonsFor(permission));
    return this.isUnwanted ? [...found, ...this.unread()] : found;
  }

  /** Whether everything was read that tells which ones are held. */
  get isKnown(): boolean {
    return this.unread().length === 0;
  }

  /** What could not be read and may hide such a permission: once, however much it was. */
  unread(): Reason[] {
    const { appRoles, resources } = this.facts;
    const failures = [appRoles, ...Object.values(resources)].flatMap((read) =>
      read === undefined || read.ok ? [] : [read.failure],
    );
    const [first] = failures;
    return first === undefined ? [] : [unreadable(first)];
  }

  /** Those that reach mailboxes which are no rooms. */
  get beyondRooms(): readonly TenantWidePermission[] {
    return this.held.filter((permission) => this.leftTo(permission) !== 'rooms');
  }

  evidence(): Record<string, unknown> {
    return {
      tenantWidePermissions: this.held.map(({ name, resource }) => `${name} (${resource})`),
      ...(this.admission?.ok === true ? this.admission.value.evidence() : {}),
    };
  }

  private get isUnwanted(): boolean {
    return this.requirement.target.access === 'rooms-only';
  }

  private reasonsFor(permission: TenantWidePermission): Reason[] {
    const left = this.leftTo(permission);
    const isViolation = this.isUnwanted && left !== 'rooms';
    if (isViolation && left === 'open') return this.openReasons(permission);
    const isAskedFor = this.requirement.profile.permissions.some(({ tenantWide }) => tenantWide);
    return [
      {
        code: 'impersonation.tenantWideGrant',
        level: isViolation ? 'violation' : 'notice',
        message: `${permission.name} on ${permission.resource} is granted for the whole tenant: ${this.extent(left)}`,
        resource: labelOf(permission),
        expected: this.isUnwanted || !isAskedFor ? 'not granted' : 'granted, as the vendor asks',
        actual: this.actualOf(left),
      },
    ];
  }

  private extent(left: Left): string {
    const everything = 'the application reaches every mailbox, whatever the scopes of its roles say';
    switch (left) {
      case 'everything':
        return `${everything}.`;
      case 'rooms':
        return 'application access policies leave it nothing but the rooms. Microsoft calls such policies legacy: roles with a scope take their place.';
      case 'open':
        return `${everything}, unless application access policies keep it out, of which not everything could be read.`;
      case 'more': {
        const addresses = this.beside.left.map(({ address }) => address);
        const which = addresses.length === 0 ? '' : `: ${listOf(addresses)}`;
        return `${everything}, as far as application access policies let it. They leave it mailboxes that are no rooms${which}.`;
      }
    }
  }

  /** What policies leave it today is accepted as that, and not as whatever they leave it tomorrow. */
  private actualOf(left: Left): string {
    if (!this.isUnwanted || left !== 'more') return 'granted';
    const { admission } = this;
    // Where everybody is left who is not denied that changes with each who comes.
    const isOpenEnded = admission?.ok === true && admission.value.isOpenEnded;
    return isOpenEnded
      ? 'granted, with policies that deny some'
      : fingerprint(
          'granted, with policies that leave it others',
          this.beside.left.map(({ address }) => address),
        );
  }

  /** A violation that what is open could refute is none. What the account is, and the rooms, is asked for elsewhere too. */
  private openReasons(permission: TenantWidePermission): Reason[] {
    const { account, rooms } = this.facts;
    const { admission } = this;
    if (admission?.ok === false) return [{ ...unreadable(admission.failure), resource: labelOf(permission) }];
    const unread = unreadAccount(account);
    const failures = [rooms, this.facts.everybody].flatMap((read) =>
      read === undefined || read.ok ? [] : [unreadable(read.failure)],
    );
    const reasons = [
      ...(admission?.value.problems() ?? []),
      ...(unread === undefined || this.beside.left.length === 0 ? [] : [unreadable(unread)]),
      ...failures,
    ];
    return reasons.length > 0 ? reasons : [undecided(permission)];
  }

  private leftTo(permission: TenantWidePermission): Left {
    const { admission } = this;
    if (admission === undefined || !isGated(permission)) return 'everything';
    if (!admission.ok) return 'open';
    if (!admission.value.isLimited) return 'everything';
    if (!this.facts.rooms.ok) return 'open';
    // Whom policies that only deny leave out is asked for where it decides.
    if (admission.value.isOpenEnded && this.facts.everybody === undefined) return 'more';
    const { left, mayBeMore } = this.beside;
    // One of them may be the account, as long as nobody knows its addresses.
    const most = unreadAccount(this.facts.account) === undefined ? 0 : 1;
    // Those that are left may be rooms, as long as not all rooms are known.
    if (left.length > most && areAllRoomsKnown(this.facts)) return 'more';
    return left.length > 0 || mayBeMore ? 'open' : 'rooms';
  }

  /** Put together once: a scope can be large. */
  private get beside(): ReturnType<Admission['beside']> {
    return (this.found ??= this.findBeside());
  }

  private findBeside(): ReturnType<Admission['beside']> {
    const { rooms, everybody } = this.facts;
    if (this.admission?.ok !== true || !rooms.ok) return { left: [], mayBeMore: true };
    const expected = expectedKeys(
      rooms.value.flatMap(({ keys }) => keys),
      this.facts,
      this.requirement,
    );
    return this.admission.value.beside(expected, everybody?.ok === true ? everybody.value : undefined);
  }
}

/** Policies leave it somebody who may be a room of the target, or a desk. */
function undecided(permission: TenantWidePermission): Reason {
  const resource = labelOf(permission);
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Whether application access policies leave ${resource} mailboxes that are no rooms cannot be told: of some of those that they leave it, nobody knows whether they are rooms.`,
    resource,
  };
}

function labelOf({ name, resource }: TenantWidePermission): string {
  return `${name} (application, ${resource})`;
}
