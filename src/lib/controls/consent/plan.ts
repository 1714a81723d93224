import type { ClientApp } from '../../microsoft365/client-app';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import { type Change, type ManualStep, type Plan, emptyPlan } from '../plan';
import type { ConsentFacts } from './collect';
import { evaluate } from './evaluate';
import { findExcess, type Unneeded } from './excess';
import { HeldPermissions } from './held-permissions';
import { findLookalikes, grantable, type Grantable, lackingPermissions } from './lacking';
import * as steps from './manual-steps';
import { grantRole, revokeRole } from './role-changes';
import { changeScopes } from './scope-changes';

/** Grants what is missing, and takes back what is not needed where the plan is to include that. */
export function plan(facts: ConsentFacts, requirement: Requirement): Plan {
  const { verdict, reasons } = evaluate(facts, requirement);
  if (verdict === 'compliant') return emptyPlan;
  const codes = new Set(reasons.map(({ code }) => code));
  if (codes.has('consent.appMissing')) return { changes: [], manualSteps: [steps.consentToApp(requirement)] };
  if (!facts.client.ok) return emptyPlan;

  const held = new HeldPermissions(facts, requirement);
  const lacking = lackingPermissions(held, requirement);
  const unneeded = [...findLookalikes(lacking, held, requirement), ...findExcess(held, facts, requirement)];
  const revokes = requirement.include?.includes('revocations') === true;
  const client = facts.client.value;
  const manualSteps = [
    ...(codes.has('consent.appDisabled') ? [steps.enableApp(client, requirement)] : []),
    ...(codes.has('consent.assignmentRequired') ? [steps.assignAccount(client, requirement)] : []),
    ...lacking
      .filter((required) => grantable(required, facts) === undefined)
      .map((required) => steps.consentToPermission(required, requirement)),
    ...(revokes ? [] : unneeded.map((each) => steps.revoke(each, client, requirement))),
  ];
  const grants = lacking.flatMap((required) => grantable(required, facts) ?? []);
  return {
    changes: changesOf(client, facts, requirement, grants, revokes ? unneeded : []),
    manualSteps: inOrder(manualSteps),
  };
}

function changesOf(
  client: ClientApp,
  { grants }: ConsentFacts,
  { target }: Requirement,
  lacking: readonly Grantable[],
  unneeded: readonly Unneeded[],
): Change[] {
  const named = { id: client.id, name: client.displayName ?? target.clientAppId };
  const changes = [
    ...lacking
      .filter(({ required }) => required.kind === 'application')
      .map((each) => grantRole(named, each)),
    ...unneeded.flatMap((each) => (each.kind === 'application' ? [revokeRole(named, each)] : [])),
    ...changeScopes(
      named,
      grants?.ok ? grants.value : [],
      lacking.filter(({ required }) => required.kind === 'delegated'),
      unneeded.filter((each) => each.kind === 'delegated'),
    ),
  ];
  return changes.sort((a, b) => compareText(a.id, b.id));
}

/** Each step once, however many grants it is about. */
function inOrder(steps: readonly ManualStep[]): ManualStep[] {
  return [...new Map(steps.map((step) => [step.description, step])).values()].sort((a, b) =>
    compareText(a.description, b.description),
  );
}
