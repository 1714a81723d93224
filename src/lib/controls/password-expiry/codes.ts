import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'password.expires': { level: 'violation', title: 'The password expires' },
  'password.domainDefault': {
    level: 'violation',
    title: 'The default of the domain applies, by which the password expires',
  },
  'password.neverByDomain': { level: 'notice', title: 'It never expires by the setting of the domain alone' },
  // Not acceptable: nobody may have been able to look, and the flag on the account puts an end to it.
  'password.ageUnclear': { level: 'unknown', title: 'What the default of the domain is cannot be told' },
  'password.managedElsewhere': {
    level: 'unknown',
    acceptable: true,
    title: 'Somebody else keeps the password',
  },
  'password.synchronised': { level: 'notice', title: 'Active Directory may let the password expire' },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
