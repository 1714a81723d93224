import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'ews.disabledForOrganization': {
    level: 'violation',
    title: 'Exchange Web Services are off for the organisation',
  },
  'ews.appNotAllowed': { level: 'violation', title: 'The application is not let in' },
  'ews.notYetSwitched': { level: 'notice', title: 'It works until Microsoft switches it off' },
  'ews.disabledForMailbox': { level: 'violation', title: 'Exchange Web Services are off for the mailbox' },
  'ews.retiring': { level: 'notice', title: 'It works until Exchange Web Services end' },
  'ews.retired': { level: 'violation', title: 'Exchange Web Services have ended' },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
