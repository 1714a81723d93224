import { passwordExpiry as control } from '../../../../src/lib/controls/password-expiry';
import type {
  Domain,
  PasswordExpiryFacts,
  PasswordUser,
} from '../../../../src/lib/controls/password-expiry/facts';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { account, refused, requirement } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

const never = 2_147_483_647;

/** A domain with settings of its own, that states 90 days unless told. */
function domain(changes: Partial<Domain> = {}): Domain {
  return {
    id: 'contoso.com',
    authenticationType: 'Managed',
    isRoot: true,
    passwordValidityPeriodInDays: 90,
    ...changes,
  };
}

/** An account with the flag, in a domain where passwords expire otherwise, unless told. */
function factsOf(
  user: Partial<PasswordUser> = {},
  domains: readonly Domain[] = [domain()],
  created?: PasswordExpiryFacts['created'],
): PasswordExpiryFacts {
  const read = { user: readOk(account(user)), domains: readOk([...domains]) };
  return created === undefined ? read : { ...read, created };
}

const withoutFlag = { passwordPolicies: null };
const silent = domain({ passwordValidityPeriodInDays: null });
const aged = (created: string) => factsOf(withoutFlag, [silent], readOk(created));

function row(
  where: string,
  facts: PasswordExpiryFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
): Row<PasswordExpiryFacts> {
  return { where, facts, requirement: requirement(), verdict, codes };
}

const expires = ['violation password.expires'];
const elsewhere = ['unknown password.managedElsewhere'];
const ageUnclear = ['unknown password.ageUnclear'];
const neverByDomain = ['notice password.neverByDomain'];
const malformed = ['unknown unreadable.malformed'];
const unread = ['unknown unreadable.permission'];

describe('the verdict on the password', () => {
  testTable(
    control,
    [
      row('the account has the flag', factsOf(), 'compliant'),
      row(
        'the flag stands among others, in other letters',
        factsOf({ passwordPolicies: 'DisableStrongPassword,disablepasswordexpiration' }),
        'compliant',
      ),
      row('the domain states 90 days', factsOf(withoutFlag), 'nonCompliant', expires),
      row(
        'the flags are about something else',
        factsOf({ passwordPolicies: 'DisableStrongPassword' }),
        'nonCompliant',
        expires,
      ),
      row(
        'the domain states never',
        factsOf(withoutFlag, [domain({ passwordValidityPeriodInDays: never })]),
        'compliant',
        neverByDomain,
      ),
      row(
        'it states one day less than never',
        factsOf(withoutFlag, [domain({ passwordValidityPeriodInDays: never - 1 })]),
        'nonCompliant',
        expires,
      ),
      row(
        'the domain above states it for a sub-domain',
        factsOf({ ...withoutFlag, userPrincipalName: 'svc@eu.contoso.com' }, [
          ...[domain({ id: 'eu.contoso.com', isRoot: false, passwordValidityPeriodInDays: null }), domain()],
        ]),
        'nonCompliant',
        expires,
      ),
      row('nothing is stated in an old tenant', aged('2021-09-30T23:59:59Z'), 'nonCompliant', [
        'violation password.domainDefault',
      ]),
      row('nothing is stated in a young tenant', aged('2021-12-01T00:00:00Z'), 'compliant', neverByDomain),
      row(
        'nothing is stated in a tenant of that autumn',
        aged('2021-10-01T00:00:00Z'),
        'unknown',
        ageUnclear,
      ),
      row('the tenant is younger than now', aged('2026-11-23T02:00:01Z'), 'unknown', ageUnclear),
      row('the account is a guest', factsOf({ userType: 'Guest' }), 'unknown', elsewhere),
      row(
        'the domain is federated, whatever the flag says',
        factsOf({}, [domain({ authenticationType: 'Federated' })]),
        'unknown',
        elsewhere,
      ),
      row('the account is synchronised', factsOf({ onPremisesSyncEnabled: true }), 'compliant', [
        'notice password.synchronised',
      ]),
      row(
        'a flag beside the right one is not documented',
        factsOf({ passwordPolicies: 'DisablePasswordExpiration, Whatever' }),
        'unknown',
        malformed,
      ),
      row(
        'such a flag stands alone, and the domain states 90 days',
        factsOf({ passwordPolicies: 'Whatever' }),
        'nonCompliant',
        expires,
      ),
    ],
    [
      row('the account could not be read', { user: refused, domains: readOk([domain()]) }, 'unknown', unread),
      row('the domains could not be read', { ...factsOf(), domains: refused }, 'unknown', unread),
      row('the domain is not in the list', factsOf({}, []), 'unknown', ['unknown unreadable.notFound']),
      row('its type is not documented', factsOf({ userType: 'Visitor' }), 'unknown', malformed),
      row(
        'who keeps the passwords is not documented',
        factsOf({}, [domain({ authenticationType: 'Elsewhere' })]),
        'unknown',
        malformed,
      ),
      row(
        'the validity is none',
        factsOf(withoutFlag, [domain({ passwordValidityPeriodInDays: 0 })]),
        'unknown',
        malformed,
      ),
    ],
  );

  // With a code of its own, which says that the flag would settle it.
  it.each([refused, undefined])('is unknown where nobody could tell the age of the tenant', (created) => {
    const { verdict, reasons } = control.evaluate(factsOf(withoutFlag, [silent], created), requirement());
    expect(verdict).toBe('unknown');
    expect(reasons).toMatchObject([{ code: 'password.ageUnclear' }]);
  });
});
