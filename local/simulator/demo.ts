import path from 'node:path';
import { readTenants } from './state';

/** The tenant of the managed identity. */
export const homeTenantId = 'c0170507-0000-4000-8000-000000000001';

/** Client id of the managed identity that reads. */
export const identityClientId = '5cba4def-0000-4000-8000-000000000001';

/** The multi-tenant application through which it reads other tenants. */
export const federatedAppId = '5cba4def-0000-4000-8000-000000000002';

/** Client id of the managed identity that writes. */
export const remediationClientId = '5cba4def-0000-4000-8000-000000000003';

/** The multi-tenant application through which it writes to other tenants. */
export const federatedRemediationAppId = '5cba4def-0000-4000-8000-000000000004';

/** Where the demo tenants stand: one folder each. */
export function tenantsFolder(root: string): string {
  return path.join(root, 'local/tenants');
}

/** The targets that watch the demo tenants. */
export function demoTargets(root: string): Record<string, unknown>[] {
  return readTenants(tenantsFolder(root)).map(({ target }) => target);
}
