import type { TenantState } from '../../local/simulator';
import { controls } from '../../src/lib/controls';
import { permissionsOf } from '../../src/lib/controls/permissions';

/**
 * Grants every application what controls read with and none of these tenants knows: a new control must not look like one
 * that lacks something.
 */
export function grantWhatIsNew(tenants: readonly TenantState[]): void {
  const applications = tenants.flatMap((tenant) => tenant.applications);
  const known = new Set(applications.flatMap(({ roles }) => roles));
  const names = permissionsOf(controls, 'read').map(({ permission }) => permission.name);
  const missing = names.filter((name) => !known.has(name));
  for (const application of applications) application.roles.push(...missing);
}
