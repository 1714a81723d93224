import { notFound } from './fault';
import { findNamed } from './names';
import type { ExchangeState, ManagementRoleAssignment } from './state';

/** What `Get-ManagementRoleAssignment` can be asked for. */
export interface AssignmentQuery {
  RoleAssignee?: string | undefined;
  Role?: string | undefined;
  Delegating?: boolean | undefined;
  Enabled?: boolean | undefined;
}

/** Role assignments. Without `Delegating`, those that only allow to hand a role on are among them. */
export function roleAssignments(state: ExchangeState, query: AssignmentQuery): ManagementRoleAssignment[] {
  const { RoleAssignee, Role, Delegating, Enabled } = query;
  const rows = RoleAssignee === undefined ? state.managementRoleAssignments : heldBy(state, RoleAssignee);
  return rows.filter(
    (row) =>
      (Role === undefined || isSame(row.Role, Role)) &&
      (Delegating === undefined || (row.RoleAssignmentDelegationType !== 'Regular') === Delegating) &&
      (Enabled === undefined || isSame(String(row.Enabled), String(Enabled))),
  );
}

/** What someone holds himself and through role groups. @throws when there is no such principal. */
function heldBy(state: ExchangeState, assignee: string): ManagementRoleAssignment[] {
  const principal = identityOf(state, assignee);
  if (principal === undefined) throw notFound(assignee);
  const groups = groupsOf(state, principal);
  return state.managementRoleAssignments.flatMap((row): ManagementRoleAssignment[] => {
    const holder = identityOf(state, row.RoleAssignee);
    if (holder === principal) return [row];
    return holder !== undefined && groups.has(holder) ? [{ ...row, AssignmentMethod: 'RoleGroup' }] : [];
  });
}

/** The one name of a principal, whatever it is called by; nothing when there is none. */
function identityOf(state: ExchangeState, name: string): string | undefined {
  return (
    findNamed(state.servicePrincipals, name)?.Identity ??
    findNamed(state.roleGroups, name)?.Name ??
    findNamed(state.recipients, name)?.Identity ??
    findNamed(state.distributionGroups, name)?.Identity
  );
}

/** The role groups that a principal is in, directly or through other role groups. */
function groupsOf(state: ExchangeState, principal: string): Set<string> {
  const found = new Set<string>();
  const reached = new Set([principal]);
  // A set shows what is added to it while it is walked, so that groups in groups are reached too.
  for (const member of reached) {
    for (const { Name, members } of state.roleGroups) {
      if (!members.some((each) => identityOf(state, each) === member)) continue;
      found.add(Name);
      reached.add(Name);
    }
  }
  return found;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
