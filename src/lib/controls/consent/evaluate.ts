import type { ClientApp } from '../../microsoft365/directory/client-app';
import { isNotFound, type ReadFailure } from '../../microsoft365/wire/read';
import { accountName } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { conclude, unreadable, listOf } from '../evaluation';
import { notKnown } from '../not-known';
import { appDisabled } from './app-disabled';
import type { Code, Reason } from './codes';
import type { ConsentFacts } from './collect';
import { judgeCredentials } from './credentials';
import { type Excess, excessConsent, findExcess } from './excess';
import { HeldPermissions } from './held-permissions';
import { orphanedOf } from './orphaned';
import { judgeRequired } from './required';

/**
 * Decides whether the application is there and enabled, can go on signing in, holds what the vendor requires, and holds
 * nothing else that neither profile nor target allows. A permission counts by its resource and id, never by its name alone. What could
 * not be read leaves open only what it could change: a violation that holds all the same is given.
 */
export function evaluate(facts: ConsentFacts, requirement: Requirement): Evaluation<Code> {
  const { client } = facts;
  const { profile, target } = requirement;
  if (isNotFound(client)) return conclude([appMissing(requirement)], '', { evidence: {} });
  if (!client.ok) return conclude([unreadable(client.failure)], '', { evidence: {} });

  const held = new HeldPermissions(facts);
  const disabled = appDisabled(client.value, target.clientAppId);
  const required = judgeRequired(held, requirement);
  const excess = findExcess(held, required, requirement);
  const assignment = assignmentRequired(client.value, facts, requirement);
  const credentials = judgeCredentials(client.value, facts, requirement);
  const reasons: Reason[] = [
    ...disabled.reasons,
    ...required.flatMap(({ reason }) => reason ?? []),
    ...excessConsent(excess, requirement),
    ...orphanedOf(held),
    ...assignment.reasons,
    ...credentials.reasons,
    ...notKnown(requirement.profile, 'permissions', 'consent.notKnown'),
    ...unread([
      ...disabled.unread,
      ...required.flatMap((judgement) => judgement.unread),
      ...excess.unread,
      ...assignment.unread,
      ...credentials.unread,
    ]),
  ];
  const name = client.value.displayName ?? target.clientAppId;
  return conclude(reasons, fine(name, profile.name, excess), {
    evidence: {
      servicePrincipalId: client.value.id,
      displayName: name,
      ...held.evidence(),
      ...credentials.evidence,
      // Perhaps misspelt, or about another resource.
      ...(excess.unread.length > 0 || excess.idle.length === 0
        ? {}
        : { allowedExtraGrantsNotHeld: excess.idle }),
    },
  });
}

/** Exactly what is needed is only what nothing stands beside. */
function fine(name: string, product: string, { allowed, tenantWide, alike }: Excess): string {
  if (allowed.length + tenantWide.length + alike.length === 0)
    return `${name} holds exactly the permissions that ${product} needs.`;
  return [
    `${name} holds what ${product} needs`,
    ...(allowed.length === 0 ? [] : [`allowed besides: ${listOf(allowed)}`]),
    ...(tenantWide.length === 0 ? [] : [`besides ${listOf(tenantWide)}, of which impersonation speaks`]),
    ...(alike.length === 0 ? [] : [`besides ${listOf(alike)}, which looks like it, and can be revoked`]),
  ]
    .join('; ')
    .concat('.');
}

/** One reason for everything that could not be read and would have mattered. */
function unread(failures: readonly ReadFailure[]): Reason[] {
  return [...new Map(failures.map((failure) => [failure.message, failure])).values()].map(unreadable);
}

function appMissing({ profile, target }: Requirement): Reason {
  return {
    code: 'consent.appMissing',
    level: 'violation',
    message: `The application ${target.clientAppId} of ${profile.name} does not exist in this tenant: nobody has consented to it, or it was removed.`,
    resource: target.clientAppId,
    expected: 'a service principal',
    actual: 'none',
  };
}

function assignmentRequired(
  client: ClientApp,
  { account, accountAssignments }: ConsentFacts,
  { target }: Requirement,
): { reasons: Reason[]; unread: ReadFailure[] } {
  if (!client.appRoleAssignmentRequired) return { reasons: [], unread: [] };
  const failed = [account, accountAssignments].find((read) => read?.ok === false);
  if (failed?.ok === false) return { reasons: [], unread: [failed.failure] };
  const isAssigned =
    accountAssignments?.ok !== true ||
    accountAssignments.value.some((assignment) => assignment.resourceId === client.id);
  if (isAssigned) return { reasons: [], unread: [] };
  const reason: Reason = {
    code: 'consent.assignmentRequired',
    level: 'violation',
    message: `Only assigned users may sign in to ${client.displayName ?? target.clientAppId}, and ${accountName(target)} is not assigned.`,
    resource: accountName(target),
    expected: 'assigned to the application',
    actual: 'not assigned',
  };
  return { reasons: [reason], unread: [] };
}
