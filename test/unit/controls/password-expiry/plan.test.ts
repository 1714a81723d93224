import { passwordExpiry } from '../../../../src/lib/controls/password-expiry';
import { evaluate } from '../../../../src/lib/controls/password-expiry/evaluate';
import type { Domain, PasswordExpiryFacts } from '../../../../src/lib/controls/password-expiry/facts';
import { observe, plan as planEvaluated } from '../../../../src/lib/controls/password-expiry/plan';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import {
  account,
  accountId,
  complaintsAboutChanges,
  kept,
  notFound,
  refused,
  requirement,
  reversed,
  undoing,
} from '../../../support/planning';
import { planning } from '../../../support/planning';

const plan = planning({ evaluate, plan: planEvaluated });

const url = `/v1.0/users/${accountId}`;
const never = 2_147_483_647;
const both = 'DisablePasswordExpiration, DisableStrongPassword';

interface Given extends Partial<Domain> {
  policies?: string | null;
  synchronised?: boolean;
  userType?: string;
  created?: PasswordExpiryFacts['created'];
}

/** An account with these flags in a managed domain whose passwords are valid for 90 days, unless told. */
function facts({
  policies = null,
  synchronised = false,
  userType = 'Member',
  created,
  ...domain
}: Given): PasswordExpiryFacts {
  const contoso: Domain = {
    ...{ id: 'contoso.com', authenticationType: 'Managed', isRoot: true, passwordValidityPeriodInDays: 90 },
  };
  const initial = { ...contoso, id: 'contoso.onmicrosoft.com' };
  return {
    user: readOk(account({ passwordPolicies: policies, onPremisesSyncEnabled: synchronised, userType })),
    domains: readOk([initial, { ...contoso, ...domain }]),
    ...(created === undefined ? {} : { created }),
  };
}

/** The domain says nothing, in a tenant that was created then. */
const unstated = (created: string): Given => ({
  ...{ passwordValidityPeriodInDays: null, created: readOk(created) },
});
const planned = (given: Given) => plan(facts(given), requirement());
const onlyChange = (given: Given) => {
  const [change] = planned(given).changes;
  if (change === undefined) throw new Error('A change was expected.');
  return change;
};

