import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'ews.disabledForOrganization': {
    level: 'violation',
    title: 'Exchange Web Services are off for the organisation',
  },
  'ews.appNotAllowed': { level: ['violation', 'notice'], title: 'The application is not let in' },
  'ews.notPrepared': {
    level: ['violation', 'notice'],
    title: 'It works until Microsoft switches it off',
  },
  'ews.userAgentsRefused': { level: 'violation', title: 'Rules on user agents let nobody in' },
  'ews.userAgentsUnknown': {
    level: 'unknown',
    acceptable: true,
    title: 'Rules on user agents may keep the product out',
  },
  'ews.disabledForMailbox': { level: 'violation', title: 'Exchange Web Services are off for the mailbox' },
  'ews.retiring': { level: 'notice', title: 'It works until Exchange Web Services end' },
  'ews.retired': { level: 'violation', title: 'Exchange Web Services have ended' },
  // How the product works does not change from night to night: whoever has asked the vendor may say that it is well.
  'ews.notKnown': {
    level: 'unknown',
    acceptable: true,
    title: 'Whether the product uses Exchange Web Services is not known',
  },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
