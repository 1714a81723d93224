import type { Simulator } from '.';
import { homeTenantId } from './demo';

/** One of many tenants, with the target that watches it. */
export interface ManyTenant {
  tenantId: string;
  targetId: string;
  /** As it is put. */
  target: Record<string, unknown>;
}

/** A demo tenant in which the multi-tenant application is consented. */
const foreignTenantId = 'fab11ca3-0000-4000-8000-000000000002';

/**
 * Adds healthy tenants to the simulated Microsoft 365, each reached through the multi-tenant application. They share all
 * they have, so that thousands fit into memory, and nothing may be written to them.
 * @param prefix of the names of their targets.
 */
export function addTenants(simulator: Simulator, prefix: string, count: number): ManyTenant[] {
  const healthy = simulator.tenant(homeTenantId);
  const { applications } = simulator.tenant(foreignTenantId);
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(6, '0');
    const targetId = `${prefix}-${number}`;
    const tenantId = `${hexOf(prefix)}-0000-4000-8000-${number.padStart(12, '0')}`;
    // As most targets are read: the admin API asks for a role in each tenant.
    const target = { ...healthy.target, targetId, tenantId, exchangeReader: 'graph' };
    simulator.addTenant({ ...healthy, tenantId, displayName: targetId, applications, target });
    return { tenantId, targetId, target };
  });
}

/** Eight hex digits that differ from name to name. */
function hexOf(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(8, '0').slice(0, 8);
}