describe('the plan of password-expiry', () => {
  it('sets the flag, and has a way back', () => {
    expect(planned({ policies: null })).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^1-set-password-never-expires-[0-9a-f]{16}$/) as string,
          description:
            'Set that the password of svc-condeco@contoso.com never expires (passwordPolicies: DisablePasswordExpiration).',
          request: { method: 'PATCH', url, body: { passwordPolicies: 'DisablePasswordExpiration' } },
          before: 'None',
          after: 'DisablePasswordExpiration',
          undo: { method: 'PATCH', url, body: { passwordPolicies: 'None' } },
          permission: 'User.ReadWrite.All',
        },
      ],
      manualSteps: [],
    });
  });

  it.each([
    ['DisableStrongPassword', 'DisableStrongPassword', both],
    ['disablestrongpassword', 'DisableStrongPassword', both],
    [' DisableStrongPassword ,None', 'DisableStrongPassword', both],
    ['DisableStrongPassword,Another', 'Another, DisableStrongPassword', `Another, ${both}`],
  ])('keeps the flags "%s", and puts back exactly that', (policies, before, after) => {
    expect(onlyChange({ policies })).toMatchObject({
      request: { body: { passwordPolicies: after } },
      before,
      after,
      undo: { body: { passwordPolicies: policies } },
    });
  });

  it('is the same for null, an empty text and None', () => {
    expect(planned({ policies: '' })).toEqual(planned({ policies: null }));
    expect(planned({ policies: 'None' })).toEqual(planned({ policies: null }));
  });

  it.each<[string, Given]>([
    ['the domain says nothing, in an old tenant', unstated('2016-04-12T09:30:00Z')],
    ['the domain says nothing, in a tenant of which the age does not tell', unstated('2021-11-02T09:30:00Z')],
    ['the account is synchronised', { synchronised: true }],
  ])('is the same where %s', (_case, given) => {
    expect(planned(given)).toEqual(planned({}));
  });

  it.each<[string, Given]>([
    ['the flag is there', { policies: both }],
    ['the flag is there in another case', { policies: 'disablepasswordexpiration' }],
    ['the domain never lets a password expire', { passwordValidityPeriodInDays: never }],
    ['the domain says nothing, in a young tenant', unstated('2023-02-01T00:00:00Z')],
    ['a flag is not understood', { policies: 'DisablePasswordExpiration, Another' }],
    ['the domain makes no sense', { passwordValidityPeriodInDays: 0 }],
    ['Active Directory decides', { policies: 'DisablePasswordExpiration', synchronised: true }],
  ])('is empty where %s', (_case, given) => {
    expect(planned(given)).toEqual({ changes: [], manualSteps: [] });
  });

  it.each<[string, Given, string, string]>([
    [
      'the domain is federated',
      { authenticationType: 'Federated' },
      'the password of svc-condeco@contoso.com does not expire: the domain is federated',
      'concept-sspr-policy',
    ],
    ['the account is a guest', { userType: 'Guest' }, 'in the tenant that', 'concept-sspr-policy'],
    [
      'the age of the tenant could not be read',
      { passwordValidityPeriodInDays: null, created: refused },
      'Organization.Read.All',
      'set-password-to-never-expire',
    ],
  ])('takes a person where %s', (_case, given, description, link) => {
    const { changes, manualSteps } = planned(given);
    expect(changes).toEqual([]);
    expect(manualSteps).toEqual([
      {
        description: expect.stringContaining(description) as string,
        link: expect.stringContaining(link) as string,
      },
    ]);
  });

  it.each<[string, Partial<PasswordExpiryFacts>]>([
    ['the account could not be read', { user: refused }],
    ['the account does not exist', { user: notFound }],
    ['the domains could not be read', { domains: refused }],
    ['the domain is not among them', { domains: readOk([]) }],
  ])('is empty when %s', (_case, unread) => {
    expect(plan({ ...facts({}), ...unread }, requirement())).toEqual({ changes: [], manualSteps: [] });
  });

  it('does not depend on the order of domains and flags, and its id tells flags apart', () => {
    expect(plan(reversed(facts({})), requirement())).toEqual(planned({}));
    const first = onlyChange({ policies: 'Another, DisableStrongPassword' });
    expect(onlyChange({ policies: 'DisableStrongPassword, Another' }).id).toBe(first.id);
    expect(onlyChange({ policies: 'DisableStrongPassword' }).id).not.toBe(first.id);
  });

  it('asks for what Microsoft describes, with a permission that the control names', () => {
    const change = onlyChange({ policies: 'DisableStrongPassword' });
    expect(complaintsAboutChanges([change])).toEqual([]);
    expect(passwordExpiry.permissions.write.map(({ name }) => name)).toEqual([change.permission]);
  });
});

describe('what is observed of a password', () => {
  it.each([
    [null, 'None', 'DisablePasswordExpiration'],
    ['', 'None', 'DisablePasswordExpiration'],
    ['DisableStrongPassword', 'DisableStrongPassword', both],
  ])('is what the plan says with the flags %p, in both directions', (policies, before, after) => {
    const change = kept(onlyChange({ policies }));
    expect([change.before, change.after]).toEqual([before, after]);
    expect(observe(facts({ policies }), change)).toBe(before);
    expect(observe(facts({ policies: after.split(', ').reverse().join(',') }), change)).toBe(after);
    const back = undoing(onlyChange({ policies }));
    expect(observe(facts({ policies: policies ?? 'None' }), back)).toBe(back.after);
  });

  it('is undefined when the account could not be read, or is another one', () => {
    const change = kept(onlyChange({}));
    expect(observe({ ...facts({}), user: refused }, change)).toBeUndefined();
    expect(observe({ ...facts({}), user: readOk(account({ id: 'another' })) }, change)).toBeUndefined();
  });
});
