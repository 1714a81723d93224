import * as z from 'zod';
import { exchangeManageAsApp } from '../permissions';
import type { Tenant } from '../tenant';
import type { Read } from '../wire/read';
import { ExchangeBoolean } from './admin-api/rows';

const permission = exchangeManageAsApp.name;

/** An id as such, and in braces or quotes. What else stands in the list is kept as it is: it is written back. */
const appId = /^[{('"]?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[})'"]?$/;

/** Application ids come as a list, as one text with commas, or as a list with such a text. An empty list is null. */
const AppIds = z
  .union([z.array(z.string()), z.string()])
  .nullable()
  .transform((ids) =>
    [ids ?? []]
      .flat()
      .flatMap((text) => text.toLowerCase().split(/[\s,;]+/))
      .filter((entry) => entry !== '')
      .map((entry) => appId.exec(entry)?.[1] ?? entry),
  );

/** A switch that nobody has set is blank in one way or another. */
const Switch = z
  .union([ExchangeBoolean, z.string().regex(/^\s*$/)])
  .nullable()
  .transform((value) => (typeof value === 'boolean' ? value : null));

/** The name of a policy, or null where there is none. Whether the name is known is not asked here. */
const Policy = z
  .union([z.string(), z.number().transform(String)])
  .nullable()
  .transform((name) => name?.trim() || null);

/**
 * User agents; blank ones are none. Any of them may hold a comma, so that of one text with commas nobody can tell what
 * its entries are.
 */
const UserAgents = z
  .union([
    z.array(z.string()),
    z
      .string()
      .regex(/^[^,;]*$/)
      .transform((entry) => [entry]),
  ])
  .nullable()
  .transform((entries) => [...new Set((entries ?? []).map((entry) => entry.trim()))].filter(Boolean).sort());

/** A part of an answer. Missing where the answer does not have it, or not so that it is understood. */
const part = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/**
 * Rules on user agents. They are about Microsoft Graph and REST as much as about Exchange Web Services.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-control-access-to-ews-in-exchange
 */
const userAgentRules = {
  /** Null: there are no rules. */
  EwsApplicationAccessPolicy: part(Policy),
  EwsAllowList: part(UserAgents),
  EwsBlockList: part(UserAgents),
};

/** https://learn.microsoft.com/powershell/module/exchangepowershell/set-organizationconfig */
const OrganizationEws = z.object({
  /** Null: nobody has set it. */
  EwsEnabled: part(Switch),
  EwsAllowedAppIDs: part(AppIds),
  ...userAgentRules,
});
export type OrganizationEws = z.infer<typeof OrganizationEws>;
export type UserAgentRules = Pick<OrganizationEws, keyof typeof userAgentRules>;

/** https://learn.microsoft.com/powershell/module/exchangepowershell/get-casmailbox */
const MailboxEws = z.object({ EwsEnabled: part(Switch), ...userAgentRules });
export type MailboxEws = z.infer<typeof MailboxEws>;

/** Whom the organisation lets in: which applications by Exchange Web Services, and which user agents at all. */
export function readOrganizationEws(tenant: Tenant): Promise<Read<OrganizationEws>> {
  return tenant.adminApi.get(
    // The list of applications is left out unless it is asked for.
    { name: 'Get-OrganizationConfig', parameters: { RetrieveEwsOperationAccessPolicy: true } },
    OrganizationEws,
    { what: "the organisation's settings", permission },
  );
}

/** Whom a mailbox lets in. @param id object id of its user. */
export function readMailboxEws(tenant: Tenant, id: string): Promise<Read<MailboxEws>> {
  return tenant.adminApi.get(
    { name: 'Get-CASMailbox', parameters: { Identity: id }, select: Object.keys(MailboxEws.shape) },
    MailboxEws,
    { what: "the service account's mailbox settings", permission },
  );
}
