import { readFailed } from '../../microsoft365/wire/read';
import { accountName } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { conclude, notUnderstood, unreadable } from '../evaluation';
import type { Code, Reason } from './codes';
import type { PasswordExpiryFacts, PasswordUser } from './facts';
import { passwordFlags, unknownFlags } from './flags';
import { type PolicySource, policySource, never } from './policy-source';
import * as reasons from './reasons';
import { unstated } from './unstated';

/**
 * Decides whether the password expires: by the flag of the account, else by the domain of its UPN or the one above
 * that it follows, else by the age of the tenant. A password that somebody else keeps is `unknown`, and so is a flag
 * that Microsoft does not document.
 */
export function evaluate(facts: PasswordExpiryFacts, requirement: Requirement): Evaluation<Code> {
  const { user, domains, created } = facts;
  if (!user.ok) return conclude([unreadable(user.failure)], '', { evidence: {} });
  const source = policySource(user.value, domains);
  const flags = passwordFlags(user.value.passwordPolicies);
  const found = judge(source, user.value, facts, requirement);
  // A violation holds whatever such a flag means.
  const [strange] = found.some(({ level }) => level === 'violation') ? [] : unknownFlags(flags);
  const all = [...found, ...(strange === undefined ? [] : [strangeFlag(user.value, strange)])];
  return conclude(all, `The password of ${user.value.userPrincipalName} never expires.`, {
    evidence: {
      userPrincipalName: user.value.userPrincipalName,
      userType: user.value.userType,
      passwordPolicies: flags,
      lastPasswordChangeDateTime: user.value.lastPasswordChangeDateTime ?? null,
      onPremisesSyncEnabled: user.value.onPremisesSyncEnabled ?? false,
      ...(source.policy === undefined ? {} : { domain: source.policy }),
      ...(created?.ok === true ? { tenantCreated: created.value } : {}),
    },
  });
}

function judge(
  source: PolicySource,
  user: PasswordUser,
  { created }: PasswordExpiryFacts,
  { target, now }: Requirement,
): Reason[] {
  const about = { user, resource: accountName(target) };
  switch (source.kind) {
    case 'guest':
      return [reasons.ofGuest(about)];
    case 'federated':
      return [reasons.federated(about, source.by)];
    case 'unread':
      return [unreadable(source.failure)];
    case 'notUnderstood':
      return [notUnderstood(source.what, source.value)];
    case 'flag':
      return user.onPremisesSyncEnabled === true ? [reasons.synchronised(about)] : [];
    case 'stated':
      return [
        source.days === never
          ? reasons.neverByDomain(about, `because of ${source.by}`)
          : reasons.expires(about, source.days, source.by),
      ];
    case 'unstated':
      return [unstated(about, source.by, created ?? notAsked, now)];
  }
}

/** The facts always have it where it decides; without it nothing is known. */
const notAsked = readFailed({ cause: 'unavailable', message: 'Nobody asked when the tenant was created.' });

function strangeFlag({ userPrincipalName }: PasswordUser, flag: string): Reason {
  return notUnderstood(`a flag of the password of ${userPrincipalName}`, flag);
}
