import type { ClientApp } from '../../microsoft365/directory/client-app';
import type { ReadFailure } from '../../microsoft365/wire/read';
import type { Reason } from './codes';

/** What Microsoft says of an application that it has disabled. https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const byMicrosoft = 'DisabledDueToViolationOfServicesAgreement';

/** How an application is kept from working: by the tenant's administrators, and by Microsoft. */
export interface Disablement {
  isByTenant: boolean;
  /** `unknown`: Microsoft says something of it that is not understood. */
  isByMicrosoft: boolean | 'unknown';
}

/**
 * Tells who has disabled the application: both, one of them, or nobody. Of the tenant two switches count:
 * `accountEnabled`, and the newer `isDisabled`.
 */
export function disablementOf(client: ClientApp): Disablement {
  const status = (client.disabledByMicrosoftStatus ?? 'NotDisabled').toLowerCase();
  return {
    isByTenant: !client.accountEnabled || client.isDisabled === true,
    isByMicrosoft: status === byMicrosoft.toLowerCase() || (status === 'notdisabled' ? false : 'unknown'),
  };
}

/** One violation for each of the two: what one of them means does not depend on the other. */
export function appDisabled(
  client: ClientApp,
  clientAppId: string,
): { reasons: Reason[]; unread: ReadFailure[] } {
  const name = client.displayName ?? clientAppId;
  const { isByTenant, isByMicrosoft } = disablementOf(client);
  const code = 'consent.appDisabled';
  const violation = { code, level: 'violation', resource: clientAppId, expected: 'enabled' } as const;
  const inTenant = `The application ${name} is disabled in this tenant: nobody can sign in with it.`;
  const everywhere = `Microsoft has disabled the application ${name} (${byMicrosoft}).`;
  const message = `Could not tell whether Microsoft has disabled the application ${name}: Microsoft Graph gives ${client.disabledByMicrosoftStatus ?? ''} as its disabledByMicrosoftStatus, which is not known here.`;
  return {
    reasons: [
      ...(isByTenant ? [{ ...violation, message: inTenant, actual: 'disabled' }] : []),
      ...(isByMicrosoft === true ? [{ ...violation, message: everywhere, actual: byMicrosoft }] : []),
    ],
    unread: isByMicrosoft === 'unknown' ? [{ cause: 'malformed', message }] : [],
  };
}
