import type { RoleAssignment } from '../../microsoft365/exchange';
import { exchangeManageAsAppToWrite as permission } from '../../microsoft365/permissions';
import { type Change, cmdletRequest, toChange } from '../plan';
import { assigning, changing, creating, limiting, registering } from './change-drafts';
import { hasFilter, type Repair } from './repair';

/** Cmdlets that remove something wait for a confirmation unless told. */
const Confirm = false;

/** A repair through cmdlets of Exchange. https://learn.microsoft.com/exchange/permissions-exo/application-rbac */
export function adminApiChanges(repair: Repair): Change[] {
  const { isRegistered, assignment } = repair;
  const role = assignment === undefined ? roleChange(repair) : limitChange(repair, assignment);
  const registration =
    repair.role !== undefined && isRegistered === false ? registrationChange(repair) : undefined;
  return [registration ?? [], scopeChange(repair) ?? [], role ?? []].flat();
}

function registrationChange(repair: Repair): Change {
  const { tenantId, application } = repair;
  const { id: ObjectId, appId: AppId, displayName: DisplayName } = application;
  return toChange({
    ...registering(repair),
    permission,
    request: cmdletRequest(tenantId, 'New-ServicePrincipal', { AppId, ObjectId, DisplayName }),
    undo: () => cmdletRequest(tenantId, 'Remove-ServicePrincipal', { Identity: ObjectId, Confirm }),
  });
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
  const parameters = { Name: name, App: application.id, Role: role.id, CustomResourceScope: name };
  return toChange({
    ...assigning(repair, role.name),
    permission,
    request: cmdletRequest(tenantId, 'New-ManagementRoleAssignment', parameters),
    undo: () => cmdletRequest(tenantId, 'Remove-ManagementRoleAssignment', { Identity: name, Confirm }),
  });
}

/** A second assignment of that name cannot be made, so the one that there is gets the scope. */
function limitChange(repair: Repair, assignment: RoleAssignment): Change {
  const { tenantId, name } = repair;
  const within = (CustomResourceScope: string) =>
    cmdletRequest(tenantId, 'Set-ManagementRoleAssignment', { Identity: name, CustomResourceScope });
  const { scope } = assignment;
  return toChange({
    ...limiting(repair, assignment),
    permission,
    request: within(name),
    // A reach that had no scope, or one of another kind, is not given back by one request.
    ...(scope.kind === 'filter' ? { undo: () => within(scope.name) } : {}),
  });
}
