import * as z from 'zod';
import { AssignedPlan } from '../../microsoft365/directory/exchange-plans';
import {
  type DeletedUser,
  readDeletedServiceAccount,
  readServiceAccountAs,
  User,
} from '../../microsoft365/directory/service-account';
import { hasMailboxInExchange } from '../../microsoft365/exchange/mailbox';
import type { Tenant } from '../../microsoft365/tenant';
import { isNotFound, type Read } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';

/** The account, without its plans. https://learn.microsoft.com/graph/api/resources/user */
const Account = User.extend({
  accountEnabled: z.boolean(),
  /** `Member` or `Guest`; null for accounts that are older than the difference, which are members. */
  userType: z.string().nullable(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  mail: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});
export type Account = z.infer<typeof Account>;

/** Which plans the account has, and what was provisioned from them. */
const AccountPlans = z.object({
  assignedPlans: z.array(AssignedPlan),
  // Without the id of a plan. https://learn.microsoft.com/graph/api/resources/provisionedplan
  provisionedPlans: z.array(
    z.object({
      capabilityStatus: z.string().nullish(),
      provisioningStatus: z.string().nullish(),
      service: z.string().nullish(),
    }),
  ),
});
export type AccountPlans = z.infer<typeof AccountPlans>;

/** What is known of the service account, and of its mailbox. */
export interface AccountFacts {
  user: Read<Account>;
  /** A part of the same answer: whether there is a mailbox is one question, whether the account may sign in another. */
  plans: Read<AccountPlans>;
  /** Asked for only when the user is not there. Null: not among the deleted users either. */
  deleted?: Read<DeletedUser | null>;
  /** Exchange's own word on whether there is a mailbox; asked for only where the target's reader is the admin API. */
  mailbox?: Read<boolean>;
}

/**
 * Reads the account, where it is gone the deleted users, and with the admin API whether Exchange has its mailbox. The
 * two parts of the account come from one answer, so that one that is malformed leaves the other.
 */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<AccountFacts> {
  const [user, plans] = await Promise.all([
    readServiceAccountAs(tenant, target, Account),
    readServiceAccountAs(tenant, target, AccountPlans),
  ]);
  if (isNotFound(user)) return { user, plans, deleted: await readDeletedServiceAccount(tenant, target) };
  if (!user.ok || target.exchangeReader !== 'admin-api') return { user, plans };
  return { user, plans, mailbox: await hasMailboxInExchange(tenant, user.value.id) };
}
