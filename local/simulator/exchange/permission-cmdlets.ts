import * as z from 'zod';
import { addTo } from '../lists';
import type { GraphObject, TenantState } from '../state';
import { type Cmdlet, Identity, reading, ResultSize, type Row, writing } from './cmdlet';
import { notFound } from './fault';
import { findNamed } from './names';
import { group, mailbox } from './recipients';
import type { ExchangeState, MailboxPermission } from './state';

const Rights = z.array(z.literal('FullAccess'));
const Entry = {
  Identity,
  User: Identity,
  AccessRights: Rights,
  InheritanceType: z.enum(['All', 'None', 'Children', 'Descendents', 'SelfAndChildren']).default('All'),
};

/** What stands in the list of every mailbox: its owner, and what the service itself allows and denies. */
const always = [
  entry('NT AUTHORITY\\SELF', { AccessRights: ['FullAccess', 'ReadPermission'] }),
  entry('EURPR05A004\\Administrator', { Deny: true, IsInherited: true }),
  entry('EURPR05A004\\Organization Management', { Deny: true, IsInherited: true }),
  entry('NT AUTHORITY\\SYSTEM', { IsInherited: true }),
  entry('EURPR05A004\\Exchange Servers', {
    IsInherited: true,
    AccessRights: ['FullAccess', 'ReadPermission'],
  }),
];

/** Who may open mailboxes, and who somebody is. */
export const permissionCmdlets: Record<string, Cmdlet> = {
  'Get-MailboxPermission': reading(
    z.strictObject({ Identity, ResultSize }),
    (state, { Identity: identity }) => {
      const { Identity: name } = mailbox(state, identity);
      const own = state.mailboxPermissions.filter((each) => each.Identity === name);
      return [...always, ...own].map((each) => ({ ...each, Identity: name }));
    },
  ),
  'Get-User': reading(z.strictObject({ Identity }), (_state, { Identity: identity }, tenant) => [
    userRow(tenant, identity),
  ]),
  'Add-MailboxPermission': writing(
    'recipients',
    z.strictObject({ ...Entry, AutoMapping: z.boolean().optional() }),
    ({ tenant, write }, { Identity: identity, User, AccessRights, InheritanceType }) => {
      const { Identity: name } = mailbox(tenant.exchange, identity);
      const made = entry(shownName(tenant, User), { Identity: name, AccessRights, InheritanceType });
      if (tenant.exchange.mailboxPermissions.some((each) => isSame(each, made)))
        return {
          warning: `The appropriate access control entry is already present on the object "${name}".`,
        };
      write(({ exchange }) => addTo(exchange.mailboxPermissions, made));
      return { made };
    },
  ),
  'Remove-MailboxPermission': writing(
    'recipients',
    z.strictObject({ ...Entry, Confirm: z.boolean().optional() }),
    ({ tenant, write }, { Identity: identity, User, AccessRights, InheritanceType }) => {
      const { Identity: name } = mailbox(tenant.exchange, identity);
      const gone = entry(shownName(tenant, User), { Identity: name, AccessRights, InheritanceType });
      if (!tenant.exchange.mailboxPermissions.some((each) => isSame(each, gone)))
        return { warning: `Can't remove the access control entry on the object "${name}": it is not there.` };
      write(({ exchange }) => {
        exchange.mailboxPermissions = exchange.mailboxPermissions.filter((each) => !isSame(each, gone));
      });
      return {};
    },
  ),
};

function entry(User: string, changes: Partial<MailboxPermission> = {}): MailboxPermission {
  return {
    ...{ Identity: '', User, AccessRights: ['FullAccess'], Deny: false, IsInherited: false },
    ...{ InheritanceType: 'All', ...changes },
  };
}

function isSame(a: MailboxPermission, b: MailboxPermission): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(row: MailboxPermission): unknown {
  return Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Users by their principal names, groups by their names. @throws when there is neither. */
function shownName({ users, exchange }: TenantState, identity: string): string {
  const user = userNamed(users, exchange, identity);
  return user === undefined ? group(exchange, identity).Name : String(user.userPrincipalName);
}

function userNamed(
  users: readonly GraphObject[],
  { recipients }: ExchangeState,
  identity: string,
): GraphObject | undefined {
  const wanted = identity.toLowerCase();
  const id = findNamed(recipients, identity)?.ExternalDirectoryObjectId ?? wanted;
  return users.find((user) => user.id === id || String(user.userPrincipalName).toLowerCase() === wanted);
}

/** Also of a user without a mailbox, who is no recipient. */
function userRow({ users, exchange }: TenantState, identity: string): Row {
  const user = userNamed(users, exchange, identity);
  if (user === undefined) throw notFound(identity);
  const recipient = findNamed(exchange.recipients, user.id);
  const name = recipient?.Identity ?? String(user.userPrincipalName);
  return {
    ...{ Name: name, Identity: name, DisplayName: user.displayName ?? '' },
    DistinguishedName: recipient?.DistinguishedName ?? `CN=${name},OU=contoso.onmicrosoft.com`,
    ...{ Guid: recipient?.Guid ?? user.id, ExternalDirectoryObjectId: user.id },
    UserPrincipalName: user.userPrincipalName,
    WindowsEmailAddress: recipient?.PrimarySmtpAddress ?? '',
    ...{ SamAccountName: `$${user.id.slice(-6)}`, Sid: `S-1-5-21-1-2-3-${parseInt(user.id.slice(-6), 16)}` },
  };
}
