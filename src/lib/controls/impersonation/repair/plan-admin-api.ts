import { exchangeManageAsApp as permission } from '../../../microsoft365/permissions';
import type { Change } from '../../../model/plan';
import { cmdletRequest, toChange } from '../../plan';
import { assigning, changing, creating, forgetting, limiting, registering } from './change-drafts';
import { hasFilter, type Repair } from './repair';

/** Cmdlets that remove something wait for a confirmation unless told. */
const Confirm = false;

/** A repair through cmdlets of Exchange. https://learn.microsoft.com/exchange/permissions-exo/application-rbac */
export function adminApiChanges(repair: Repair): Change[] {
  const isUnknown = repair.role !== undefined && repair.isRegistered === false;
  // What is most likely to be refused comes first: then nothing is left behind.
  return [
    ...(isUnknown ? registrationChanges(repair) : []),
    scopeChange(repair) ?? [],
    limitChange(repair) ?? [],
    roleChange(repair) ?? [],
  ].flat();
}

/** Exchange knows an application once: what stands in the place of the right registration is removed first. */
function registrationChanges(repair: Repair): Change[] {
  const { tenantId, application, misregistered } = repair;
  const { id, appId: AppId, displayName } = application;
  const register = (ObjectId: string, DisplayName: string) =>
    cmdletRequest(tenantId, 'New-ServicePrincipal', { AppId, ObjectId, DisplayName });
  const remove = (Identity: string) =>
    cmdletRequest(tenantId, 'Remove-ServicePrincipal', { Identity, Confirm });
  // Roles that somebody has assigned would go with it, which no request takes back.
  const idle = misregistered.filter(({ roles }) => roles.length === 0);
  return [
    ...idle.map((each) =>
      toChange({
        ...forgetting(repair, each),
        permission,
        request: remove(each.objectId),
        undo: () => register(each.objectId, each.displayName ?? displayName),
      }),
    ),
    toChange({
      ...registering(repair),
      permission,
      request: register(id, displayName),
      undo: () => remove(id),
    }),
  ];
}

function scopeChange(repair: Repair): Change | undefined {
  const { tenantId, name, filter, scope } = repair;
  if (hasFilter(repair)) return undefined;
  if (scope === null) {
    return toChange({
      ...creating(repair),
      permission,
      request: cmdletRequest(tenantId, 'New-ManagementScope', {
        Name: name,
        RecipientRestrictionFilter: filter,
      }),
      undo: () => cmdletRequest(tenantId, 'Remove-ManagementScope', { Identity: name, Confirm }),
    });
  }
  const withFilter = (RecipientRestrictionFilter: string) =>
    cmdletRequest(tenantId, 'Set-ManagementScope', { Identity: name, RecipientRestrictionFilter });
  const before = scope.filter;
  return toChange({
    ...changing(repair, before),
    permission,
    request: withFilter(filter),
    ...(before === null ? {} : { undo: () => withFilter(before) }),
  });
}

function roleChange(repair: Repair): Change | undefined {
  const { tenantId, application, role, name } = repair;
  if (role === undefined) return undefined;
  const { assignment: Name } = role;
  const parameters = { Name, App: application.id, Role: role.id, CustomResourceScope: name };
  return toChange({
    ...assigning(repair, role.name),
    permission,
    request: cmdletRequest(tenantId, 'New-ManagementRoleAssignment', parameters),
    undo: () => cmdletRequest(tenantId, 'Remove-ManagementRoleAssignment', { Identity: Name, Confirm }),
  });
}

/** A second assignment of that name cannot be made, so the one that there is gets the scope. */
function limitChange(repair: Repair): Change | undefined {
  const { tenantId, name, limited } = repair;
  if (limited === undefined) return undefined;
  const { scope, name: Identity } = limited;
  const within = (CustomResourceScope: string) =>
    cmdletRequest(tenantId, 'Set-ManagementRoleAssignment', { Identity, CustomResourceScope });
  return toChange({
    ...limiting(repair, limited),
    permission,
    request: within(name),
    // A reach that had no scope, or one of another kind, is not given back by one request.
    ...(scope.kind === 'filter' ? { undo: () => within(scope.name) } : {}),
  });
}
