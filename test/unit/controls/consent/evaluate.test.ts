import { consent as control } from '../../../../src/lib/controls/consent';
import type { ConsentFacts } from '../../../../src/lib/controls/consent/collect';
import type { AppRegistration } from '../../../../src/lib/microsoft365/directory/app-registration';
import type { ClientApp } from '../../../../src/lib/microsoft365/directory/client-app';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import type { Verdict } from '../../../../src/lib/model/verdict';
import {
  accountId,
  clientApp,
  notFound,
  refused,
  requirement,
  silentOn,
  tenantId,
} from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';
import * as given from './plan-facts';

const { another, calendars, client, exchange, grant, graph, mailReadWrite, role, workHours } = given;
const { healthyRoles } = given;

/** Facts of an application that has everything it needs and nothing else, unless told. */
function factsOf(changes: Partial<ConsentFacts> = {}): ConsentFacts {
  return { ...given.facts(), ...changes };
}

const withRoles = (...roles: ReturnType<typeof role>[]) => factsOf({ appRoles: readOk(roles) });
const withGrants = (...grants: ReturnType<typeof grant>[]) => factsOf({ grants: readOk(grants) });
const withApp = (app: Partial<ClientApp>, changes: Partial<ConsentFacts> = {}) =>
  factsOf({ client: readOk(clientApp(app)), ...changes });
/** Only those who are assigned to the application may sign in. */
const assigned = (accountAssignments: ConsentFacts['accountAssignments']) =>
  withApp(
    { appRoleAssignmentRequired: true },
    accountAssignments === undefined ? {} : { accountAssignments },
  );

/** The requirements are of 2026-11-23T02:00:00Z. */
const until = (endDateTime: string, startDateTime: string | null = '2026-01-01T00:00:00Z') => ({
  startDateTime,
  endDateTime,
});
/** An application that is registered in this tenant, with what it signs in with. */
const registered = (credentials: Partial<AppRegistration>, app: Partial<ClientApp> = {}) =>
  withApp(
    { appOwnerOrganizationId: tenantId, ...app },
    {
      registration: readOk({
        ...{ passwordCredentials: [], keyCredentials: [], federatedIdentityCredentials: [] },
        ...credentials,
      }),
    },
  );
const secrets = (...passwordCredentials: ReturnType<typeof until>[]) => registered({ passwordCredentials });

function row(
  where: string,
  facts: ConsentFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
  options: Partial<StoredTarget> = {},
): Row<ConsentFacts> {
  return { where, facts, requirement: requirement(options), verdict, codes };
}

const missing = ['violation consent.missing'];
const lookalike = ['violation consent.lookalike'];
const excess = ['violation consent.excess'];
const disabled = ['violation consent.appDisabled'];
const wrongPrincipal = ['violation consent.wrongPrincipal'];
const orphaned = ['notice consent.orphaned'];
const unread = ['unknown unreadable.permission'];
const malformed = ['unknown unreadable.malformed'];
const expired = ['violation consent.credentialExpired'];
const expiring = ['violation consent.credentialExpiring'];
const expiringLater = ['notice consent.credentialExpiring'];
const userRead = grant(graph, 'User.Read openid');
const ews = grant(exchange, 'EWS.AccessAsUser.All');
const whole = [...healthyRoles, role(graph, mailReadWrite)];

