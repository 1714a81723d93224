import {
  type Misregistration,
  policyName,
  type AccessPolicy,
  type RoleAssignment,
} from '../../microsoft365/exchange';
import type { ManualStep } from '../../model/plan';
import { protocolNames } from '../../profiles/protocol';
import type { Requirement } from '../control';
import { listOf } from '../evaluation';

const cmdlets = 'https://learn.microsoft.com/powershell/module/exchangepowershell';
const links = {
  policies: 'https://learn.microsoft.com/exchange/permissions-exo/application-access-policies',
  removeAssignment: `${cmdlets}/remove-managementroleassignment`,
  removePrincipal: `${cmdlets}/remove-serviceprincipal`,
  test: `${cmdlets}/test-serviceprincipalauthorization`,
};

/** @param assignments those of one role that nobody asked for. */
export function takeBack(assignments: readonly RoleAssignment[]): ManualStep {
  const [first] = assignments;
  const { role, through } = first ?? { role: '' };
  const names = assignments.flatMap(({ name }) => name ?? []);
  const which = names.length === 0 ? '' : ` (${listOf(names)})`;
  const how =
    through === undefined
      ? `Take the role ${role} back from the application`
      : `Take the application out of the role group ${through}, which holds the role ${role}`;
  return {
    description: `${how}${which}, or add the role to allowedExtraRoles in the target: the vendor does not ask for it.`,
    link: links.removeAssignment,
  };
}

/** Roles that somebody has assigned to the wrong registration go with it: that is for a person to decide. */
export function removeRegistration({ objectId, roles }: Misregistration): ManualStep {
  return {
    description: `Remove the registration ${objectId} of the application from Exchange, and with it what was assigned to it to no effect (${listOf(roles)}): Remove-ServicePrincipal -Identity ${objectId}. Do it first where Exchange does not register the application a second time.`,
    link: links.removePrincipal,
  };
}

/** @param rooms addresses. */
export function admit(rooms: readonly string[], policies: readonly AccessPolicy[]): ManualStep {
  const names = listOf(policies.map(policyName));
  return {
    description: `So that these rooms are left to the application, add them to the group of a policy that restricts it, and take them out of the group of one that denies it (${names}); or assign it a role that opens Microsoft Graph, which no such policy limits: ${listOf(rooms)}.`,
    link: links.policies,
  };
}

/** For a product of which nobody has said by which protocol it reaches rooms. */
export function sayProtocol({ profile }: Requirement): ManualStep {
  const { ews, graph } = protocolNames;
  return {
    description: `Ask the vendor whether ${profile.name} opens calendars through ${ews} or ${graph}, and set protocol in the target to ews or graph: no page of the vendor's says it.`,
    link: profile.source,
  };
}

/** For a product whose vendor's pages do not say which role it needs. */
export function confirmRole(role: string, { profile }: Requirement): ManualStep {
  return {
    description: `Ask the vendor whether ${role} is the role that ${profile.name} needs, before it is assigned: no page of the vendor's that could be read names it.`,
    link: profile.source,
  };
}

/** @param rooms addresses. */
export function lookAt(rooms: readonly string[], { target }: Requirement): ManualStep {
  const [first = ''] = [...rooms].sort();
  return {
    description: `Ask Exchange again in two hours, which a change may take, and after that Microsoft why its test and its lists differ: Test-ServicePrincipalAuthorization -Identity ${target.clientAppId} -Resource ${first}. It is about ${listOf(rooms)}.`,
    link: links.test,
  };
}
