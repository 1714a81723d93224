import { isNotFound } from '../../microsoft365/read';
import type { RequiredPermission } from '../../profiles/profile';
import type { Evaluation, Requirement } from '../control';
import { conclude, unreadable } from '../evaluation';
import type { ClientApp } from '../../microsoft365/client-app';
import { accountName } from '../../target';
import type { Code, Reason } from './codes';
import type { ConsentFacts } from './collect';
import { excessOf } from './excess';
import { HeldPermissions } from './held-permissions';

export function evaluate(facts: ConsentFacts, requirement: Requirement): Evaluation<Code> {
  const { client } = facts;
  const { profile, target } = requirement;
  if (isNotFound(client)) {
    const reason: Reason = {
      code: 'consent.appMissing',
      level: 'violation',
      message: `The application ${target.clientAppId} of ${profile.name} does not exist in this tenant: nobody has consented to it, or it was removed.`,
      resource: target.clientAppId,
      expected: 'a service principal',
      actual: 'none',
    };
    return conclude([reason], '', { evidence: {} });
  }
  if (!client.ok) return conclude([unreadable(client.failure)], '', { evidence: {} });

  const held = new HeldPermissions(facts, requirement);
  const reasons = [
    ...appDisabled(client.value, target.clientAppId),
    ...profile.permissions
      .filter((required) => isDemanded(required, requirement))
      .flatMap((required) => judge(required, held)),
    ...excessOf(held, facts, requirement),
    ...assignmentRequired(client.value, held, facts, requirement),
    ...held.unread(),
  ];
  const name = client.value.displayName ?? target.clientAppId;
  return conclude(reasons, `${name} holds exactly the permissions that ${profile.name} needs.`, {
    evidence: { servicePrincipalId: client.value.id, displayName: name, ...held.evidence() },
  });
}

/** Whether the vendor's requirement applies to this target, given its options. */
export function isDemanded(required: RequiredPermission, { target }: Requirement): boolean {
  if (required.onlyWhen !== undefined && !target[required.onlyWhen]) return false;
  return !(required.tenantWide && target.access === 'rooms-only');
}

function appDisabled(client: ClientApp, clientAppId: string): Reason[] {
  const byMicrosoft = client.disabledByMicrosoftStatus ?? 'NotDisabled';
  const disabledByMicrosoft = byMicrosoft !== 'NotDisabled';
  if (client.accountEnabled && client.isDisabled !== true && !disabledByMicrosoft) return [];
  return [
    {
      code: 'consent.appDisabled',
      level: 'violation',
      message: disabledByMicrosoft
        ? `Microsoft has disabled the application ${client.displayName ?? clientAppId} (${byMicrosoft}).`
        : `The application ${client.displayName ?? clientAppId} is disabled in this tenant: nobody can sign in with it.`,
      resource: clientAppId,
      expected: 'enabled',
      actual: disabledByMicrosoft ? byMicrosoft : 'disabled',
    },
  ];
}

function judge(required: RequiredPermission, held: HeldPermissions): Reason[] {
  const states = required.anyOf.map((permission) => ({
    permission,
    state: held.state(required.kind, permission),
  }));
  const granted = states.filter(({ state }) => state === 'granted').map(({ permission }) => permission);
  const resource = `${required.name} (${required.kind})`;
  const expected = required.anyOf
    .map((permission) => `${permission.name} on ${permission.resource}`)
    .join(' or ');
  if (granted.length > 0) {
    if (!granted.every((permission) => permission.legacy)) return [];
    const message = `${required.name} is held on ${granted[0]?.resource ?? ''} only, where it belongs to the retired Outlook REST API: grant ${expected.split(' or ', 1)[0] ?? ''}.`;
    return [{ code: 'consent.legacyResource', level: 'notice', message, resource, expected }];
  }
  // Something unread could still be the grant; that it was unread is a reason of its own.
  if (states.some(({ state }) => state === 'open')) return [];

  const violation = { level: 'violation', resource, expected } as const;
  const lookalike = required.lookalikes.find((alike) => held.state(alike.kind, alike) === 'granted');
  if (lookalike !== undefined) {
    const actual = `${lookalike.name} on ${lookalike.resource} (${lookalike.kind})`;
    const message = `${actual} is granted, which looks like ${resource} and is not: ${lookalike.why}.`;
    return [{ ...violation, code: 'consent.lookalike', message, actual }];
  }
  if (states.some(({ state }) => state === 'otherUsers')) {
    const message = `${resource} is granted for other users, and not for the service account.`;
    return [{ ...violation, code: 'consent.wrongPrincipal', message, actual: 'granted to other users only' }];
  }
  const message = `${resource} is not granted: expected ${expected}.`;
  return [{ ...violation, code: 'consent.missing', message, actual: 'not granted' }];
}

function assignmentRequired(
  client: ClientApp,
  held: HeldPermissions,
  { account, accountAssignments }: ConsentFacts,
  { target }: Requirement,
): Reason[] {
  if (!client.appRoleAssignmentRequired) return [];
  const unread = [account, accountAssignments].find((read) => read?.ok === false);
  if (unread?.ok === false) {
    held.open(unread.failure);
    return [];
  }
  if (accountAssignments?.ok !== true) return [];
  if (accountAssignments.value.some((assignment) => assignment.resourceId === client.id)) return [];
  return [
    {
      code: 'consent.assignmentRequired',
      level: 'violation',
      message: `Only assigned users may sign in to ${client.displayName ?? target.clientAppId}, and ${accountName(target)} is not assigned.`,
      resource: accountName(target),
      expected: 'assigned to the application',
      actual: 'not assigned',
    },
  ];
}
