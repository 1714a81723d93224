import { addTo, removeFrom } from '../lists';
import { isOf } from '../route';
import type { TenantState } from '../state';
import type { Change } from '../tenancy';
import { findNamed } from './names';
import type { Scope } from './scopes';
import type { ManagementRoleAssignment } from './state';

/** Who gets a role. */
export interface Principal {
  type: ManagementRoleAssignment['RoleAssigneeType'];
  /** His name in Exchange. */
  identity: string;
  /** As Microsoft Graph writes it: `/ServicePrincipals/{object id}`. */
  graphId: string;
}

/** How far a role reaches. */
export type Reach =
  | { kind: 'Organization' }
  | { kind: 'CustomRecipientScope'; scope: Scope }
  | { kind: 'AdministrativeUnit'; id: string }
  | { kind: 'Group'; id: string; name: string };

/** A role assignment. Microsoft Graph and Exchange show the same one, each in its own words. */
export interface NewAssignment {
  id: string;
  name: string;
  principal: Principal;
  role: { id: string; name: string };
  reach: Reach;
}

/** An application that Exchange knows: one that was never made known to it cannot hold a role. */
export function applicationNamed({ exchange }: TenantState, name: string): Principal | undefined {
  const found = findNamed(exchange.servicePrincipals, name);
  return (
    found && {
      type: 'ServicePrincipal',
      identity: found.Identity,
      graphId: `/ServicePrincipals/${found.ObjectId}`,
    }
  );
}

/** The role with this id or name. */
export function findRole({ roleDefinitions }: TenantState, wanted: string) {
  const found = roleDefinitions.find(isOf('id', wanted)) ?? roleDefinitions.find(isOf('displayName', wanted));
  return found && { id: found.id, name: String(found.displayName) };
}

/** Whether nobody can get a role any more, though it is still listed. */
export function isRetired({ name }: { name: string }): boolean {
  return name === 'ApplicationImpersonation';
}

/** The name that Exchange gives to an assignment for which nobody has chosen one. */
export function freeName({ exchange }: TenantState, role: string, { identity }: Principal): string {
  const wanted = `${role}-${identity}`;
  const taken = new Set(exchange.managementRoleAssignments.map(({ Name }) => Name));
  let name = wanted;
  for (let count = 1; taken.has(name); count++) name = `${wanted}-${count}`;
  return name;
}

/** Adds an assignment to both views. */
export function addAssignment(assignment: NewAssignment): Change {
  const { id, principal, role, reach } = assignment;
  return ({ roleAssignments, exchange: { managementRoleAssignments } }) => {
    addTo(roleAssignments, {
      ...{ id, principalId: principal.graphId, roleDefinitionId: role.id },
      ...graphScope(reach),
    });
    addTo(managementRoleAssignments, rowOf(assignment));
  };
}

/** Gives an assignment another reach in both views. */
export function changeReach(id: string, reach: Reach): Change {
  return ({ roleAssignments, exchange: { managementRoleAssignments } }) => {
    for (const each of roleAssignments.filter(isOf('id', id))) Object.assign(each, graphScope(reach));
    for (const each of managementRoleAssignments) {
      if (each.Guid === id) Object.assign(each, exchangeReach(reach));
    }
  };
}

/** Takes an assignment out of both views. */
export function removeAssignment(id: string): Change {
  return ({ roleAssignments, exchange: { managementRoleAssignments } }) => {
    removeFrom(roleAssignments, isOf('id', id));
    removeFrom(managementRoleAssignments, ({ Guid }) => Guid === id);
  };
}

/** An assignment as the admin API shows it. */
export function rowOf({ id, name, principal, role, reach }: NewAssignment): ManagementRoleAssignment {
  return {
    ...{ Identity: name, Name: name, Guid: id, Role: role.name },
    RoleAssignee: principal.identity,
    RoleAssigneeName: principal.identity,
    RoleAssigneeType: principal.type,
    AssignmentMethod: 'Direct',
    RoleAssignmentDelegationType: 'Regular',
    ...exchangeReach(reach),
    CustomRecipientWriteScope: null,
    Enabled: true,
  };
}

function graphScope(reach: Reach): { directoryScopeId: string | null; appScopeId: string | null } {
  switch (reach.kind) {
    case 'Organization':
      return { directoryScopeId: '/', appScopeId: null };
    case 'CustomRecipientScope':
      return { directoryScopeId: null, appScopeId: reach.scope.id };
    case 'AdministrativeUnit':
      return { directoryScopeId: `/AdministrativeUnits/${reach.id}`, appScopeId: null };
    case 'Group':
      return { directoryScopeId: `/Groups/${reach.id}`, appScopeId: null };
  }
}

function exchangeReach(reach: Reach) {
  return { RecipientWriteScope: reach.kind, CustomResourceScope: exchangeScope(reach) };
}

function exchangeScope(reach: Reach): string | null {
  switch (reach.kind) {
    case 'Organization':
      return null;
    case 'CustomRecipientScope':
      return reach.scope.name;
    case 'AdministrativeUnit':
      return reach.id;
    case 'Group':
      return reach.name;
  }
}