describe('the verdict on consent', () => {
  testTable(
    control,
    [
      row('it holds exactly what is needed', factsOf(), 'compliant'),
      row('it is not in the tenant', factsOf({ client: notFound }), 'nonCompliant', [
        'violation consent.appMissing',
      ]),
      row('the tenant has disabled it', withApp({ accountEnabled: false }), 'nonCompliant', disabled),
      row(
        'the tenant has disabled it in the newer way',
        withApp({ isDisabled: true }),
        'nonCompliant',
        disabled,
      ),
      row(
        'Microsoft has disabled it',
        withApp({ disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' }),
        'nonCompliant',
        disabled,
      ),
      row('an application permission is missing', withRoles(), 'nonCompliant', missing),
      row('a delegated permission is missing', withGrants(ews), 'nonCompliant', missing),
      row('what is granted only looks like it', withRoles(role(graph, workHours)), 'nonCompliant', lookalike),
      row('the retired API alone has it', withRoles(role(exchange, calendars)), 'compliant', [
        'notice consent.legacyResource',
      ]),
      row(
        'it is granted for another user',
        withGrants(ews, grant(graph, 'User.Read', another)),
        'nonCompliant',
        wrongPrincipal,
      ),
      row(
        'it is granted for the account alone',
        withGrants(ews, grant(graph, 'User.Read', accountId)),
        'compliant',
      ),
      row('another one is granted beside it', withRoles(...whole), 'nonCompliant', excess),
      row('the target allows that', withRoles(...whole), 'compliant', [], {
        allowedExtraGrants: ['Mail.ReadWrite'],
      }),
      row(
        'another one is granted to somebody else',
        withGrants(userRead, ews, grant(graph, 'Mail.Read', another)),
        'compliant',
      ),
      row(
        'the resource of another one is gone',
        factsOf({
          appRoles: readOk([...healthyRoles, role(another, mailReadWrite)]),
          names: new Map([[another, notFound]]),
        }),
        'compliant',
        orphaned,
      ),
      row('the account is not assigned to it', assigned(readOk([])), 'nonCompliant', [
        'violation consent.assignmentRequired',
      ]),
      row('the account is assigned to it', assigned(readOk([role(client, calendars)])), 'compliant'),
      row('its secret ends in half a year', secrets(until('2027-05-23T02:00:00Z')), 'compliant'),
      row('its secret ends in 91 days', secrets(until('2027-02-22T02:00:00Z')), 'compliant'),
      row('its secret ends in 90 days', secrets(until('2027-02-21T02:00:00Z')), 'compliant', expiringLater),
      row('its secret ends in 31 days', secrets(until('2026-12-24T02:00:00Z')), 'compliant', expiringLater),
      row('its secret ends in 30 days', secrets(until('2026-12-23T02:00:00Z')), 'nonCompliant', expiring),
      row('its secret ends this second', secrets(until('2026-11-23T02:00:00Z')), 'nonCompliant', expired),
      row('its secret has ended', secrets(until('2026-11-22T00:00:00Z')), 'nonCompliant', expired),
      row(
        'one of two secrets has ended',
        secrets(until('2026-11-22T00:00:00Z'), until('2028-01-01T00:00:00Z')),
        'compliant',
      ),
      row(
        'the next secret holds before the last one ends',
        secrets(until('2026-11-25T00:00:00Z'), until('2028-01-01T00:00:00Z', '2026-11-24T00:00:00Z')),
        'compliant',
      ),
      row(
        'the next secret leaves a gap',
        secrets(until('2026-11-25T00:00:00Z'), until('2028-01-01T00:00:00Z', '2026-11-26T00:00:00Z')),
        'nonCompliant',
        expiring,
      ),
      row(
        'its only secret does not hold yet',
        secrets(until('2028-01-01T00:00:00Z', '2026-11-26T00:00:00Z')),
        'nonCompliant',
        expired,
      ),
      row('a secret holds from the beginning', secrets(until('2028-01-01T00:00:00Z', null)), 'compliant'),
      row(
        'its certificate has ended',
        registered({ keyCredentials: [{ ...until('2026-11-22T00:00:00Z'), usage: 'Verify' }] }),
        'nonCompliant',
        expired,
      ),
      row(
        'its secret has ended, and its certificate has not',
        registered({
          passwordCredentials: [until('2026-11-22T00:00:00Z')],
          keyCredentials: [{ ...until('2028-01-01T00:00:00Z'), usage: 'Verify' }],
        }),
        'compliant',
      ),
      row(
        'what has not ended is a certificate that it does not sign in with',
        registered({
          passwordCredentials: [until('2026-11-22T00:00:00Z')],
          keyCredentials: [{ ...until('2028-01-01T00:00:00Z'), usage: 'Sign' }],
        }),
        'nonCompliant',
        expired,
      ),
      row(
        'its secret has ended, and a federated credential, which does not end, is there',
        registered({
          passwordCredentials: [until('2026-11-22T00:00:00Z')],
          federatedIdentityCredentials: [{ name: 'vendor' }],
        }),
        'compliant',
      ),
      row('it has no secret, and signs in with an account', registered({}), 'compliant'),
      row(
        'it has no secret, and signs in as itself',
        { ...registered({}), account: null, appRoles: readOk([]), grants: readOk([]) },
        'nonCompliant',
        expired,
        { profile: 'planon-connect-for-calendars' },
      ),
      row(
        'it is registered in another tenant, and its registration could not be read',
        withApp({ appOwnerOrganizationId: another }, { registration: refused }),
        'compliant',
      ),
      {
        ...row("the vendor's pages do not name all permissions", factsOf(), 'unknown', [
          'unknown consent.notKnown',
        ]),
        requirement: silentOn('permissions'),
      },
      {
        ...row('one is there that may be one of those', withRoles(...whole), 'unknown', [
          'unknown consent.notKnown',
        ]),
        requirement: silentOn('permissions'),
      },
      {
        ...row('one is missing that they do name', withRoles(), 'nonCompliant', [
          ...missing,
          'unknown consent.notKnown',
        ]),
        requirement: silentOn('permissions'),
      },
      row(
        'a violation holds whatever could not be read',
        withApp({ accountEnabled: false }, { grants: refused }),
        'nonCompliant',
        [...disabled, ...unread],
      ),
    ],
    [
      row('the application could not be read', factsOf({ client: refused }), 'unknown', unread),
      row('its own permissions could not be read', factsOf({ appRoles: refused }), 'unknown', unread),
      row('its delegated permissions could not be read', factsOf({ grants: refused }), 'unknown', unread),
      row(
        'one is missing, and what is granted in its place could not be read',
        factsOf({ appRoles: readOk([]), grants: refused }),
        'unknown',
        unread,
      ),
      row(
        'a resource could not be read',
        factsOf({
          resources: { 'Microsoft Graph': refused, 'Office 365 Exchange Online': readOk(exchange) },
        }),
        'unknown',
        unread,
      ),
      row(
        'it is not known whose grant it is',
        factsOf({
          account: refused,
          grants: readOk([ews, grant(graph, 'User.Read', accountId)]),
        }),
        'unknown',
        unread,
      ),
      row(
        'what another permission is called could not be read',
        factsOf({
          appRoles: readOk([...healthyRoles, role(another, mailReadWrite)]),
          names: new Map([[another, refused]]),
        }),
        'unknown',
        unread,
      ),
      row(
        'its registration could not be read',
        withApp({ appOwnerOrganizationId: tenantId }, { registration: refused }),
        'unknown',
        unread,
      ),
      row(
        'it is not known in which tenant it is registered',
        factsOf({ registration: refused }),
        'unknown',
        unread,
      ),
      row(
        'it belongs to this tenant, and its registration is not there',
        withApp({ appOwnerOrganizationId: tenantId }),
        'unknown',
        ['unknown unreadable.notFound'],
      ),
      row('its assignments could not be read', assigned(refused), 'unknown', unread),
      row(
        'what Microsoft says of it is not documented',
        withApp({ disabledByMicrosoftStatus: 'DisabledForAnotherReason' }),
        'unknown',
        malformed,
      ),
      row(
        'for whom a grant holds is not documented',
        withGrants(ews, { ...userRead, consentType: 'SomePrincipals' }),
        'unknown',
        malformed,
      ),
    ],
  );
});
