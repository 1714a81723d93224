import { digest } from '../plan';

/** The most characters that Exchange takes. https://learn.microsoft.com/powershell/module/exchange/new-managementscope */
const longestName = 64;
const digestLength = 12;

/**
 * The name of the scope, and of the assignment, that a repair of this target makes. Only what has this name may be
 * changed. A target's id can be too long for it: then a digest in place of its end keeps two targets apart.
 * @param suffix tells a second assignment from the first, where both are needed.
 */
export function ownName(targetId: string, suffix = ''): string {
  const name = `Syncwarden-${targetId}${suffix}`;
  if (name.length <= longestName) return name;
  return `${name.slice(0, longestName - digestLength - 1)}-${digest(name).slice(0, digestLength)}`;
}

/** Names of Exchange are the same in any case. */
export function isNamed(name: string | undefined, wanted: string): boolean {
  return name?.toLowerCase() === wanted.toLowerCase();
}
