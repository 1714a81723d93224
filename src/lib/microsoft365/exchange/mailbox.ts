import { exchangeManageAsApp } from '../permissions';
import type { Tenant } from '../tenant';
import { type Read, readOk } from '../wire/read';
import { recipientProperties, RecipientRow } from './admin-api/rows';

/** Whether Exchange has a mailbox for the user with this object id. */
export async function hasMailboxInExchange(tenant: Tenant, id: string): Promise<Read<boolean>> {
  const recipient = await tenant.adminApi.get(
    { name: 'Get-Recipient', parameters: { Identity: id }, select: recipientProperties },
    RecipientRow,
    { what: 'the mailbox of the service account', permission: exchangeManageAsApp.name },
  );
  if (recipient.ok) return readOk(recipient.value.hasMailbox);
  return recipient.failure.cause === 'notFound' ? readOk(false) : recipient;
}
