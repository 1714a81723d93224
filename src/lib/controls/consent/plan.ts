import type { ClientApp } from '../../microsoft365/directory/client-app';
import { isNotFound, type Read, readOk } from '../../microsoft365/wire/read';
import { type Change, emptyPlan, type ManualStep, type Plan } from '../../model/plan';
import type { Evaluation, Requirement } from '../control';
import { compareText } from '../evaluation';
import { planFor, type Ways } from '../plan';
import type { Code } from './codes';
import type { ConsentFacts, PermissionGrant } from './collect';
import { findExcess, type Unneeded } from './excess';
import { HeldPermissions, scopesOf } from './held-permissions';
import { findLookalikes, grantable, type Grantable, lackingPermissions } from './lacking';
import * as steps from './manual-steps';
import { judgeRequired } from './required';
import { grantRole, revokeRole, RoleBody } from './role-changes';
import { changeScopes, GrantBody } from './scope-changes';

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
  'consent.notKnown': null,
  'consent.credentialExpired': renew,
  'consent.credentialExpiring': renew,
  'consent.assignmentRequired': assign,
};

/** Grants what is missing, and takes back what is not needed where the plan is to include that. */
export function plan(facts: ConsentFacts, evaluation: Evaluation<Code>, requirement: Requirement): Plan {
  return planFor(evaluation, ways, { facts, requirement });
}

function enable({ facts: { client }, requirement }: Context): Plan {
  return client.ok ? byHand(steps.enableApp(client.value, requirement)) : emptyPlan;
}

function assign({ facts: { client }, requirement }: Context): Plan {
  return client.ok ? byHand([steps.assignAccount(client.value, requirement)]) : emptyPlan;
}

function renew({ facts: { client }, requirement }: Context): Plan {
  return client.ok ? byHand([steps.renewCredential(client.value, requirement)]) : emptyPlan;
}

function setPermissions({ facts, requirement }: Context): Plan {
  if (!facts.client.ok) return emptyPlan;
  const client = facts.client.value;
  const held = new HeldPermissions(facts);
  const judged = judgeRequired(held, requirement);
  const lacking = lackingPermissions(judged);
  const { unneeded } = findExcess(held, judged, requirement);
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

/**
 * What is there of what a change is about: whether an application permission is `granted` or `not granted`, or the
 * sorted scopes of a delegated grant, of which there are none without the grant. Undefined when that could not be read.
 */
export function observe(facts: ConsentFacts, change: Change): unknown {
  const isRole = change.request.url.includes('/appRoleAssignedTo');
  return isRole ? roleState(facts, change) : grantState(facts, change);
}

/**
 * By what the permission is, where the change or its way back says that: an assignment that is made anew has another id.
 * Taking back what was just granted says no more than the id.
 */
function roleState(facts: ConsentFacts, change: Change): string | undefined {
  const roles = ofClient(facts, facts.appRoles);
  if (!roles?.ok) return undefined;
  const wanted = bodiesOf(change).flatMap((body) => RoleBody.safeParse(body).data ?? [])[0];
  const isGranted = roles.value.some((role) =>
    wanted === undefined
      ? role.id === idIn(change)
      : role.resourceId === wanted.resourceId && role.appRoleId === wanted.appRoleId,
  );
  return isGranted ? 'granted' : 'not granted';
}

function grantState(facts: ConsentFacts, change: Change): string[] | undefined {
  const grants = ofClient(facts, facts.grants);
  if (!grants?.ok) return undefined;
  const wanted = bodiesOf(change).flatMap((body) => GrantBody.safeParse(body).data ?? [])[0];
  const found = grants.value.filter((grant) =>
    wanted === undefined ? grant.id === idIn(change) : isSameGrant(grant, wanted),
  );
  return [...new Set(found.flatMap(scopesOf))].sort(compareText);
}

function bodiesOf({ request, undo }: Change): unknown[] {
  return [request.body, undo?.body];
}

/** The id at the end of an address. */
function idIn({ request }: Change): string {
  return decodeURIComponent(request.url.split('/').at(-1) ?? '');
}

/** An application that is not there holds nothing. */
function ofClient<T>({ client }: ConsentFacts, held: Read<T[]> | undefined): Read<T[]> | undefined {
  return isNotFound(client) ? readOk([]) : held;
}

function isSameGrant(grant: PermissionGrant, wanted: GrantBody): boolean {
  return (
    grant.resourceId === wanted.resourceId &&
    grant.consentType === wanted.consentType &&
    (grant.principalId ?? null) === (wanted.principalId ?? null)
  );
}
