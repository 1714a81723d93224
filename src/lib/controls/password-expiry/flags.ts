import { compareText } from '../evaluation';

/** The flag that makes a password never expire. */
export const neverExpires = 'DisablePasswordExpiration';

/** All flags that there are. https://learn.microsoft.com/graph/api/user-update */
const known = [neverExpires, 'DisableStrongPassword'];

/** `passwordPolicies` is one string of comma-separated flags, in any order and case, with or without spaces. */
export function passwordFlags(policies: string | null | undefined): string[] {
  return (policies ?? '')
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag.toLowerCase() !== 'none');
}

/** Whether one of these flags makes the password never expire. */
export function hasNeverExpires(flags: readonly string[]): boolean {
  return flags.some((flag) => spelt(flag) === neverExpires);
}

/** The flags that Microsoft does not document. */
export function unknownFlags(flags: readonly string[]): string[] {
  return flags.filter((flag) => spelt(flag) === undefined);
}

/**
 * Flags as Microsoft writes them: each once, in one spelling and order, joined by a comma and a space. `None` stands for
 * none at all, which Graph also shows as null or as an empty text.
 */
export function passwordPolicies(flags: readonly string[]): string {
  const all = flags.map((flag) => spelt(flag) ?? flag);
  return all.length === 0 ? 'None' : [...new Set(all)].sort(compareText).join(', ');
}

/** A flag in Microsoft's spelling; undefined for one that is not documented. */
function spelt(flag: string): string | undefined {
  return known.find((name) => name.toLowerCase() === flag.toLowerCase());
}
