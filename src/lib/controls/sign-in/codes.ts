import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'signin.blocked': { level: 'violation', title: 'A policy blocks the sign-in' },
  'signin.controlRequired': {
    level: 'violation',
    title: 'A policy demands what an unattended sign-in cannot give',
  },
  'signin.conditional': {
    level: ['unknown', 'notice'],
    acceptable: true,
    title: 'A policy may stop the sign-in, depending on what is not known here',
  },
  'signin.reportOnly': { level: 'notice', title: 'A policy that only reports would stop the sign-in' },
  'signin.securityDefaults': { level: 'violation', title: 'Security defaults are on' },
  'signin.perUserMfa': { level: 'violation', title: 'Multifactor authentication is on for the account' },
  'signin.failing': { level: 'violation', title: 'The latest sign-ins failed' },
  'signin.silent': { level: ['violation', 'notice'], title: 'Nothing has signed in for days' },
  'signin.noLog': { level: 'notice', title: 'The tenant has no licence for the sign-in log' },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
