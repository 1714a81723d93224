import { hasMailboxInExchange } from '../../microsoft365/exchange/mailbox';
import { isNotFound, type Read } from '../../microsoft365/read';
import {
  type DeletedUser,
  readDeletedServiceAccount,
  readServiceAccount,
  type User,
} from '../../microsoft365/service-account';
import type { Tenant } from '../../microsoft365/tenant';
import type { StoredTarget } from '../../target';

export interface AccountFacts {
  user: Read<User>;
  /** Asked for only when the user is not there. Null: not among the deleted users either. */
  deleted?: Read<DeletedUser | null>;
  /** Exchange's own word on whether there is a mailbox; asked for only where the target's reader is the admin API. */
  mailbox?: Read<boolean>;
}

export async function collect(tenant: Tenant, target: StoredTarget): Promise<AccountFacts> {
  const user = await readServiceAccount(tenant, target);
  if (isNotFound(user)) return { user, deleted: await readDeletedServiceAccount(tenant, target) };
  if (!user.ok || target.exchangeReader !== 'admin-api') return { user };
  return { user, mailbox: await hasMailboxInExchange(tenant, user.value.id) };
}
