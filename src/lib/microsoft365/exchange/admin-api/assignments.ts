import { accountName, type StoredTarget } from '../../../model/target';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { isNotFound, type Read, readOk } from '../../wire/read';
import type { CountedRoles, Holders, RoleAssignment } from '../exchange';
import { exclusiveOf, type FilterScope, type Scope } from '../scope';
import { readRegistrations } from './registrations';
import { ManagementScopeRow, PrincipalRow, RoleAssignmentRow } from './rows';

const permission = exchangeManageAsApp.name;

/**
 * Reads the assignments that concern the holders: all of the application, and of the account those of roles that count.
 * Exchange itself follows role groups: asked for an assignee, it gives what is assigned to it directly and through groups.
 */
export async function readAssignments(
  tenant: Tenant,
  target: StoredTarget,
  holders: Holders,
  roles: CountedRoles,
): Promise<Read<RoleAssignment[]>> {
  const own = await readHeld(tenant, target.clientAppId, 'application', holders);
  if (!own.ok) return own;
  const counted = namesIn(roles.serviceAccount);
  // Beside a role of the application that counts, the retired one of the account matters only where it is accepted.
  const isEnough = own.value.some(({ role }) => namesIn(roles.application).has(role.toLowerCase()));
  if (counted.size === 0 || (isEnough && !target.acceptRetiredRole)) return own;
  const accounts = await readHeld(tenant, accountName(target), 'serviceAccount', holders);
  if (!accounts.ok) return accounts;
  return readOk([...own.value, ...accounts.value.filter(({ role }) => counted.has(role.toLowerCase()))]);
}

function namesIn(roles: readonly string[]): ReadonlySet<string> {
  return new Set(roles.map((role) => role.toLowerCase()));
}

/** The holder as Exchange knows it; null when Exchange does not, and so can have assigned it nothing. */
async function principalOf(
  tenant: Tenant,
  holder: keyof Holders,
  name: string,
  holders: Holders,
): Promise<Read<PrincipalRow | null>> {
  const id = holders[holder];
  if (id === undefined) return readOk(null);
  if (holder === 'application') {
    const registrations = await readRegistrations(tenant, name, id);
    return registrations.ok ? readOk(registrations.value.own) : registrations;
  }
  const read = await tenant.adminApi.get(
    { name: 'Get-Recipient', parameters: { Identity: id } },
    PrincipalRow,
    { what: `the account ${name} in Exchange`, permission },
  );
  return isNotFound(read) ? readOk(null) : read;
}

/**
 * All scopes of the organisation.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-managementscope
 */
export function readManagementScopes(tenant: Tenant): Promise<Read<ManagementScopeRow[]>> {
  return tenant.adminApi.list({ name: 'Get-ManagementScope', parameters: {} }, ManagementScopeRow, {
    what: 'the scopes of Exchange',
    permission,
  });
}

/** The exclusive ones among all scopes. */
export async function readExclusiveScopes(tenant: Tenant): Promise<Read<FilterScope[]>> {
  const scopes = await readManagementScopes(tenant);
  return scopes.ok ? readOk(exclusiveOf(scopes.value.map(toFilterScope))) : scopes;
}

async function readHeld(
  tenant: Tenant,
  name: string,
  holder: keyof Holders,
  holders: Holders,
): Promise<Read<RoleAssignment[]>> {
  const principal = await principalOf(tenant, holder, name, holders);
  if (!principal.ok) return principal;
  const assignee = holders[holder];
  if (principal.value === null || assignee === undefined) return readOk([]);
  const [rows, scopes] = await Promise.all([readCmdletRows(tenant, assignee), readManagementScopes(tenant)]);
  if (!rows.ok) return rows;
  if (!scopes.ok) return scopes;
  const names = namesOf(principal.value);
  return readOk(
    rows.value.map((row) => ({
      ...{ name: row.Name, role: row.Role, holder },
      ...heldBy(row, names),
      scope: scopeOf(row, scopes.value),
    })),
  );
}

