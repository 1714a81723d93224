import { userReadWriteAll } from '../../microsoft365/permissions';
import type { User } from '../../microsoft365/service-account';
import type { Requirement } from '../control';
import { type Change, emptyPlan, type Plan, planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { PasswordExpiryFacts } from './collect';
import { evaluate } from './evaluate';
import { neverExpires, passwordFlags, passwordPolicies } from './flags';

/**
 * The flag is added to those that are there, also where the account is synchronised: it is Microsoft's remedy for one
 * that must not expire. The password of a federated domain takes a person.
 * https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization
 */
const ways: Ways<Code, User> = {
  'password.expires': setNeverExpires,
  'password.domainDefault': setNeverExpires,
  'password.managedElsewhere': atIdentityProvider,
  'password.neverByDomain': null,
  'password.synchronised': null,
};

export function plan(facts: PasswordExpiryFacts, requirement: Requirement): Plan {
  return facts.user.ok ? planFor(evaluate(facts, requirement), ways, facts.user.value) : emptyPlan;
}

/** The flags of the account that a change is about, as one text; undefined when the facts are about another one. */
export function observe({ user }: PasswordExpiryFacts, { request }: Change): unknown {
  if (!user.ok || !request.url.endsWith(addressOf(user.value))) return undefined;
  return passwordPolicies(passwordFlags(user.value.passwordPolicies));
}

function setNeverExpires(user: User): Plan {
  const url = addressOf(user);
  const flags = passwordFlags(user.passwordPolicies);
  // Writing replaces the whole text: what is there has to be written again.
  const after = passwordPolicies([...flags, neverExpires]);
  const was = flags.length === 0 ? 'None' : user.passwordPolicies;
  const change = toChange({
    step: 1,
    name: 'set-password-never-expires',
    description: `Set that the password of ${user.userPrincipalName} never expires (passwordPolicies: ${after}).`,
    request: { method: 'PATCH', url, body: { passwordPolicies: after } },
    before: passwordPolicies(flags),
    after,
    undo: () => ({ method: 'PATCH', url, body: { passwordPolicies: was } }),
    permission: userReadWriteAll,
  });
  return { changes: [change], manualSteps: [] };
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
