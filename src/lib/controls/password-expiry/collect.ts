import { z } from 'zod';
import { domainReadAll } from '../../microsoft365/permissions';
import type { Read } from '../../microsoft365/read';
import { readServiceAccount, type User } from '../../microsoft365/service-account';
import type { Tenant } from '../../microsoft365/tenant';
import type { StoredTarget } from '../../target';

/** A verified domain. https://learn.microsoft.com/graph/api/resources/domain */
const Domain = z.object({
  id: z.string().transform((name) => name.toLowerCase()),
  /** `Managed` or `Federated`. */
  authenticationType: z.string(),
  /** Days; 2147483647 is never. */
  passwordValidityPeriodInDays: z.number().int().nullable(),
});
export type Domain = z.infer<typeof Domain>;

export interface PasswordExpiryFacts {
  user: Read<User>;
  domains: Read<Domain[]>;
}

export async function collect(tenant: Tenant, target: StoredTarget): Promise<PasswordExpiryFacts> {
  const path = `/domains?$select=${Object.keys(Domain.shape).join(',')}`;
  const [user, domains] = await Promise.all([
    readServiceAccount(tenant, target),
    // The whole list: a sub-domain follows its root domain, and which one that is shows only here.
    tenant.graph.list(path, Domain, { what: "the tenant's domains", permission: domainReadAll.name }),
  ]);
  return { user, domains };
}
