import * as z from 'zod';
import type { TenantState } from '../state';
import { type Cmdlet, Identity, type Row } from './cmdlet';
import { badRequest, notFound } from './fault';
import { findNamed } from './names';
import { group, matching, membersOf, recipient } from './recipients';
import { roleAssignments } from './roles';
import type { ManagementRoleAssignment, Recipient } from './state';

const Parameters = z.strictObject({ Identity, Resource: Identity.optional() });

/** What the roles of Exchange that bundle others come to. */
const bundles: Record<string, string> = {
  'Application Mail Full Access': 'Mail.ReadWrite, Mail.Send',
  'Application Exchange Full Access':
    'Mail.ReadWrite, Mail.Send, MailboxSettings.ReadWrite, Calendars.ReadWrite, Contacts.ReadWrite',
};

/** Exchange's own test of what an application may do. It asks roles, and no permissions of Microsoft Entra. */
export const authorizationCmdlets: Record<string, Cmdlet> = {
  'Test-ServicePrincipalAuthorization': {
    run({ tenant }, given) {
      const parsed = Parameters.safeParse(given);
      if (!parsed.success) throw badRequest('A parameter cannot be bound.');
      const { Identity: identity, Resource } = parsed.data;
      const principal = findNamed(tenant.exchange.servicePrincipals, identity);
      if (principal === undefined) throw notFound(identity);
      const mailbox = Resource === undefined ? undefined : recipient(tenant.exchange, Resource);
      const rows = roleAssignments(tenant.exchange, {
        RoleAssignee: principal.Identity,
        Delegating: false,
        Enabled: true,
      });
      return { rows: rows.map((row) => toRow(tenant, row, mailbox)), warnings: [] };
    },
  },
};

function toRow(tenant: TenantState, row: ManagementRoleAssignment, mailbox: Recipient | undefined): Row {
  return {
    RoleName: row.Role,
    GrantedPermissions: bundles[row.Role] ?? row.Role.replace(/^Application /, ''),
    AllowedResourceScope: row.CustomResourceScope ?? 'Organization',
    ScopeType: row.RecipientWriteScope,
    InScope: mailbox === undefined ? 'Not Run' : isInScope(tenant, row, mailbox),
  };
}

function isInScope(tenant: TenantState, row: ManagementRoleAssignment, mailbox: Recipient): boolean {
  const { exchange } = tenant;
  const exception = exchange.authorizationExceptions.find(
    ({ resource }) => resource === mailbox.PrimarySmtpAddress,
  );
  if (exception !== undefined) return exception.inScope;
  const name = row.CustomResourceScope ?? row.CustomRecipientWriteScope;
  if (name === null || name === '') return true;
  switch (row.RecipientWriteScope) {
    case 'Group':
      return membersOf(exchange, group(exchange, name)).includes(mailbox);
    case 'AdministrativeUnit':
      return (tenant.members[name] ?? []).includes(mailbox.ExternalDirectoryObjectId);
    default: {
      const scope = findNamed(exchange.managementScopes, name);
      return scope !== undefined && matching(exchange, [mailbox], scope.RecipientFilter).length > 0;
    }
  }
}
