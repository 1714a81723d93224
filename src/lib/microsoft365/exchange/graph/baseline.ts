import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import { findNamed, type Baseline, type BaselineQuery } from '../baseline';
import { readRoleDefinitions } from './assignments';
import { filterOf, readCustomAppScopes } from './scopes';

/** What a repair builds on, found in the lists that the assignments are read from. */
export async function readBaseline(tenant: Tenant, query: BaselineQuery): Promise<Read<Baseline>> {
  const [definitions, scopes] = await Promise.all([readRoleDefinitions(tenant), readCustomAppScopes(tenant)]);
  if (!definitions.ok) return definitions;
  if (!scopes.ok) return scopes;
  const role = findNamed(definitions.value, ({ displayName }) => displayName, query.role);
  const scope = findNamed(scopes.value, ({ displayName }) => displayName, query.scope);
  return readOk({
    role: role?.id ?? null,
    scope:
      scope === undefined
        ? null
        : {
            id: scope.id,
            name: scope.displayName ?? query.scope,
            filter: filterOf(scope),
          },
  });
}
