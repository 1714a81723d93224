import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'consent.appMissing': { level: 'violation', title: "The vendor's application is not in the tenant" },
  'consent.appDisabled': { level: 'violation', title: 'The application is disabled' },
  'consent.missing': { level: 'violation', title: 'A permission is missing' },
  'consent.lookalike': { level: 'violation', title: 'A permission looks right and is not' },
  'consent.legacyResource': { level: 'notice', title: 'A permission belongs to a retired API' },
  'consent.wrongPrincipal': { level: 'violation', title: 'A permission is granted to other users only' },
  'consent.excess': { level: 'violation', title: 'A permission is granted and not needed' },
  'consent.orphaned': { level: 'notice', title: 'A permission belongs to a resource that is gone' },
  'consent.credentialExpired': {
    level: 'violation',
    title: "The application's last secret or certificate has ended",
  },
  'consent.credentialExpiring': {
    level: ['violation', 'notice'],
    title: "The application's last secret or certificate ends soon",
  },
  'consent.assignmentRequired': {
    level: 'violation',
    title: 'The account is not assigned to the application',
  },
  // What the vendor needs does not change from night to night: whoever has asked may say that it is well.
  'consent.notKnown': {
    level: 'unknown',
    acceptable: true,
    title: 'What the vendor needs of permissions is not all known',
  },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
