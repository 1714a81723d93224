import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'account.notFound': { level: 'violation', title: 'The account does not exist' },
  'account.deleted': { level: 'violation', title: 'The account was deleted, and can still be restored' },
  'account.signInBlocked': { level: 'violation', title: 'Sign-in is blocked' },
  'account.guest': { level: 'violation', title: 'The account belongs to another tenant' },
  'account.mailboxMissing': { level: 'violation', title: 'It has an Exchange plan and no mailbox' },
  'account.mailboxUnproved': { level: 'unknown', title: 'Whether it has a mailbox cannot be told' },
  'account.renamed': { level: 'notice', title: 'It is called something else than the target says' },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
