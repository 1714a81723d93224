import type { ReadFailure } from '../../microsoft365/wire/read';
import type { GrantablePermission, RequiredPermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import type { Reason } from './codes';
import type { HeldPermissions, PermissionState } from './held-permissions';

/** What is found out about one permission that the vendor requires. */
export interface ConsentJudgement {
  required: RequiredPermission;
  /** The one that meets it, where one is held: one that is not retired, if there is a choice. */
  by?: GrantablePermission;
  /** Nothing where it is held, or where it cannot be told in which way it is not. */
  reason?: Reason;
  /** What could not be read and decides. */
  unread: ReadFailure[];
}

/** Judges each permission that the vendor requires of this target. */
export function judgeRequired(held: HeldPermissions, requirement: Requirement): ConsentJudgement[] {
  return requirement.profile.permissions
    .filter((required) => isDemanded(required, requirement))
    .map((required) => ({ required, ...judge(required, held, requirement) }));
}

/** Whether the vendor's requirement applies to this target, given its options. */
export function isDemanded(required: RequiredPermission, requirement: Requirement): boolean {
  if (!isInUse(required, requirement)) return false;
  return !(required.tenantWide && requirement.target.access === 'rooms-only');
}

/** Whether the product uses the permission at all, given the options of the target. */
export function isInUse(required: RequiredPermission, { target }: Requirement): boolean {
  return required.onlyWhen === undefined || target[required.onlyWhen];
}

/** Whether what is required is held, as far as that is certain. */
export function isMet({ reason, unread }: ConsentJudgement): boolean {
  return unread.length === 0 && reason?.level !== 'violation';
}

/** The resource and name by which a person looks for a required permission. */
export function expectedOf({ anyOf }: RequiredPermission): string {
  return anyOf.map(({ name, resource }) => `${name} on ${resource}`).join(' or ');
}

/** What is missing has a name only when nothing that was not read could give it another one. */
function judge(
  required: RequiredPermission,
  held: HeldPermissions,
  requirement: Requirement,
): Omit<ConsentJudgement, 'required'> {
  const states = required.anyOf.map((permission) => held.state(required.kind, permission));
  const granted = required.anyOf.filter((_permission, index) => states[index]?.state === 'granted');
  const by = granted.find(({ legacy }) => !legacy) ?? granted[0];
  if (by !== undefined) return { by, ...legacyOnly(required, states) };
  const open = states.find(({ state }) => state === 'open');
  if (open?.state === 'open') return { unread: [open.failure] };

  const violation = {
    level: 'violation',
    resource: titleOf(required),
    expected: expectedOf(required),
  } as const;
  for (const lookalike of required.lookalikes) {
    const alike = held.state(lookalike.kind, lookalike);
    if (alike.state === 'open') return { unread: [alike.failure] };
    if (alike.state !== 'granted') continue;
    const actual = `${lookalike.name} on ${lookalike.resource} (${lookalike.kind})`;
    const message = `${actual} is granted, which looks like ${expectedOf(required)} (${required.kind}) and is not: ${lookalike.why}.`;
    return { reason: { ...violation, code: 'consent.lookalike', message, actual }, unread: [] };
  }
  if (states.some(({ state }) => state === 'otherUsers')) {
    const whom = requirement.profile.serviceAccount === null ? 'everybody' : 'the service account';
    const message = `${titleOf(required)} is granted for other users, and not for ${whom}.`;
    const actual = 'granted to other users only';
    return { reason: { ...violation, code: 'consent.wrongPrincipal', message, actual }, unread: [] };
  }
  const message = `${titleOf(required)} is not granted: expected ${expectedOf(required)}.`;
  const reason: Reason = { ...violation, code: 'consent.missing', message, actual: 'not granted' };
  return { reason, unread: [] };
}

/** A permission that is held, but perhaps only where nothing comes of it any more. */
function legacyOnly(
  required: RequiredPermission,
  states: readonly PermissionState[],
): Omit<ConsentJudgement, 'required'> {
  const current = states.filter((_state, index) => required.anyOf[index]?.legacy !== true);
  // An open one is held besides: whatever it comes to, the permission is there.
  if (current.some(({ state }) => state === 'granted' || state === 'open')) return { unread: [] };
  const retired = required.anyOf.find(({ legacy }, index) => legacy && states[index]?.state === 'granted');
  const [wanted = ''] = expectedOf(required).split(' or ', 1);
  const message = `${required.name} is held on ${retired?.resource ?? ''} only, where it belongs to the retired Outlook REST API: grant ${wanted}.`;
  return {
    reason: {
      ...{ code: 'consent.legacyResource', level: 'notice', message },
      ...{ resource: titleOf(required), expected: expectedOf(required) },
    },
    unread: [],
  };
}

function titleOf({ name, kind }: RequiredPermission): string {
  return `${name} (${kind})`;
}
