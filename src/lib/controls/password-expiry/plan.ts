import { userReadWriteAll } from '../../microsoft365/permissions';
import type { User } from '../../microsoft365/service-account';
import type { Requirement } from '../control';
import { type Change, type Plan, emptyPlan, toChange } from '../plan';
import type { PasswordExpiryFacts } from './collect';
import { evaluate } from './evaluate';
import { neverExpires, passwordFlags, passwordPolicies } from './flags';

/** Adds the flag to those that are there; the password of a federated domain takes a person. */
export function plan(facts: PasswordExpiryFacts, requirement: Requirement): Plan {
  const { user } = facts;
  const codes = evaluate(facts, requirement).reasons.map(({ code }) => code);
  if (!user.ok) return emptyPlan;
  if (codes.includes('password.managedElsewhere')) return atIdentityProvider(user.value);
  const expires = codes.includes('password.expires') || codes.includes('password.domainDefault');
  // Also where the account is synchronised: Microsoft's remedy for one that must not expire is this flag.
  // https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization
  return expires ? { changes: [setNeverExpires(user.value)], manualSteps: [] } : emptyPlan;
}

/** The flags of the account that a change is about, as one text; undefined when the facts are about another one. */
export function observe({ user }: PasswordExpiryFacts, { request }: Change): unknown {
  if (!user.ok || !request.url.endsWith(addressOf(user.value))) return undefined;
  return passwordPolicies(passwordFlags(user.value.passwordPolicies));
}

function setNeverExpires(user: User): Change {
  const url = addressOf(user);
  const flags = passwordFlags(user.passwordPolicies);
  // Writing replaces the whole text: what is there has to be written again.
  const after = passwordPolicies([...flags, neverExpires]);
  const was = flags.length === 0 ? 'None' : user.passwordPolicies;
  return toChange({
    step: 1,
    name: 'set-password-never-expires',
    description: `Set that the password of ${user.userPrincipalName} never expires (passwordPolicies: ${after}).`,
    request: { method: 'PATCH', url, body: { passwordPolicies: after } },
    before: passwordPolicies(flags),
    after,
    undo: () => ({ method: 'PATCH', url, body: { passwordPolicies: was } }),
    permission: userReadWriteAll,
  });
}

/** Microsoft does not let the flag be set where the domain is federated. */
function atIdentityProvider({ userPrincipalName }: User): Plan {
  const description = `See to it, at the identity provider of its domain, that the password of ${userPrincipalName} does not expire: the domain is federated, and Microsoft 365 does not keep the password.`;
  const link = 'https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy';
  return { changes: [], manualSteps: [{ description, link }] };
}

function addressOf({ id }: User): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}
