import type { Cloud } from '../../microsoft365/clouds';
import {
  type MailboxEws,
  type OrganizationEws,
  readMailboxEws,
  readOrganizationEws,
} from '../../microsoft365/exchange/ews';
import type { Tenant } from '../../microsoft365/tenant';
import { isNotFound, type Read } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { profile } from '../../profiles';
import { asksForLicence, readOwnAccount } from '../service-account';

/** What is known of who may use Exchange Web Services, and of the rules on user agents. */
export interface EwsFacts {
  cloud: Cloud;
  /** Null: Microsoft Graph is the reader, and knows none of it. */
  organization: Read<OrganizationEws> | null;
  /** Of the service account; null for a product that signs in as an application alone. */
  mailbox: Read<MailboxEws> | null;
}

/** Read for every product: the rules on user agents are about Microsoft Graph as well. */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<EwsFacts> {
  const { cloud } = tenant;
  if (target.exchangeReader !== 'admin-api') return { cloud, organization: null, mailbox: null };
  const [organization, account] = await Promise.all([
    readOrganizationEws(tenant),
    readOwnAccount(tenant, target),
  ]);
  const mailbox = account?.ok === true ? await readMailboxEws(tenant, account.value.id) : account;
  // An account that needs no licence may have no mailbox, and then none has rules of its own.
  const isWithout =
    mailbox !== null &&
    isNotFound(mailbox) &&
    account?.ok === true &&
    !asksForLicence(profile(target.profile));
  return { cloud, organization, mailbox: isWithout ? null : mailbox };
}
