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

/**
 * Flags as Microsoft writes them: each once, in one spelling and order, joined by a comma and a space. `None` stands for
 * none at all, which Graph also shows as null or as an empty text.
 */
export function passwordPolicies(flags: readonly string[]): string {
  const spelt = flags.map((flag) => known.find((name) => name.toLowerCase() === flag.toLowerCase()) ?? flag);
  return spelt.length === 0 ? 'None' : [...new Set(spelt)].sort(compareText).join(', ');
}