/** What is assigned to somebody, and in force. @param assignee an id that Exchange knows. */
export async function readCmdletRows(tenant: Tenant, assignee: string): Promise<Read<RoleAssignmentRow[]>> {
  const rows = await tenant.adminApi.list(
    {
      name: 'Get-ManagementRoleAssignment',
      // Without this the delegating entry of Organization Management comes as well.
      parameters: { RoleAssignee: assignee, Delegating: false, Enabled: true },
    },
    RoleAssignmentRow,
    { what: 'the role assignments of Exchange', permission },
  );
  if (isNotFound(rows)) return readOk([]);
  return rows.ok ? readOk(rows.value.filter((row) => row.Enabled && !isDelegating(row))) : rows;
}

function isDelegating({ RoleAssignmentDelegationType: type }: RoleAssignmentRow): boolean {
  return /^delegating/i.test(type ?? '');
}

function namesOf(principal: PrincipalRow): ReadonlySet<string> {
  return new Set(Object.values(principal).flatMap((name) => (name ? [name.toLowerCase()] : [])));
}

/**
 * Asked for an identity that it does not know, Exchange has been seen to give everything. So a direct assignment counts
 * for certain only when it names the holder.
 */
function heldBy(
  row: RoleAssignmentRow,
  names: ReadonlySet<string>,
): Pick<RoleAssignment, 'doubt' | 'through'> {
  const name = row.RoleAssigneeName ?? row.RoleAssignee ?? '';
  if (/group$/i.test(row.RoleAssigneeType)) {
    return isSame(row.AssignmentMethod, 'Direct')
      ? { through: name, doubt: "Exchange gives it as the group's own, and not as the holder's" }
      : { through: name };
  }
  const isNamed = [row.RoleAssignee, row.RoleAssigneeName].some((assignee) =>
    names.has(assignee?.toLowerCase() ?? ''),
  );
  return isNamed
    ? {}
    : { through: name, doubt: 'Exchange names somebody else as the holder of this assignment' };
}

/**
 * Where an assignment holds. Exchange names custom scopes, groups and administrative units in the same property, and
 * the kind beside it. https://learn.microsoft.com/powershell/module/exchange/new-managementroleassignment
 */
function scopeOf(row: RoleAssignmentRow, scopes: readonly ManagementScopeRow[]): Scope {
  const kind = (row.RecipientWriteScope ?? '').toLowerCase();
  const name = row.CustomResourceScope || row.CustomRecipientWriteScope || '';
  // What has no scope reaches everything, also when Exchange leaves the kind blank; not when it says nothing of one.
  if (
    name === '' &&
    row.RecipientWriteScope !== undefined &&
    ['', 'organization', 'not applicable', 'notapplicable'].includes(kind)
  ) {
    return { kind: 'organization' };
  }
  if (kind === 'administrativeunit') return { kind: 'administrativeUnit', id: name };
  if (kind === 'group') return { kind: 'group', id: name };
  const custom = scopes.find((scope) =>
    [scope.Name, scope.Identity, scope.Guid].some((id) => isSame(id, name)),
  );
  const filterScope = custom && toFilterScope(custom);
  if (filterScope !== undefined) return filterScope;
  const why = custom === undefined ? `its kind is "${row.RecipientWriteScope ?? ''}"` : 'it has no filter';
  return { kind: 'other', name: name === '' ? row.Name : name, why };
}

/** Undefined for a scope that is none of recipients: those have a filter. */
function toFilterScope({
  Name: name,
  RecipientFilter: filter,
  RecipientRoot,
  Exclusive,
}: ManagementScopeRow): FilterScope | undefined {
  if (!filter) return undefined;
  const root = RecipientRoot ? { root: RecipientRoot } : {};
  return { kind: 'filter', name, filter, ...root, ...(Exclusive ? { exclusive: true } : {}) };
}

function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
