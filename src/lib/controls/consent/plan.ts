import type { ClientApp } from '../../microsoft365/directory/client-app';
import { type Change, emptyPlan, type ManualStep, type Plan } from '../../model/plan';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import { planFor, type Ways } from '../plan';
import type { Code } from './codes';
import type { ConsentFacts } from './collect';
import { evaluate } from './evaluate';
import { findExcess, type Unneeded } from './excess';
import { HeldPermissions } from './held-permissions';
import { findLookalikes, grantable, type Grantable, lackingPermissions } from './lacking';
import * as steps from './manual-steps';
import { grantRole, revokeRole } from './role-changes';
import { changeScopes } from './scope-changes';

interface Context {
  facts: ConsentFacts;
  requirement: Requirement;
}

/** One way sets all permissions right: what is missing and what is not needed may stand in the same grant. */
const ways: Ways<Code, Context> = {
  'consent.appMissing': ({ requirement }) => byHand([steps.consentToApp(requirement)]),
  'consent.appDisabled': enable,
  'consent.missing': setPermissions,
  'consent.lookalike': setPermissions,
  'consent.wrongPrincipal': setPermissions,
  'consent.excess': setPermissions,
  'consent.legacyResource': null,
  'consent.orphaned': null,
  'consent.assignmentRequired': assign,
};

/** Grants what is missing, and takes back what is not needed where the plan is to include that. */
export function plan(facts: ConsentFacts, requirement: Requirement): Plan {
  return planFor(evaluate(facts, requirement), ways, { facts, requirement });
}

function enable({ facts: { client }, requirement }: Context): Plan {
  return client.ok ? byHand(steps.enableApp(client.value, requirement)) : emptyPlan;
}

function assign({ facts: { client }, requirement }: Context): Plan {
  return client.ok ? byHand([steps.assignAccount(client.value, requirement)]) : emptyPlan;
}

function setPermissions({ facts, requirement }: Context): Plan {
  if (!facts.client.ok) return emptyPlan;
  const client = facts.client.value;
  const held = new HeldPermissions(facts);
  const lacking = lackingPermissions(held, requirement);
  const { unneeded } = findExcess(held, requirement);
  const all = [...findLookalikes(lacking, held, requirement), ...unneeded];
  const revokes = requirement.include?.includes('revocations') === true;
  const grants = lacking.map((required) => ({ required, grant: grantable(required, facts) }));
  return {
    changes: changesOf(
      client,
      facts,
      requirement,
      grants.flatMap(({ grant }) => (typeof grant === 'string' ? [] : grant)),
      revokes ? all : [],
    ),
    manualSteps: inOrder([
      ...grants
        .filter(({ grant }) => grant === 'none')
        .map(({ required }) => steps.consentToPermission(required, requirement)),
      ...(revokes ? [] : all.map((each) => steps.revoke(each, client, requirement))),
    ]),
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

function byHand(manualSteps: ManualStep[]): Plan {
  return { changes: [], manualSteps };
}

/** Each step once, however many grants it is about. */
function inOrder(steps: readonly ManualStep[]): ManualStep[] {
  return [...new Map(steps.map((step) => [step.description, step])).values()].sort((a, b) =>
    compareText(a.description, b.description),
  );
}
