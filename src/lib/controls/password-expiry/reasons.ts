import { dayMs } from '../../durations';
import { counted } from '../../counted';
import { compareText } from '../evaluation';
import type { Reason } from './codes';
import type { PasswordUser } from './facts';
import { neverExpires, passwordFlags } from './flags';

/** Whose password it is, and what the target calls the account. */
export interface About {
  user: PasswordUser;
  resource: string;
}

/** The password is kept in the tenant that the guest comes from. */
export function ofGuest({ user, resource }: About): Reason {
  return {
    code: 'password.managedElsewhere',
    level: 'unknown',
    message: `${user.userPrincipalName} is a guest: its password is kept by the tenant or provider that it belongs to, where its expiry has to be checked.`,
    resource,
  };
}

/** The password is kept by another identity provider. @param domain the one that is federated. */
export function federated({ user, resource }: About, domain: string): Reason {
  return {
    code: 'password.managedElsewhere',
    level: 'unknown',
    message: `${domain} is federated: the password of ${user.userPrincipalName} is kept by another identity provider, where its expiry has to be checked.`,
    resource,
  };
}

/** Microsoft Entra does not let it expire; what Active Directory does is not seen from here. */
export function synchronised({ user, resource }: About): Reason {
  return {
    code: 'password.synchronised',
    level: 'notice',
    message: `${user.userPrincipalName} is synchronised from Active Directory: whether the password expires there is not visible from here.`,
    resource,
  };
}

/** @param why as it follows on "does not expire". */
export function neverByDomain({ user, resource }: About, why: string): Reason {
  return {
    code: 'password.neverByDomain',
    level: 'notice',
    message: `The password of ${user.userPrincipalName} does not expire ${why}, not because of the account: it will when the domain's policy changes.`,
    resource,
  };
}

/**
 * @param why a sentence or more.
 * @param permission the one that was probably missing.
 */
export function ageUnclear({ user, resource }: About, why: string, permission?: string): Reason {
  return {
    code: 'password.ageUnclear',
    level: 'unknown',
    message: `Whether the password of ${user.userPrincipalName} expires cannot be told: ${why} With the flag ${neverExpires} on the account it would not matter.`,
    resource,
    ...(permission === undefined ? {} : { expected: permission }),
  };
}

/** @param why a clause about what the domain does not say. */
export function domainDefault(about: About, why: string): Reason {
  const message = `Nothing says that the password of ${about.user.userPrincipalName} never expires: ${why}.`;
  return { code: 'password.domainDefault', level: 'violation', message, ...flagsOf(about) };
}

/**
 * The password expires, with the day where its last change is known.
 * @param days for how many days a password is valid.
 * @param domain the one that says so.
 */
export function expires(about: About, days: number, domain: string): Reason {
  const message = `The password of ${about.user.userPrincipalName} expires ${expiry(about.user, days)}: passwords of ${domain} are valid for ${counted(days, 'day')}.`;
  const { actual, ...flags } = flagsOf(about);
  // A shorter validity is another violation: who accepted a year has not accepted a month.
  return {
    code: 'password.expires',
    level: 'violation',
    message,
    ...flags,
    actual: `${actual}; ${counted(days, 'day')}`,
  };
}

function flagsOf({ user, resource }: About) {
  const flags = passwordFlags(user.passwordPolicies);
  const actual = flags.length === 0 ? 'None' : [...flags].sort(compareText).join(', ');
  return { resource, expected: neverExpires, actual };
}

/** Days. Beyond it a date says nothing to anybody, and may be one that there is not. */
const longestTold = 36_500;

function expiry(user: PasswordUser, days: number): string {
  if (!user.lastPasswordChangeDateTime || days > longestTold)
    return `${counted(days, 'day')} after its last change`;
  const at = Date.parse(user.lastPasswordChangeDateTime) + days * dayMs;
  return `on ${new Date(at).toISOString().slice(0, 10)}`;
}
