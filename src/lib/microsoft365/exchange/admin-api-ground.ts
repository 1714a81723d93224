import type { StoredTarget } from '../../target';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import { readManagementScopes, readServicePrincipal } from './admin-api-assignments';
import type { ManagementScopeRow } from './admin-api-rows';
import { type CustomScope, findNamed, type Ground, type GroundQuery } from './ground';

/** What a repair builds on. Whether there is a role of that name shows when it is assigned: it is not asked here. */
export async function readGround(
  tenant: Tenant,
  { clientAppId }: StoredTarget,
  query: GroundQuery,
): Promise<Read<Ground>> {
  const [principal, scopes] = await Promise.all([
    readServicePrincipal(tenant, clientAppId),
    readManagementScopes(tenant),
  ]);
  if (!principal.ok) return principal;
  if (!scopes.ok) return scopes;
  const scope = findNamed(scopes.value.map(toCustomScope), ({ name }) => name, query.scope);
  return readOk({ role: query.role, scope: scope ?? null, isRegistered: principal.value !== null });
}

function toCustomScope({ Name, RecipientFilter, RecipientRoot }: ManagementScopeRow): CustomScope {
  const root = RecipientRoot ? { root: RecipientRoot } : {};
  return { id: Name, name: Name, filter: RecipientFilter || null, ...root };
}
