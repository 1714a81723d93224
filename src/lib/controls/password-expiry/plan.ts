import { userReadWriteAll } from '../../microsoft365/permissions';
import { type Change, emptyPlan, type Plan } from '../../model/plan';
import type { Evaluation } from '../control';
import { planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { PasswordExpiryFacts, PasswordUser } from './facts';
import { neverExpires, passwordFlags, passwordPolicies } from './flags';
import { policySource } from './policy-source';

interface Context {
  user: PasswordUser;
  facts: PasswordExpiryFacts;
}

/**
 * The flag is added to those that are there, also where the account is synchronised: it is Microsoft's remedy for one
 * that must not expire. A password that is kept elsewhere takes a person.
 * https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization
 */
const ways: Ways<Code, Context> = {
  'password.expires': setNeverExpires,
  'password.domainDefault': setNeverExpires,
  'password.ageUnclear': makeAgeIrrelevant,
  'password.managedElsewhere': whereItIsKept,
  'password.neverByDomain': null,
  'password.synchronised': null,
};

/** Sets the flag on the account, where Microsoft Entra keeps the password. */
export function plan(facts: PasswordExpiryFacts, evaluation: Evaluation<Code>): Plan {
  if (!facts.user.ok) return emptyPlan;
  return planFor(evaluation, ways, { user: facts.user.value, facts });
}

/** The flags of the account that a change is about, as one text; undefined when the facts are about another one. */
export function observe({ user }: PasswordExpiryFacts, { request }: Change): unknown {
  if (!user.ok || !request.url.endsWith(addressOf(user.value))) return undefined;
  return passwordPolicies(passwordFlags(user.value.passwordPolicies));
}

function setNeverExpires({ user }: Context): Plan {
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

/** What could not be read is no ground for a change; a date that leaves it open is. */
function makeAgeIrrelevant(context: Context): Plan {
  const { user, facts } = context;
  if (facts.created?.ok === true) return setNeverExpires(context);
  return byHand(
    `Let Syncwarden read when the tenant was created (Organization.Read.All), or set the flag ${neverExpires} on ${user.userPrincipalName} by hand: then the age of the tenant does not matter.`,
    'https://learn.microsoft.com/microsoft-365/admin/add-users/set-password-to-never-expire',
  );
}

function whereItIsKept({ user, facts }: Context): Plan {
  const { userPrincipalName } = user;
  const link = 'https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy';
  if (policySource(user, facts.domains).kind === 'guest')
    return byHand(
      `See to it, in the tenant that ${userPrincipalName} belongs to, that its password does not expire; better, use an account of this tenant.`,
      link,
    );
  // Microsoft does not let the flag be set where the domain is federated.
  return byHand(
    `See to it, at the identity provider of its domain, that the password of ${userPrincipalName} does not expire: the domain is federated, and Microsoft 365 does not keep the password.`,
    link,
  );
}

function byHand(description: string, link: string): Plan {
  return { changes: [], manualSteps: [{ description, link }] };
}

function addressOf({ id }: PasswordUser): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}
