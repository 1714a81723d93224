import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'license.none': { level: 'violation', title: 'No licence is assigned' },
  'license.belowRequired': { level: 'violation', title: 'The licences are not enough' },
  'license.exchangePlanDisabled': {
    level: 'violation',
    title: 'Exchange Online is switched off in the licence',
  },
  'license.assignmentError': { level: 'violation', title: 'The licence could not be assigned' },
  'license.suspended': { level: 'violation', title: 'The licence is assigned and does not work' },
  // Not acceptable: it passes, or becomes something else.
  'license.unsettled': { level: 'unknown', title: 'A change of the licence is still spreading' },
  'license.grace': { level: 'notice', title: 'The licence works until its grace period ends' },
  'license.fromGroup': { level: 'notice', title: 'The licence comes from a group alone' },
  'license.noSpareSeats': { level: 'notice', title: 'No seat is free for a repair' },
  // What the vendor needs does not change from night to night: whoever has asked may say that it is well.
  'license.notKnown': {
    level: 'unknown',
    acceptable: true,
    title: 'Whether the vendor needs a licence is not known',
  },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
