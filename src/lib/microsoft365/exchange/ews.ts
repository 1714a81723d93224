import { z } from 'zod';
import { exchangeManageAsApp } from '../permissions';
import type { Read } from '../read';
import type { Tenant } from '../tenant';
import { ExchangeBoolean } from './admin-api-rows';

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
  .union([ExchangeBoolean, z.literal('')])
  .nullable()
  .transform((value) => (typeof value === 'boolean' ? value : null));

/** https://learn.microsoft.com/powershell/module/exchange/set-organizationconfig */
const OrganizationEws = z.object({
  /** Null: nobody has set it. */
  EwsEnabled: Switch,
  /** Absent: the answer does not say. */
  EwsAllowedAppIDs: AppIds.optional(),
});
export type OrganizationEws = z.infer<typeof OrganizationEws>;

/** https://learn.microsoft.com/powershell/module/exchange/get-casmailbox */
const MailboxEws = z.object({ EwsEnabled: Switch });
export type MailboxEws = z.infer<typeof MailboxEws>;

/** Whether the organisation lets Exchange Web Services in, and which applications. */
export function readOrganizationEws(tenant: Tenant): Promise<Read<OrganizationEws>> {
  return tenant.adminApi.get(
    // The list of applications is left out unless it is asked for.
    { name: 'Get-OrganizationConfig', parameters: { RetrieveEwsOperationAccessPolicy: true } },
    OrganizationEws,
    { what: "the organisation's settings", permission },
  );
}

/** Whether a mailbox lets Exchange Web Services in. @param id object id of its user. */
export function readMailboxEws(tenant: Tenant, id: string): Promise<Read<MailboxEws>> {
  return tenant.adminApi.get(
    { name: 'Get-CASMailbox', parameters: { Identity: id }, select: Object.keys(MailboxEws.shape) },
    MailboxEws,
    { what: "the service account's mailbox settings", permission },
  );
}
