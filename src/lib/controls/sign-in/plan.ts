import { emptyPlan, type ManualStep, type Plan } from '../../model/plan';
import type { Evaluation, Requirement } from '../control';
import { planFor, type Ways } from '../plan';
import type { Code } from './codes';
import type { SignInFacts } from './facts';
import { type Effect, judgePolicies } from './policies';
import * as steps from './steps';

interface Context {
  facts: SignInFacts;
  evaluation: Evaluation<Code>;
  requirement: Requirement;
}

/** Whoever changes a policy changes what protects a tenant: that is for people, who are told what it costs. */
const ways: Ways<Code, Context> = {
  'signin.blocked': ofPolicies('blocked'),
  'signin.controlRequired': ofPolicies('required'),
  'signin.conditional': ofPolicies('conditional'),
  'signin.reportOnly': null,
  'signin.securityDefaults': byHand(({ requirement }) => [steps.securityDefaults(requirement)]),
  'signin.perUserMfa': byHand(({ requirement, facts: { account } }) =>
    account?.ok === true ? [steps.perUserMfa(account.value, requirement)] : [],
  ),
  'signin.failing': byHand(({ evaluation, requirement }) => steps.failing(evaluation, requirement)),
  'signin.silent': byHand(({ requirement }) => [steps.silent(requirement)]),
  'signin.noLog': null,
};

/** Steps for people, and no change. */
export function plan(facts: SignInFacts, evaluation: Evaluation<Code>, requirement: Requirement): Plan {
  return planFor(evaluation, ways, { facts, evaluation, requirement });
}

function byHand(toSteps: (context: Context) => ManualStep[]) {
  return (context: Context): Plan => ({ changes: [], manualSteps: toSteps(context) });
}

/** A step for each policy with this effect, of those of which the finding speaks. */
function ofPolicies(effect: Effect) {
  return ({ facts, evaluation, requirement }: Context): Plan => {
    const told = evaluation.reasons.filter(({ level }) => level !== 'notice').map(({ resource }) => resource);
    const outcomes = judgePolicies(facts).outcomes.filter(
      (outcome) => outcome.effect === effect && told.includes(outcome.policy.displayName),
    );
    if (outcomes.length === 0) return emptyPlan;
    return {
      changes: [],
      manualSteps: outcomes.map((outcome) => steps.policy(outcome, facts, requirement)),
    };
  };
}
