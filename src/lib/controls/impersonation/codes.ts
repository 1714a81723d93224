import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'impersonation.none': { level: 'violation', title: 'No role that reaches the rooms is assigned' },
  'impersonation.roleRetired': {
    level: 'violation',
    title: 'The only role is one that Exchange Online has retired',
  },
  'impersonation.roomNotCovered': { level: 'violation', title: 'A room is not reached' },
  'impersonation.strayMailbox': { level: 'violation', title: 'A mailbox that is no room is within reach' },
  'impersonation.unscoped': { level: 'violation', title: 'A role holds for the whole organisation' },
  'impersonation.tenantWideGrant': {
    level: ['notice', 'violation'],
    title: 'A permission reaches every mailbox whatever the scopes say',
  },
  'impersonation.scopeUnresolved': {
    level: 'unknown',
    acceptable: true,
    title: 'Who is within a scope cannot be told',
  },
  'impersonation.noRooms': { level: 'violation', title: 'There is no room' },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
