import * as z from 'zod';
import type { Recipient } from '../recipient';

/** The admin API gives booleans as such, or as the words that PowerShell would print. */
export const ExchangeBoolean = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(true|false)$/i)
    .transform((text) => text.toLowerCase() === 'true'),
]);

const RecipientShape = z.object({
  DisplayName: z.string().nullish(),
  ExternalDirectoryObjectId: z.string().nullish(),
  PrimarySmtpAddress: z.string(),
  EmailAddresses: z.array(z.string()).nullish(),
  RecipientTypeDetails: z.string(),
  WhenCreatedUTC: z.string().nullish(),
  ResourceType: z.union([z.string(), z.number()]).nullish(),
});

/** What is asked of recipients: nobody needs more. */
export const recipientProperties = Object.keys(RecipientShape.shape);

/** A recipient, with what kind it is. */
export interface ExchangeRecipient extends Recipient {
  hasMailbox: boolean;
  recipientTypeDetails: string;
  /** What kind of room it is, in Exchange's word, where that is none that is known. */
  oddResource?: string;
}

/** Parses a recipient of Exchange, a member of a group for instance. */
export const RecipientRow = RecipientShape.transform((row): ExchangeRecipient => {
  const address = row.PrimarySmtpAddress.toLowerCase();
  const id = row.ExternalDirectoryObjectId?.toLowerCase() || undefined;
  return {
    address,
    displayName: row.DisplayName ?? address,
    keys: keysOf(id, address, row.EmailAddresses ?? []),
    hasMailbox: isMailbox(row.RecipientTypeDetails.toLowerCase()),
    ...resourceOf(row),
    ...(row.RecipientTypeDetails.toLowerCase() === 'equipmentmailbox' ? { equipment: true } : {}),
    id,
    created: row.WhenCreatedUTC ?? undefined,
    recipientTypeDetails: row.RecipientTypeDetails,
  };
});

/** Of a room: whether it is a desk. Exchange keeps both as room mailboxes, and tells them apart by the kind of resource. */
function resourceOf({
  RecipientTypeDetails,
  ResourceType,
}: z.infer<typeof RecipientShape>): Pick<ExchangeRecipient, 'desk' | 'oddResource'> {
  if (RecipientTypeDetails.toLowerCase() !== 'roommailbox') return {};
  const resource = String(ResourceType ?? '');
  switch (resource.toLowerCase()) {
    case 'room':
    case '':
      return {};
    case 'workspace':
      return { desk: 'yes' };
    default:
      return { desk: 'unknown', oddResource: resource };
  }
}

/** Each once. Without a set, which would cost more than all the rest of a row. */
function keysOf(id: string | undefined, address: string, proxies: readonly string[]): string[] {
  const keys = id === undefined ? [] : [id];
  const add = (key: string) => {
    if (key !== '' && !keys.includes(key)) keys.push(key);
  };
  add(address);
  for (const proxy of proxies) {
    if (/^smtp:/i.test(proxy)) add(proxy.slice('smtp:'.length).toLowerCase());
  }
  return keys;
}

/**
 * `UserMailbox`, `RoomMailbox`, `SharedMailbox` and so on. A mailbox that begins with `Remote` is on a server of the
 * customer's, where no role of Exchange Online reaches.
 */
function isMailbox(type: string): boolean {
  return type.endsWith('mailbox') && !type.startsWith('remote');
}

/** https://learn.microsoft.com/powershell/module/exchange/get-managementroleassignment */
export const RoleAssignmentRow = z.object({
  Name: z.string(),
  Role: z.string(),
  RoleAssignee: z.string().nullish(),
  RoleAssigneeName: z.string().nullish(),
  RoleAssigneeType: z.string(),
  AssignmentMethod: z.string().nullish(),
  RoleAssignmentDelegationType: z.string().nullish(),
  RecipientWriteScope: z.string().nullish(),
  CustomRecipientWriteScope: z.string().nullish(),
  CustomResourceScope: z.string().nullish(),
  Enabled: ExchangeBoolean,
});
export type RoleAssignmentRow = z.infer<typeof RoleAssignmentRow>;

/** https://learn.microsoft.com/powershell/module/exchange/get-managementrole */
export const ManagementRoleRow = z.object({ Name: z.string() });

/** https://learn.microsoft.com/powershell/module/exchange/get-managementscope */
export const ManagementScopeRow = z.object({
  Identity: z.string().nullish(),
  Name: z.string(),
  Guid: z.string().nullish(),
  RecipientFilter: z.string().nullish(),
  RecipientRoot: z.string().nullish(),
  Exclusive: ExchangeBoolean.nullish(),
});
export type ManagementScopeRow = z.infer<typeof ManagementScopeRow>;

/** Everything by which Exchange may call a principal in an assignment. */
export const PrincipalRow = z.object({
  Identity: z.string().nullish(),
  Guid: z.string().nullish(),
  Name: z.string().nullish(),
  DisplayName: z.string().nullish(),
  DistinguishedName: z.string().nullish(),
  ObjectId: z.string().nullish(),
  ServiceId: z.string().nullish(),
  AppId: z.string().nullish(),
  ExternalDirectoryObjectId: z.string().nullish(),
  PrimarySmtpAddress: z.string().nullish(),
});
export type PrincipalRow = z.infer<typeof PrincipalRow>;
