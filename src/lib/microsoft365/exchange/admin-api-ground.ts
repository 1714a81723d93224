import type { StoredTarget } from '../../target';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import { readManagementScopes, readRows } from './admin-api-assignments';
import { readRegistrations, type Registrations } from './admin-api-registrations';
import type { ManagementScopeRow } from './admin-api-rows';
import { type CustomScope, findNamed, type Ground, type GroundQuery, type Misregistration } from './ground';

/** What a repair builds on. Whether there is a role of that name shows when it is assigned: it is not asked here. */
export async function readGround(
  tenant: Tenant,
  { clientAppId }: StoredTarget,
  query: GroundQuery,
): Promise<Read<Ground>> {
  const [registrations, scopes] = await Promise.all([
    readRegistrations(tenant, clientAppId, query.application),
    readManagementScopes(tenant),
  ]);
  if (!registrations.ok) return registrations;
  if (!scopes.ok) return scopes;
  const scope = findNamed(scopes.value.map(toCustomScope), ({ name }) => name, query.scope);
  const ground = { role: query.role, scope: scope ?? null };
  const { own, others } = registrations.value;
  if (own !== null) return readOk({ ...ground, isRegistered: true });
  const misregistered = await readMisregistrations(tenant, others);
  return misregistered.ok
    ? readOk({ ...ground, isRegistered: false, misregistered: misregistered.value })
    : misregistered;
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
    const held = await readRows(tenant, objectId);
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
