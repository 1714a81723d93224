import * as z from 'zod';
import { readServiceAccountAs } from '../../microsoft365/directory/service-account';
import { domainReadAll, organizationReadAll } from '../../microsoft365/permissions';
import type { Tenant } from '../../microsoft365/tenant';
import { type Read, readFailed } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { PasswordUser, Domain, type PasswordExpiryFacts } from './facts';
import { policySource } from './policy-source';

/** Null, says Microsoft, stands for what the caller may not see. https://learn.microsoft.com/graph/api/organization-list */
const Organization = z.object({ createdDateTime: z.iso.datetime({ offset: true }) });

/**
 * Reads the account and all domains of the tenant. When the tenant was created is asked for only where no domain
 * states a validity and the account has no flag.
 */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<PasswordExpiryFacts> {
  const path = `/domains?$select=${Object.keys(Domain.shape).join(',')}`;
  const [user, domains] = await Promise.all([
    readServiceAccountAs(tenant, target, PasswordUser),
    // The whole list: a sub-domain follows its root domain, and which one that is shows only here.
    tenant.graph.list(path, Domain, { what: "the tenant's domains", permission: domainReadAll.name }),
  ]);
  if (!user.ok || !domains.ok || policySource(user.value, domains).kind !== 'unstated')
    return { user, domains };
  return { user, domains, created: await readCreated(tenant) };
}

async function readCreated(tenant: Tenant): Promise<Read<string>> {
  const options = { what: 'when the tenant was created', permission: organizationReadAll.name };
  const read = await tenant.graph.list('/organization?$select=createdDateTime', Organization, options);
  if (!read.ok) return read;
  const [organization, ...others] = read.value;
  if (organization !== undefined && others.length === 0)
    return { ok: true, value: organization.createdDateTime };
  const message = `Could not read ${options.what}: Microsoft 365 gave ${read.value.length} organisations instead of one.`;
  return readFailed({ cause: 'malformed', message });
}
