import { addTo, removeFrom } from '../lists';
import { isOf } from '../route';
import type { TenantState } from '../state';
import type { Change } from '../tenancy';
import { storedFilter } from './filters';
import { findNamed } from './names';

/** A management scope. Microsoft Graph and Exchange show the same one, each in its own words. */
export interface Scope {
  id: string;
  name: string;
}

export interface NewScope extends Scope {
  filter: string;
  exclusive: boolean;
}

/** The scope with this name or id, in whatever case and in whichever view. */
export function findScope({ customAppScopes, exchange }: TenantState, wanted: string): Scope | undefined {
  const own = findNamed(exchange.managementScopes, wanted);
  if (own !== undefined) return { id: own.Guid, name: own.Name };
  const other = customAppScopes.find(isOf('id', wanted)) ?? customAppScopes.find(isOf('displayName', wanted));
  return other && { id: other.id, name: String(other.displayName) };
}

/** Whether a role is assigned with a scope, which therefore has to stay. */
export function isScopeUsed({ roleAssignments, exchange }: TenantState, { id, name }: Scope): boolean {
  return (
    roleAssignments.some(isOf('appScopeId', id)) ||
    exchange.managementRoleAssignments.some(
      ({ RecipientWriteScope, CustomResourceScope }) =>
        RecipientWriteScope === 'CustomRecipientScope' && CustomResourceScope === name,
    )
  );
}

/** Adds a scope to both views; its filter is kept as Exchange keeps it. */
export function addScope({ id, name, filter, exclusive }: NewScope): Change {
  const RecipientFilter = storedFilter(filter);
  return ({ customAppScopes, exchange: { managementScopes } }) => {
    const customAttributes = { Exclusive: exclusive, RecipientFilter };
    addTo(customAppScopes, { id, type: 'RecipientScope', displayName: name, customAttributes });
    addTo(managementScopes, {
      ...{ Identity: name, Name: name, Guid: id, RecipientFilter, RecipientRoot: null, Exclusive: exclusive },
      ScopeRestrictionType: 'RecipientScope',
    });
  };
}

/** What of a scope is to be changed. */
type ScopeChange = { [property in 'name' | 'filter' | 'exclusive']?: NewScope[property] | undefined };

/** Changes a scope in both views, and its name in the assignments that go by it. What is not given stays. */
export function changeScope({ id, name }: Scope, change: ScopeChange): Change {
  const { name: newName = name, filter, exclusive } = change;
  const attributes = {
    ...(exclusive === undefined ? {} : { Exclusive: exclusive }),
    ...(filter === undefined ? {} : { RecipientFilter: storedFilter(filter) }),
  };
  return ({ customAppScopes, exchange }) => {
    for (const scope of customAppScopes.filter(isOf('id', id))) {
      scope.displayName = newName;
      scope.customAttributes = changed(scope.customAttributes as Record<string, unknown>, attributes);
    }
    for (const scope of exchange.managementScopes) {
      if (scope.Guid === id) Object.assign(scope, { Identity: newName, Name: newName, ...attributes });
    }
    for (const assignment of exchange.managementRoleAssignments) {
      if (assignment.CustomResourceScope === name) assignment.CustomResourceScope = newName;
    }
  };
}

/** Attributes with others in their place; their names have no case. */
function changed(attributes: Record<string, unknown>, changes: Record<string, unknown>) {
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = Object.entries(attributes).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...changes };
}

/** Takes a scope out of both views. */
export function removeScope({ id }: Scope): Change {
  return ({ customAppScopes, exchange: { managementScopes } }) => {
    removeFrom(customAppScopes, isOf('id', id));
    removeFrom(managementScopes, ({ Guid }) => Guid === id);
  };
}
