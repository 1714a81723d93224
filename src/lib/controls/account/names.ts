import { type DeletedUser, smtpAddressesOf } from '../../microsoft365/directory/service-account';
import { accountName, isObjectId, type StoredTarget } from '../../model/target';
import type { Account } from './collect';

/**
 * What the UPN of the account was when it was first found. A target may name it by another of its addresses or by its
 * object id, so that its name alone does not tell whether it was renamed.
 */
export function firstUpnOf(target: StoredTarget, user: Account): string {
  if (target.serviceAccountUpn !== undefined) return target.serviceAccountUpn;
  const name = accountName(target);
  if (isObjectId(name)) return user.userPrincipalName;
  // What was found before UPNs were remembered was found by its UPN.
  if (target.serviceAccountId !== undefined) return name;
  return smtpAddressesOf(user).includes(name.toLowerCase()) ? user.userPrincipalName : name;
}

/** What a deleted user was called: its UPN carries its object id, 32 hex digits, in front. */
export function upnBeforeDeletion({ id, userPrincipalName }: DeletedUser): string {
  const prefix = id.replaceAll('-', '');
  return userPrincipalName.toLowerCase().startsWith(prefix)
    ? userPrincipalName.slice(prefix.length)
    : userPrincipalName;
}
