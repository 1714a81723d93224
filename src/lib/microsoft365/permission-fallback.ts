import type { Permission } from './permissions';

/** A permission, and what serves in its place: the smallest first. */
export function thatServe(permission: Permission): readonly [Permission, ...Permission[]] {
  return permission.fallback === undefined ? [permission] : [permission, permission.fallback];
}

/** The permission by which somebody who holds these names is served; undefined when none of them does. */
export function servedBy(permission: Permission, held: readonly string[]): Permission | undefined {
  return thatServe(permission).find(({ name }) => held.includes(name));
}

/** What an administrator has to grant, in words: `A or B` where either is enough, since a tenant may not have the first. */
export function fallbackWords(permission: Permission): string {
  return thatServe(permission)
    .map(({ name }) => name)
    .join(' or ');
}
