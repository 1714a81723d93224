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
}

export async function collect(tenant: Tenant, target: StoredTarget): Promise<AccountFacts> {
  const user = await readServiceAccount(tenant, target);
  return isNotFound(user) ? { user, deleted: await readDeletedServiceAccount(tenant, target) } : { user };
}
