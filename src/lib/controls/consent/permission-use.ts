import { isAllowed, type NamedPermission } from '../../model/allowed-grants';
import type { RequiredPermission, ResourceName } from '../../profiles/profile';
import type { Requirement } from '../control';
import { sameName } from './held-permissions';
import { isInUse, isMet, type ConsentJudgement } from './required';

/** How a permission that is held stands to what is needed. */
export type PermissionUse =
  /** It is what meets a requirement. */
  | 'needed'
  /** Nothing needs it, and the profile or the target allows it. */
  | 'allowed'
  /** It reaches every mailbox where the target wants its rooms only: impersonation speaks of it. */
  | 'tenantWide'
  /** It looks like something that the vendor asks for: in its place whatever is said of that speaks of it too, and beside it nothing is wrong. */
  | 'lookalike'
  | 'unneeded';

/** A permission that is held. Only of an application permission is the id known: grants give names. */
export type HeldPermission = NamedPermission & { resource: ResourceName | undefined; id?: string };

/** @param judged what was found out about each required permission. */
export function permissionUse(
  permission: HeldPermission,
  judged: readonly ConsentJudgement[],
  requirement: Requirement,
): PermissionUse {
  const { kind } = permission;
  const { profile, target } = requirement;
  const isIt = (known: Known) => isSame(permission, known);
  const isLike = ({ lookalikes }: RequiredPermission) =>
    lookalikes.some((lookalike) => lookalike.kind === kind && isIt(lookalike));
  if (judged.some(({ required, by }) => required.kind === kind && by !== undefined && isIt(by)))
    return 'needed';
  if (judged.some((judgement) => !isMet(judgement) && isLike(judgement.required))) return 'lookalike';

  const isWide =
    target.access === 'rooms-only' &&
    kind === 'application' &&
    profile.impersonation.tenantWidePermissions.some(isIt);
  const isFine =
    profile.permissions.some(
      (required) => required.kind === kind && isInUse(required, requirement) && required.anyOf.some(isIt),
    ) ||
    profile.optionalPermissions.some((optional) => optional.kind === kind && isIt(optional)) ||
    isAllowed(target.allowedExtraGrants, permission);
  if (isFine) return isWide ? 'tenantWide' : 'allowed';
  // It may be all that lets the application in, which impersonation knows.
  if (isWide && profile.permissions.some(isLike)) return 'tenantWide';
  return profile.permissions.some((required) => isInUse(required, requirement) && isLike(required))
    ? 'lookalike'
    : 'unneeded';
}

interface Known {
  resource: ResourceName;
  name: string;
  id: string;
}

function isSame({ kind, resource, name, id }: HeldPermission, known: Known): boolean {
  return (
    known.resource === resource && (kind === 'application' ? known.id === id : sameName(known.name, name))
  );
}
