import * as z from 'zod';
import { roleManagementReadExchange } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import type { FilterScope, Scope } from '../scope';

/** https://learn.microsoft.com/graph/api/resources/customappscope */
const CustomAppScope = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  customAttributes: z.record(z.string(), z.unknown()).nullish(),
});
export type CustomAppScope = z.infer<typeof CustomAppScope>;

/**
 * All scopes of the organisation, the exclusive ones among them.
 * https://learn.microsoft.com/graph/api/resources/customappscope
 */
export function readCustomAppScopes(tenant: Tenant): Promise<Read<CustomAppScope[]>> {
  return tenant.graph.list('/roleManagement/exchange/customAppScopes', CustomAppScope, {
    version: 'beta',
    what: 'the scopes of Exchange',
    permission: roleManagementReadExchange.name,
  });
}

/** The exclusive scopes. One with several filters counts with each of them: whoever matches any may be in it. */
export async function readExclusiveScopes(tenant: Tenant): Promise<Read<FilterScope[]>> {
  const scopes = await readCustomAppScopes(tenant);
  if (!scopes.ok) return scopes;
  return readOk(
    scopes.value.flatMap((scope) => {
      const isExclusive = valuesOf(scope, 'Exclusive').some(saysYes);
      return isExclusive ? filtersOf(scope).map((filter) => filterScope(scope, filter, true)) : [];
    }),
  );
}

/** A scope as a role is assigned with it. */
export function toScope(scope: CustomAppScope): Scope {
  const other = (why: string): Scope => ({ kind: 'other', name: nameOf(scope), why });
  const filters = filtersOf(scope);
  const [filter] = filters;
  // One that is none of recipients has no filter.
  if (filter === undefined) return other('it has no filter');
  const isBlankToo = valuesOf(scope, 'RecipientFilter').some(isBlank);
  if (filters.length > 1 || isBlankToo)
    return other('Microsoft Graph gives two filters for it, which differ');
  const exclusive = new Set(valuesOf(scope, 'Exclusive').map(saysYes));
  if (exclusive.size > 1) return other('Microsoft Graph calls it exclusive, and not exclusive as well');
  return filterScope(scope, filter, exclusive.has(true));
}

/** The filter of a scope; null where it has none for certain, or none alone. */
export function filterOf(scope: CustomAppScope): string | null {
  const found = toScope(scope);
  return found.kind === 'filter' ? found.filter : null;
}

function filterScope(scope: CustomAppScope, filter: string, isExclusive: boolean): FilterScope {
  const exclusive = isExclusive ? { exclusive: true as const } : {};
  return { kind: 'filter', name: nameOf(scope), filter, ...exclusive };
}

function nameOf({ id, displayName }: CustomAppScope): string {
  return displayName ?? id;
}

/** The filters that are given, each once. What is no text is none that can be understood, and stays one. */
function filtersOf(scope: CustomAppScope): string[] {
  const filters = valuesOf(scope, 'RecipientFilter').filter((value) => !isBlank(value));
  return [...new Set(filters.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))))];
}

/** Everything that is given for an attribute. Microsoft writes their names in either case. */
function valuesOf({ customAttributes }: CustomAppScope, name: string): unknown[] {
  return Object.entries(customAttributes ?? {}).flatMap(([key, value]) =>
    key.toLowerCase() === name.toLowerCase() ? [value] : [],
  );
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** Attributes have no documented type: what does not say no is taken for a yes, which makes nothing fine. */
function saysYes(attribute: unknown): boolean {
  return !['', 'false', 'null', 'undefined'].includes(String(attribute).toLowerCase());
}
