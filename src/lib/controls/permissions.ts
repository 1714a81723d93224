import type { Permission } from '../microsoft365/permissions';
import type { Target } from '../model/target';
import type { Control } from './control';

/** What an identity is granted permissions for. */
export type Identity = 'read' | 'write';

/** A permission, and the controls that need it. */
export interface NeededPermission {
  /** With all that has to be granted beside it for these controls. */
  permission: Permission;
  controls: string[];
}

/** The permissions of one identity, each once, in the order of their names. */
export function permissionsOf(controls: readonly Control<unknown>[], identity: Identity): NeededPermission[] {
  const byKey = new Map<string, NeededPermission>();
  for (const { id, permissions } of controls) {
    for (const permission of permissions[identity]) {
      const key = `${permission.resource} ${permission.name}`;
      const entry = byKey.get(key) ?? { permission, controls: [] };
      if (!entry.controls.includes(id)) entry.controls.push(id);
      byKey.set(key, entry);
    }
  }
  const roles = exchangeRolesOf(controls, identity);
  return [...byKey.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { permission, controls: ids }]) => ({
      permission: withRoles(permission, roles),
      controls: ids,
    }));
}

/** The roles of Exchange without which a permission allows nothing, by the control that needs them. */
export function exchangeRolesOf(
  controls: readonly Control<unknown>[],
  identity: Identity,
): { control: string; role: string }[] {
  return controls.flatMap(({ id, permissions }) =>
    permissions[identity].flatMap(({ exchangeRole }) =>
      exchangeRole === undefined ? [] : { control: id, role: exchangeRole },
    ),
  );
}

function withRoles(permission: Permission, roles: ReturnType<typeof exchangeRolesOf>): Permission {
  if (permission.exchangeRole === undefined) return permission;
  const each = roles.map(({ control, role }) => `${role} for ${control}`).join(', ');
  const also = `the Microsoft Entra role Exchange Administrator, or a role group of Exchange with ${each}`;
  return { ...permission, also };
}

/** What a control needs to read a target with this reader of Exchange; nothing where it reads nothing with it. */
export function neededToRead(
  { permissions: { read, readWith = {} } }: Control<unknown>,
  reader: Target['exchangeReader'],
): readonly Permission[] {
  return readWith[reader] ?? read;
}

/** Permissions of several lists, each once. */
export function distinct(lists: readonly (readonly Permission[])[]): Permission[] {
  return [...new Set(lists.flat())];
}
