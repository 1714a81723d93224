import type { ReadFailure } from '../../microsoft365/wire/read';
import type { ResourceName } from '../../profiles/profile';
import { compareText } from '../evaluation';
import { demandOf } from './demand';
import type { Policy, SignInFacts, WhatIf } from './facts';

/** Who signs in. */
export type Subject = 'account' | 'application';

/** What one policy means for one who signs in, the worst first. */
export const effects = ['blocked', 'required', 'strange', 'conditional', 'reportOnly'] as const;
export type Effect = (typeof effects)[number];

/** A policy that has to do with the sign-in, over all resources. */
export interface PolicyOutcome {
  subject: Subject;
  policy: Policy;
  effect: Effect;
  /** What it demands, or what it depends on, in words. */
  what: string[];
  /** The resources for which it has this effect. */
  resources: ResourceName[];
}

/** What was read of policies, and what could not be. */
export interface Judged {
  outcomes: PolicyOutcome[];
  failures: ReadFailure[];
}

/** Sums up what Microsoft says of every policy. */
export function judgePolicies({ accountWhatIf, applicationWhatIf }: SignInFacts): Judged {
  const all = [
    judgeSubject('account', accountWhatIf ?? []),
    judgeSubject('application', applicationWhatIf ?? []),
  ];
  return {
    outcomes: all.flatMap(({ outcomes }) => outcomes),
    failures: all.flatMap(({ failures }) => failures),
  };
}

function judgeSubject(subject: Subject, answers: readonly WhatIf[]): Judged {
  const byPolicy = new Map<string, PolicyOutcome>();
  const failures: ReadFailure[] = [];
  for (const { resource, policies } of answers) {
    if (!policies.ok) failures.push(policies.failure);
    for (const policy of policies.ok ? policies.value : []) {
      const found = effectOf(policy);
      if (found === undefined) continue;
      const worst = byPolicy.get(policy.id);
      const step = worst === undefined ? -1 : effects.indexOf(found.effect) - effects.indexOf(worst.effect);
      if (step === 0) worst?.resources.push(resource);
      if (step < 0) byPolicy.set(policy.id, { subject, policy, ...found, resources: [resource] });
    }
  }
  const outcomes = [...byPolicy.values()].sort((a, b) => compareText(a.policy.id, b.policy.id));
  return { outcomes, failures };
}

type Found = Pick<PolicyOutcome, 'effect' | 'what'>;

function effectOf(policy: Policy): Found | undefined {
  if (policy.state === 'disabled') return undefined;
  const demand = demandOf(policy.grantControls);
  if (demand.kind === 'nothing') return undefined;
  const depends = policy.policyApplies ? [] : dependsOn(policy);
  if (depends === undefined) return undefined;
  if (policy.state === 'enabledForReportingButNotEnforced')
    return depends.length === 0 ? { effect: 'reportOnly', what: demand.what } : undefined;
  if (policy.state !== 'enabled') return { effect: 'strange', what: [] };
  if (depends.length > 0) return { effect: 'conditional', what: depends };
  if (demand.kind === 'open') return { effect: 'conditional', what: demand.what };
  return { effect: demand.kind === 'block' ? 'blocked' : 'required', what: demand.what };
}

/** Why a policy does not apply, whatever is not known here. https://learn.microsoft.com/graph/api/resources/whatifanalysisresult */
const certain: readonly string[] = [
  ...['users', 'workloadIdentities', 'application', 'userActions', 'authenticationContext', 'clientApps'],
  ...['emptyPolicy', 'policyNotEnabled', 'authenticationFlow', 'agentIdentities'],
];

/** The conditions on what is not known here, in words. */
const unknowns: Readonly<Record<string, string>> = {
  location: 'the location',
  devicePlatform: 'the platform of the device',
  devices: 'the device',
  signInRisk: 'the risk of the sign-in',
  userRisk: 'the risk of the user',
  insiderRisk: 'the insider risk',
  agentIdRisk: 'the risk of the agent',
  time: 'the time',
};

/** What it depends on whether a policy applies, in words; undefined where it certainly does not. */
function dependsOn({ analysisReasons, conditions }: Policy): string[] | undefined {
  const reasons = analysisReasons
    .split(',')
    .map((reason) => reason.trim())
    .filter((reason) => reason !== '');
  if (reasons.some((reason) => certain.includes(reason))) return undefined;
  const named = reasons.flatMap((reason) => unknowns[reason] ?? []);
  // Microsoft says no more than that something is missing: the policy itself tells what that can be.
  const words = named.length > 0 ? named : conditionsIn(conditions);
  return words.length > 0 ? words : [`what Microsoft calls ${reasons.join(', ') || 'nothing'}`];
}

function conditionsIn(conditions: Policy['conditions']): string[] {
  const has = (values: readonly string[] | null | undefined) => (values ?? []).length > 0;
  return [
    ...(conditions.locations ? ['the location'] : []),
    ...(conditions.platforms ? ['the platform of the device'] : []),
    ...(conditions.devices ? ['the device'] : []),
    ...(has(conditions.signInRiskLevels) ? ['the risk of the sign-in'] : []),
    ...(has(conditions.userRiskLevels) ? ['the risk of the user'] : []),
    ...(has(conditions.servicePrincipalRiskLevels) ? ['the risk of the application'] : []),
  ];
}
