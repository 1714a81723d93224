import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'impersonation.none': { level: 'violation', title: 'No role that reaches the rooms is assigned' },
  'impersonation.roleRetired': {
    level: 'violation',
    title: 'The only role is one that Exchange Online has retired',
  },
  'impersonation.notRegistered': {
    level: 'violation',
    title: 'Exchange does not know the application',
  },
  // How the product works does not change from night to night: whoever knows it may say so for good.
  'impersonation.protocolUnconfirmed': {
    level: 'unknown',
    acceptable: true,
    title: 'The rooms are reached by one protocol, and which one is used is not known',
  },
  'impersonation.roomNotCovered': { level: 'violation', title: 'A room is not reached' },
  'impersonation.strayMailbox': { level: 'violation', title: 'A mailbox that is no room is within reach' },
  'impersonation.unscoped': { level: 'violation', title: 'A role holds for the whole organisation' },
  'impersonation.excessRole': { level: 'violation', title: 'A role is assigned that nobody asked for' },
  'impersonation.tenantWideGrant': {
    level: ['notice', 'violation'],
    title: 'A permission reaches every mailbox whatever the scopes say',
  },
  'impersonation.policyBlocks': {
    level: 'violation',
    title: 'A policy keeps the permission of the application from a room',
  },
  'impersonation.scopeUnresolved': {
    level: 'unknown',
    acceptable: true,
    title: 'Who is within a scope, or a room of the target, cannot be told',
  },
  // Not acceptable: one of the two is wrong about whether bookings are synced.
  'impersonation.disputed': {
    level: 'unknown',
    title: "Exchange's own test of a room says something else",
  },
  'impersonation.roomListMissing': { level: 'violation', title: 'A room list of the target does not exist' },
  'impersonation.noRooms': { level: 'violation', title: 'There is no room' },
  // What the vendor needs does not change from night to night: whoever has asked may say that it is well.
  'impersonation.notKnown': {
    level: 'unknown',
    acceptable: true,
    title: 'How the vendor gets access to rooms is not all known',
  },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
