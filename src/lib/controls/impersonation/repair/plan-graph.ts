import { roleManagementReadWriteExchange as permission } from '../../../microsoft365/permissions';
import type { Change } from '../../../model/plan';
import { resultOf, toChange } from '../../plan';
import { assigning, changing, creating } from './change-drafts';
import { hasFilter, type Repair } from './repair';

const scopes = '/beta/roleManagement/exchange/customAppScopes';
const assignments = '/beta/roleManagement/exchange/roleAssignments';

/** A repair through Microsoft Graph. https://learn.microsoft.com/graph/api/resources/customappscope */
export function graphChanges(repair: Repair): Change[] {
  const scope = scopeChange(repair);
  const scopeId = repair.scope?.id ?? (scope === undefined ? undefined : resultOf(scope.id, 'id'));
  const role = scopeId === undefined ? undefined : roleChange(repair, scopeId);
  return [scope ?? [], role ?? []].flat();
}

function scopeChange(repair: Repair): Change | undefined {
  const { name, filter, scope } = repair;
  if (hasFilter(repair)) return undefined;
  if (scope === null) {
    const body = {
      type: 'RecipientScope',
      displayName: name,
      customAttributes: { Exclusive: false, RecipientFilter: filter },
    };
    return toChange({
      ...creating(repair),
      permission,
      request: { method: 'POST', url: scopes, body },
      undo: (id) => ({ method: 'DELETE', url: `${scopes}/${resultOf(id, 'id')}` }),
    });
  }
  const withFilter = (RecipientFilter: string) => ({
    method: 'PATCH' as const,
    url: `${scopes}/${scope.id}`,
    body: { customAttributes: { RecipientFilter } },
  });
  const before = scope.filter;
  return toChange({
    ...changing(repair, before),
    permission,
    request: withFilter(filter),
    ...(before === null ? {} : { undo: () => withFilter(before) }),
  });
}

function roleChange(repair: Repair, appScopeId: string): Change | undefined {
  const { application, role } = repair;
  if (role === undefined) return undefined;
  const body = {
    principalId: `/ServicePrincipals/${application.id}`,
    roleDefinitionId: role.id,
    directoryScopeId: null,
    appScopeId,
  };
  return toChange({
    ...assigning(repair, role.name),
    permission,
    request: { method: 'POST', url: assignments, body },
    undo: (id) => ({ method: 'DELETE', url: `${assignments}/${resultOf(id, 'id')}` }),
  });
}
