import type { User } from '../../microsoft365/directory/service-account';
import type { RoleAssignment } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/wire/read';
import type { Requirement } from '../control';
import { unreadable } from '../evaluation';
import { unreadAccount } from '../service-account';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './facts';
import { asksForRoles, type Demand, neededProtocol, opens, possibleProtocols } from './protocols';
import { notRegistered, noRole, noRoleOpens, roleRetired } from './role-reasons';

/**
 * Why no role reaches any room, or what could not be read and may change why; undefined where some role does, or the
 * product needs none.
 */
export function missingRole(
  counted: readonly RoleAssignment[],
  retired: readonly RoleAssignment[],
  facts: Pick<ImpersonationFacts, 'account' | 'baseline'>,
  requirement: Requirement,
  tenantWide: readonly { name: string }[],
): Reason | undefined {
  const wanted = possibleProtocols(requirement);
  if (!asksForRoles(requirement) || counted.some((each) => opens(each, wanted))) return undefined;
  const unread = unreadAccount(facts.account);
  if (unread !== undefined && mayHoldWhatMatters(counted, requirement)) return unreadable(unread);
  const needed = neededProtocol(requirement);
  if (counted.length > 0 && needed !== undefined)
    return noRoleOpens(requirement, needed, counted, tenantWide);
  const [old] = retired;
  if (old !== undefined) return roleRetired(requirement, old);
  const { baseline } = facts;
  // Without it nobody can tell a role that is missing from an application that is not known.
  if (baseline?.ok === false && requirement.target.exchangeReader === 'admin-api')
    return unreadable(baseline.failure);
  if (baseline?.ok === true && baseline.value.isRegistered === false)
    return notRegistered(requirement, baseline.value.misregistered ?? []);
  return noRole(requirement, tenantWide);
}

/** The roles that an account may hold which could not be read, as far as they count. */
export function mayBeHeld(account: Read<User> | null, { profile, target }: Demand): readonly string[] {
  const isOpen = target.acceptRetiredRole && unreadAccount(account) !== undefined;
  return isOpen ? profile.impersonation.retiredServiceAccountRoles : [];
}

/** Whether what the account holds may reach rooms, or be what there is to say about roles. */
function mayHoldWhatMatters(counted: readonly RoleAssignment[], { profile, target }: Demand): boolean {
  const hasRetired = profile.impersonation.retiredServiceAccountRoles.length > 0;
  return hasRetired && (target.acceptRetiredRole || counted.length === 0);
}
