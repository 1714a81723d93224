import { accountName } from '../../model/target';
import { resourceAppIds } from '../../profiles/profile';
import type { Requirement } from '../control';
import { listOf, notUnderstood } from '../evaluation';
import type { Reason } from './codes';
import type { SignInFacts } from './facts';
import type { PolicyOutcome, Subject } from './policies';

/** What there is to say of a policy that has to do with the sign-in. */
export function reasonOf(outcome: PolicyOutcome, facts: SignInFacts, requirement: Requirement): Reason {
  const { subject, policy, effect, what, resources } = outcome;
  const name = policy.displayName;
  const who = `${nameOf(subject, requirement)} to ${listOf(resources)}`;
  const resource = name;
  switch (effect) {
    case 'blocked':
      return {
        code: 'signin.blocked',
        level: 'violation',
        message: `The policy "${name}" blocks the sign-in of ${who}.`,
        ...{ resource, expected: 'a policy that lets it in', actual: 'block' },
      };
    case 'required':
      return {
        code: 'signin.controlRequired',
        level: 'violation',
        message: `The policy "${name}" demands of the sign-in of ${who} what nobody is there to give: ${listOf(what)}.`,
        ...{ resource, expected: 'a policy that demands nothing of it', actual: what.join(', ') },
      };
    case 'strange':
      return notUnderstood(`the state of the policy "${name}"`, policy.state);
    case 'reportOnly':
      return {
        code: 'signin.reportOnly',
        level: 'notice',
        message: `The policy "${name}" only reports. Once it is switched on, it stops the sign-in of ${who}${what.length > 0 ? `, of which it demands ${listOf(what)}` : ''}.`,
        resource,
      };
    case 'conditional':
      return conditional(outcome, who, letsIn(outcome, facts));
  }
}

function conditional(
  { policy, what }: PolicyOutcome,
  who: string,
  since: string | undefined,
): Reason & { code: 'signin.conditional' } {
  const name = policy.displayName;
  const depends = `Whether the policy "${name}" stops the sign-in of ${who} depends on ${listOf(what)}`;
  return since === undefined
    ? {
        code: 'signin.conditional',
        level: 'unknown',
        message: `${depends}, which is not known here.`,
        resource: name,
      }
    : {
        code: 'signin.conditional',
        level: 'notice',
        message: `${depends}. It has let it in since it was last changed: on ${since.slice(0, 10)}, says the sign-in log.`,
        resource: name,
      };
}

/**
 * When the log shows that whom the policy is about was let in after the last change of it, to what it is about; undefined
 * where it does not. What the application may says nothing of a policy for users, and the other way round.
 */
function letsIn({ subject, policy, resources }: PolicyOutcome, facts: SignInFacts): string | undefined {
  const log = subject === 'account' ? facts.accountLog : facts.applicationLog;
  const changed = policy.modifiedDateTime ?? policy.createdDateTime;
  if (log?.ok !== true || !changed) return undefined;
  const ids = resources.map((resource) => resourceAppIds[resource]);
  const after = log.value
    .filter(({ status, resourceId }) => status.errorCode === 0 && resourceId && ids.includes(resourceId))
    .map(({ createdDateTime }) => createdDateTime)
    .filter((at) => Date.parse(at) > Date.parse(changed))
    .sort((a, b) => Date.parse(b) - Date.parse(a));
  return after[0];
}

/** What people call whoever signs in. */
export function nameOf(subject: Subject, { target, profile }: Requirement): string {
  return subject === 'account' ? accountName(target) : `the application of ${profile.name}`;
}
