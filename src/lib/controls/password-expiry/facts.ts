import * as z from 'zod';
import { User } from '../../microsoft365/directory/service-account';
import type { Read } from '../../microsoft365/wire/read';

/** What matters of the account's password. https://learn.microsoft.com/graph/api/resources/user */
export const PasswordUser = User.extend({
  /** One string of comma-separated flags. */
  passwordPolicies: z.string().nullable(),
  /** `Member` or `Guest`; null for accounts that are older than the difference, which are members. */
  userType: z.string().nullable(),
  lastPasswordChangeDateTime: z.iso.datetime({ offset: true }).nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
});
export type PasswordUser = z.infer<typeof PasswordUser>;

/** A verified domain. https://learn.microsoft.com/graph/api/resources/domain */
export const Domain = z.object({
  id: z.string().transform((name) => name.toLowerCase()),
  /** `Managed` or `Federated`. */
  authenticationType: z.string(),
  /** Whether it has settings of its own. A sub-domain has not, unless it was promoted. */
  isRoot: z.boolean(),
  /** Days; 2147483647 is never. */
  passwordValidityPeriodInDays: z.number().int().nullable(),
});
export type Domain = z.infer<typeof Domain>;

/** What is known of what decides whether the password expires. */
export interface PasswordExpiryFacts {
  user: Read<PasswordUser>;
  domains: Read<Domain[]>;
  /** When the tenant was created, ISO 8601; asked for only where the domain states no validity, and that decides. */
  created?: Read<string>;
}
