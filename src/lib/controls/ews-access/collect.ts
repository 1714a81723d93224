import {
  type MailboxEws,
  type OrganizationEws,
  readMailboxEws,
  readOrganizationEws,
} from '../../microsoft365/exchange/ews';
import type { Read } from '../../microsoft365/read';
import type { Tenant } from '../../microsoft365/tenant';
import { profile } from '../../profiles';
import type { StoredTarget } from '../../target';
import { readOwnAccount } from '../service-account';

export interface EwsFacts {
  organization: Read<OrganizationEws>;
  /** Of the service account; null for a product that signs in as an application alone. */
  mailbox: Read<MailboxEws> | null;
}

/** Null: the product does not use Exchange Web Services, or this reader cannot see them. */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<EwsFacts | null> {
  if (target.exchangeReader !== 'admin-api' || !profile(target.profile).usesEws) return null;
  const [organization, account] = await Promise.all([
    readOrganizationEws(tenant),
    readOwnAccount(tenant, target),
  ]);
  return {
    organization,
    mailbox: account?.ok === true ? await readMailboxEws(tenant, account.value.id) : account,
  };
}
