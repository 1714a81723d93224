import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { addTo, removeFrom } from '../lists';
import type { TenantState } from '../state';
import {
  addAssignment,
  applicationNamed,
  changeReach,
  findRole,
  freeName,
  isRetired,
  removeAssignment,
  type Reach,
  rowOf,
} from './assignments';
import { type Cmdlet, Identity, writing } from './cmdlet';
import { alreadyExists, badRequest, notFound } from './fault';
import { findNamed } from './names';
import { addScope, changeScope, findScope, isScopeUsed, removeScope, type Scope } from './scopes';

const Confirm = z.boolean().optional();

/** Cmdlets that change who may do what. What is written here, Microsoft Graph shows too. */
export const roleCmdlets: Record<string, Cmdlet> = {
  'New-ServicePrincipal': writing(
    'organization',
    z.strictObject({ AppId: z.guid(), ObjectId: z.guid(), DisplayName: Identity.optional(), Confirm }),
    ({ tenant, write }, { AppId, ObjectId, DisplayName = AppId }) => {
      // Exchange takes any ids, also that of the app registration, which is of no use to it.
      for (const name of [AppId, ObjectId]) {
        if (findNamed(tenant.exchange.servicePrincipals, name) !== undefined) throw alreadyExists(name);
      }
      const made = { Identity: ObjectId, Guid: randomUUID(), AppId, ObjectId, DisplayName };
      write(({ exchange }) => addTo(exchange.servicePrincipals, made));
      return { made };
    },
  ),
  'Remove-ServicePrincipal': writing(
    'organization',
    z.strictObject({ Identity, Confirm }),
    ({ tenant, write }, { Identity: identity, Confirm: confirm }) => {
      const found = findNamed(tenant.exchange.servicePrincipals, identity);
      if (found === undefined) throw notFound(identity);
      if (confirm !== false) throw unconfirmed(`Removing service principal "${found.Identity}".`);
      const isFound = ({ Guid }: { Guid: string }) => Guid === found.Guid;
      write(({ exchange }) => removeFrom(exchange.servicePrincipals, isFound));
      // What it was assigned goes with it.
      for (const { Guid, RoleAssignee } of tenant.exchange.managementRoleAssignments)
        if (RoleAssignee === found.Identity) write(removeAssignment(Guid));
      return {};
    },
  ),
  'New-ManagementScope': writing(
    'organization',
    z.strictObject({ Name: Identity, RecipientRestrictionFilter: Identity, Confirm }),
    ({ tenant, write }, { Name, RecipientRestrictionFilter: filter }) => {
      if (findScope(tenant, Name) !== undefined) throw alreadyExists(Name);
      const { exchange } = write(addScope({ id: randomUUID(), name: Name, filter, exclusive: false }));
      return { made: findNamed(exchange.managementScopes, Name) };
    },
  ),
  'Set-ManagementScope': writing(
    'organization',
    z.strictObject({
      Identity,
      Name: Identity.optional(),
      RecipientRestrictionFilter: Identity.optional(),
      Confirm,
    }),
    ({ tenant, write }, { Identity: identity, Name: name, RecipientRestrictionFilter: filter }) => {
      const scope = scopeNamed(tenant, identity);
      if (name !== undefined && name !== scope.name && findScope(tenant, name) !== undefined) {
        throw alreadyExists(name);
      }
      write(changeScope(scope, { name, filter }));
      return {};
    },
  ),
  'Remove-ManagementScope': writing(
    'organization',
    z.strictObject({ Identity, Confirm }),
    ({ tenant, write }, { Identity: identity, Confirm: confirm }) => {
      const scope = scopeNamed(tenant, identity);
      if (confirm !== false) throw unconfirmed(`Removing management scope "${scope.name}".`);
      if (isScopeUsed(tenant, scope)) {
        throw badRequest(
          `The management scope '${scope.name}' is used by a role assignment and can't be removed.`,
        );
      }
      write(removeScope(scope));
      return {};
    },
  ),
  'New-ManagementRoleAssignment': writing(
    'organization',
    z.strictObject({
      Name: Identity.optional(),
      App: Identity,
      Role: Identity,
      CustomResourceScope: Identity.optional(),
      Confirm,
    }),
    ({ tenant, write }, { Name, App, Role, CustomResourceScope }) => {
      const principal = applicationNamed(tenant, App);
      if (principal === undefined) throw notFound(App);
      const role = findRole(tenant, Role);
      if (role === undefined) throw notFound(Role);
      if (isRetired(role)) throw badRequest(`The role '${role.name}' can't be assigned any more.`);
      if (Name !== undefined && assignmentNamed(tenant, Name) !== undefined) throw alreadyExists(Name);
      const reach: Reach =
        CustomResourceScope === undefined
          ? { kind: 'Organization' }
          : { kind: 'CustomRecipientScope', scope: scopeNamed(tenant, CustomResourceScope) };
      const name = Name ?? freeName(tenant, role.name, principal);
      const assignment = { id: randomUUID(), name, principal, role, reach };
      write(addAssignment(assignment));
      return { made: rowOf(assignment) };
    },
  ),
  'Set-ManagementRoleAssignment': writing(
    'organization',
    z.strictObject({ Identity, CustomResourceScope: Identity, Confirm }),
    ({ tenant, write }, { Identity: identity, CustomResourceScope }) => {
      const { Guid } = existingAssignment(tenant, identity);
      const scope = scopeNamed(tenant, CustomResourceScope);
      write(changeReach(Guid, { kind: 'CustomRecipientScope', scope }));
      return {};
    },
  ),
  'Remove-ManagementRoleAssignment': writing(
    'organization',
    z.strictObject({ Identity, Confirm }),
    ({ tenant, write }, { Identity: identity, Confirm: confirm }) => {
      const found = existingAssignment(tenant, identity);
      if (confirm !== false) throw unconfirmed(`Removing management role assignment "${found.Name}".`);
      write(removeAssignment(found.Guid));
      return {};
    },
  ),
};

function scopeNamed(tenant: TenantState, name: string): Scope {
  const found = findScope(tenant, name);
  if (found === undefined) throw notFound(name);
  return found;
}

function assignmentNamed({ exchange }: TenantState, name: string) {
  return findNamed(exchange.managementRoleAssignments, name);
}

function existingAssignment(tenant: TenantState, name: string) {
  const found = assignmentNamed(tenant, name);
  if (found === undefined) throw notFound(name);
  return found;
}

/** Nobody is there to be asked. */
function unconfirmed(what: string) {
  return badRequest(
    `A command that prompts the user failed because the host program or the command type does not support user interaction. The host was attempting to request confirmation with the following message: Are you sure you want to perform this action? ${what}`,
  );
}
