import type { Profile } from '../profiles';
import type { Unknown } from '../profiles/access';
import type { ReasonWith } from './codes';

const needs: Readonly<Record<Unknown, string>> = {
  permissions: 'permissions',
  access: 'access to its rooms',
  licence: 'a licence',
  rooms: 'its rooms',
  protocol: 'Exchange Web Services',
};

/**
 * One reason where the vendor's pages leave something open that a control asks for: nobody can say that it is fine. Whoever
 * has asked the vendor may accept it.
 */
export function notKnown<Code extends string>(
  { name, notKnown: entries }: Profile,
  what: Unknown,
  code: Code,
): (ReasonWith<Code> & { level: 'unknown' })[] {
  return entries
    .filter((entry) => entry.what === what)
    .map(({ why }) => ({
      ...{ code, level: 'unknown', resource: name },
      message: `Not all is known of what ${name} needs of ${needs[what]}: ${why}`,
      expected: "what the vendor's pages say",
      actual: why,
    }));
}

/** Whether the vendor's pages leave it open. */
export function isNotKnown({ notKnown: entries }: Profile, what: Unknown): boolean {
  return entries.some((entry) => entry.what === what);
}
