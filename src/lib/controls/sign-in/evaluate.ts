import { isNotFound, type ReadFailure } from '../../microsoft365/wire/read';
import { accountName } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { conclude, notUnderstood, unreadable } from '../evaluation';
import type { Code, Reason } from './codes';
import type { SignInFacts } from './facts';
import { judgeLog, type LogVerdict } from './judge-log';
import { judgePolicies, type PolicyOutcome } from './policies';
import { reasonOf } from './policy-reasons';

/** What the facts say of sign-ins: policies, security defaults, the account itself, and the log. */
export function evaluate(facts: SignInFacts, requirement: Requirement): Evaluation<Code> {
  const { outcomes, failures } = judgePolicies(facts);
  const log = judgeLog(facts, requirement);
  const reasons = [
    ...notThere(facts),
    ...distinct(failures).map(unreadable),
    ...outcomes.map((outcome) => reasonOf(outcome, facts, requirement)),
    ...securityDefaults(facts, requirement),
    ...perUserMfa(facts, requirement),
    ...log.reasons,
  ];
  const fine = `Nothing keeps ${requirement.profile.name} from signing in unattended.`;
  return conclude(reasons, fine, { evidence: evidenceOf(facts, outcomes, log) });
}

/** Who could not be looked at. That the application is missing is the business of the consent, where there is an account. */
function notThere({ account, client }: SignInFacts): Reason[] {
  const isMissed = !client.ok && (account === null || !isNotFound(client));
  return [
    ...(account === null || account.ok ? [] : [unreadable(account.failure)]),
    ...(isMissed ? [unreadable(client.failure)] : []),
  ];
}

/** What refuses one question refuses another in the same words. */
function distinct(failures: readonly ReadFailure[]): ReadFailure[] {
  return [...new Map(failures.map((failure) => [failure.message, failure])).values()];
}

function securityDefaults({ securityDefaults: read }: SignInFacts, { profile }: Requirement): Reason[] {
  if (!read.ok) return [unreadable(read.failure)];
  if (!read.value.isEnabled) return [];
  return [
    {
      code: 'signin.securityDefaults',
      level: 'violation',
      message: `Security defaults are on: Microsoft demands multifactor authentication of every user when it sees fit, which ${profile.name} cannot give.`,
      resource: 'security defaults',
      expected: 'off, with policies of Conditional Access in their place',
      actual: 'on',
    },
  ];
}

function perUserMfa({ account, perUserMfa: read }: SignInFacts, { target }: Requirement): Reason[] {
  if (account?.ok !== true || read === undefined) return [];
  if (!read.ok) return [unreadable(read.failure)];
  const { perUserMfaState: state } = read.value;
  const name = account.value.userPrincipalName;
  if (state === 'disabled') return [];
  if (state !== 'enabled' && state !== 'enforced')
    return [notUnderstood(`the multifactor authentication of ${name}`, state)];
  return [
    {
      code: 'signin.perUserMfa',
      level: 'violation',
      message: `Multifactor authentication is ${state} for ${name} itself: nobody is there to confirm the sign-in.`,
      resource: accountName(target),
      expected: 'disabled',
      actual: state,
    },
  ];
}

function evidenceOf(
  { account, client, securityDefaults, perUserMfa, activity }: SignInFacts,
  outcomes: readonly PolicyOutcome[],
  log: LogVerdict,
): Record<string, unknown> {
  const active = activity?.ok === true ? activity.value : undefined;
  return {
    ...(account?.ok === true ? { userPrincipalName: account.value.userPrincipalName } : {}),
    ...(client.ok ? { registeredIn: client.value.appOwnerOrganizationId ?? null } : {}),
    ...(securityDefaults.ok ? { securityDefaults: securityDefaults.value.isEnabled } : {}),
    ...(perUserMfa?.ok === true ? { perUserMfa: perUserMfa.value.perUserMfaState ?? null } : {}),
    policies: outcomes.map(({ subject, policy, effect, what, resources }) => ({
      ...{ id: policy.id, displayName: policy.displayName, state: policy.state },
      ...{ subject, effect, what, resources, analysisReasons: policy.analysisReasons },
    })),
    ...log.evidence,
    ...(active === undefined ? {} : { signInActivity: active }),
  };
}
