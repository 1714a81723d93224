import type { Protocol } from './protocol';

/**
 * The roles of Exchange that a profile can name, with the protocols that each one opens. A role that is not here opens
 * nobody knows what: a profile cannot name it.
 * https://learn.microsoft.com/exchange/permissions-exo/application-rbac#supported-application-roles
 */
export const applicationRoles = {
  'Application Calendars.ReadWrite': ['graph'],
  'Application EWS.AccessAsApp': ['ews'],
  'Application Exchange Full Access': ['ews', 'graph'],
} as const satisfies Readonly<Record<string, readonly Protocol[]>>;

/** Roles of the service account that Exchange Online has retired, likewise. */
export const retiredRoles = {
  ApplicationImpersonation: ['ews'],
} as const satisfies Readonly<Record<string, readonly Protocol[]>>;

const opened: ReadonlyMap<string, readonly Protocol[]> = new Map(
  Object.entries({ ...applicationRoles, ...retiredRoles }).map(([role, protocols]) => [
    role.toLowerCase(),
    protocols,
  ]),
);

/** The protocols that a role opens, its name in any case; none for a role that no profile can name. */
export function protocolsOf(role: string): readonly Protocol[] {
  return opened.get(role.toLowerCase()) ?? [];
}
