import type { StoredTarget } from '../../../model/target';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { isNotFound, type Read, readOk } from '../../wire/read';
import {
  type CustomScope,
  findNamed,
  type Baseline,
  type BaselineQuery,
  type Misregistration,
} from '../baseline';
import { readManagementScopes, readCmdletRows } from './assignments';
import { readRegistrations, type Registrations } from './registrations';
import { ManagementRoleRow, type ManagementScopeRow } from './rows';

/** What a repair builds on, but for the role: that takes a request of its own, see {@link readRole}. */
export async function readBaseline(
  tenant: Tenant,
  { clientAppId }: StoredTarget,
  query: BaselineQuery,
): Promise<Read<Baseline>> {
  const [registrations, scopes] = await Promise.all([
    readRegistrations(tenant, clientAppId, query.application),
    readManagementScopes(tenant),
  ]);
  if (!registrations.ok) return registrations;
  if (!scopes.ok) return scopes;
  const scope = findNamed(scopes.value.map(toCustomScope), ({ name }) => name, query.scope);
  const baseline = { scope: scope ?? null };
  const { own, others } = registrations.value;
  if (own !== null) return readOk({ ...baseline, isRegistered: true });
  const misregistered = await readMisregistrations(tenant, others);
  return misregistered.ok
    ? readOk({ ...baseline, isRegistered: false, misregistered: misregistered.value })
    : misregistered;
}

/** The role of this name, as Exchange writes it; null when the organisation has none. */
export async function readRole(tenant: Tenant, name: string): Promise<Read<string | null>> {
  const roles = await tenant.adminApi.list(
    { name: 'Get-ManagementRole', parameters: { Identity: name }, select: ['Name'] },
    ManagementRoleRow,
    { what: `the role ${name} of Exchange`, permission: exchangeManageAsApp.name },
  );
  if (!roles.ok) return isNotFound(roles) ? readOk(null) : roles;
  // Of other objects Exchange gives all when it is asked for one that it does not know.
  return readOk(roles.value.find(({ Name }) => Name.toLowerCase() === name.toLowerCase())?.Name ?? null);
}

/** The registrations that lead nowhere, in a fixed order, with what would go with them. */
async function readMisregistrations(
  tenant: Tenant,
  rows: Registrations['others'],
): Promise<Read<Misregistration[]>> {
  const found: Misregistration[] = [];
  for (const { ObjectId: objectId, DisplayName } of [...rows].sort((a, b) =>
    a.ObjectId < b.ObjectId ? -1 : 1,
  )) {
    const held = await readCmdletRows(tenant, objectId);
    if (!held.ok) return held;
    const roles = [...new Set(held.value.map(({ Role }) => Role))].sort();
    found.push({ objectId, displayName: DisplayName ?? null, roles });
  }
  return readOk(found);
}

function toCustomScope({ Name, RecipientFilter, RecipientRoot }: ManagementScopeRow): CustomScope {
  const root = RecipientRoot ? { root: RecipientRoot } : {};
  return { id: Name, name: Name, filter: RecipientFilter || null, ...root };
}
