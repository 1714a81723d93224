import { grouped } from '../../../../src/lib/counted';
import type { Fault } from '../../../../local/simulator/faults';
import type { GraphObject } from '../../../../local/simulator/state';
import { SimulatedTenant, without } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const never = 2_147_483_647;
const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('password-expiry', options);

/** Sets what the account and the domain contoso.com say, beside what they say of a healthy tenant. */
function given(user: Partial<GraphObject>, domain: Partial<GraphObject> = {}): void {
  Object.assign(tenant.state.users[0] ?? {}, user);
  Object.assign(tenant.state.domains.find(({ id }) => id === 'contoso.com') ?? {}, domain);
}

/** Moves the account to a sub-domain of contoso.com. */
function inSubDomain(
  validity: number | null,
  id = 'rooms.contoso.com',
  change: Partial<GraphObject> = {},
): Partial<Parameters<typeof audit>[0]> {
  const [user] = tenant.state.users;
  const [domain] = tenant.state.domains;
  if (user === undefined || domain === undefined) throw new Error('Contoso is empty.');
  user.userPrincipalName = `svc@${id}`;
  tenant.state.domains.push({
    ...domain,
    id,
    isRoot: false,
    passwordValidityPeriodInDays: validity,
    ...change,
  });
  return { serviceAccount: `svc@${id}` };
}

describe('password-expiry', () => {
  it.each([
    'DisablePasswordExpiration',
    'DisablePasswordExpiration, DisableStrongPassword',
    'DisableStrongPassword, DisablePasswordExpiration',
    'DisableStrongPassword,DisablePasswordExpiration',
    'disablepasswordexpiration',
  ])('is compliant with the flags "%s"', async (passwordPolicies) => {
    given({ passwordPolicies });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [], requests: 1 });
  });

  it.each([[null], [''], ['None'], ['DisableStrongPassword'], ['DisablePasswordExpirationX']])(
    'says password.expires with the flags %p, and when',
    async (passwordPolicies) => {
      given({ passwordPolicies, lastPasswordChangeDateTime: '2026-10-01T08:00:00Z' });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation password.expires'] });
      expect(found.summary).toBe(
        'The password of svc-condeco@contoso.com expires on 2026-12-30: passwords of contoso.com are valid for 90 days.',
      );
      expect(found.reasons[0]).toMatchObject({
        expected: 'DisablePasswordExpiration',
        actual: `${passwordPolicies || 'None'}; 90 days`,
      });
    },
  );

  it('gives the days where the last change is not known', async () => {
    given({ passwordPolicies: null, lastPasswordChangeDateTime: null });
    expect((await audit()).summary).toContain('expires 90 days after its last change');
  });

  it('keeps the date out of what is compared, so that a new password is no new violation', async () => {
    given({ passwordPolicies: null });
    const before = await audit();
    given({ lastPasswordChangeDateTime: '2026-11-02T08:00:00Z' });
    const after = await audit();
    expect(after.reasons[0]?.actual).toBe(before.reasons[0]?.actual);
    expect(after.summary).not.toBe(before.summary);
  });

  it('takes another validity for another violation', async () => {
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: 365 });
    const year = await audit();
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: 30 });
    const month = await audit();
    expect([year, month].map(({ reasons: [reason] }) => reason?.actual)).toEqual([
      'None; 365 days',
      'None; 30 days',
    ]);
  });

  it('says password.domainDefault when neither the account nor the domain says anything', async () => {
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: null });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation password.domainDefault'] });
    expect(found.summary).toContain('which Microsoft documents as 90 days');
    expect(found.summary).toContain('created on 2016-04-12');
    expect(found.reasons[0]).toMatchObject({ expected: 'DisablePasswordExpiration', actual: 'None' });
    expect(found.evidence).toMatchObject({ tenantCreated: '2016-04-12T09:30:00Z' });
  });

  it('says password.neverByDomain, as a notice, when only the domain makes it never expire', async () => {
    given({ passwordPolicies: 'None' }, { passwordValidityPeriodInDays: never });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice password.neverByDomain'] });
  });

  it.each([
    ['without the flag', null],
    ['with the flag', 'DisablePasswordExpiration'],
  ])('says password.managedElsewhere for a federated domain, %s', async (_case, passwordPolicies) => {
    given({ passwordPolicies }, { authenticationType: 'Federated' });
    expect(await audit()).toMatchObject({
      verdict: 'unknown',
      codes: ['unknown password.managedElsewhere'],
    });
  });

  it('says password.synchronised, as a notice, when the flag is set and Active Directory decides', async () => {
    given({ onPremisesSyncEnabled: true });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice password.synchronised'] });
  });

  it('says that the password expires also when the account is synchronised', async () => {
    given({ onPremisesSyncEnabled: true, passwordPolicies: 'None' });
    expect((await audit()).codes).toEqual(['violation password.expires']);
  });

  it('lets a sub-domain without a policy follow its root domain', async () => {
    const options = inSubDomain(null);
    given({ passwordPolicies: null });
    const found = await audit(options);
    expect(found.codes).toEqual(['violation password.expires']);
    expect(found.summary).toContain('passwords of contoso.com are valid for 90 days');
    expect(found.evidence).toMatchObject({
      domain: { domain: 'rooms.contoso.com', statedBy: 'contoso.com' },
    });
  });

  it('lets a sub-domain of a sub-domain follow the root, also when the one between is not in the tenant', async () => {
    const options = inSubDomain(null, 'eu.rooms.contoso.com');
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: never });
    expect((await audit(options)).codes).toEqual(['notice password.neverByDomain']);
  });

  it('lets a policy of its own win over the root domain', async () => {
    const options = inSubDomain(30);
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: never });
    expect((await audit(options)).summary).toContain('passwords of rooms.contoso.com are valid for 30 days');
  });

  it('does not take a domain for the parent because its name ends the same', async () => {
    const options = inSubDomain(null, 'notcontoso.com');
    given({ passwordPolicies: null });
    expect((await audit(options)).codes).toEqual(['unknown unreadable.notFound']);
  });

  it('is unknown when the domain is not among those of the tenant', async () => {
    tenant.state.domains.splice(1);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
    expect(found.summary).toContain("contoso.com is not among the tenant's domains");
  });

  it('is unknown, not a second violation, when there is no such account', async () => {
    tenant.state.users.length = 0;
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
  });

  it('is unknown when the domains cannot be read, and keeps what it knows of the account', async () => {
    tenant.simulator.fail({ match: /domains/, status: 403 });
    const found = await audit();
    expect(found.codes).toEqual(['unknown unreadable.permission']);
    expect(found.evidence).toMatchObject({ passwordPolicies: ['DisablePasswordExpiration'] });
  });
});

it('says the days and no date where the date would be beyond all dates', async () => {
  given({ passwordPolicies: null }, { passwordValidityPeriodInDays: never - 1 });
  const found = await audit();
  expect(found.codes).toEqual(['violation password.expires']);
  expect(found.summary).toContain(`expires ${grouped(never - 1)} days after its last change`);
});

it.each([
  ['the flags of the account', /users/, 'passwordPolicies'],
  ['whose account it is', /users/, 'userType'],
  ['the validity of the domain', /domains/, 'passwordValidityPeriodInDays'],
  ['whether the domain is a root', /domains/, 'isRoot'],
])('is unknown where the answer leaves out %s', async (_what, match, property) => {
  tenant.simulator.fail({ match, change: (body) => without(body, property) });
  expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
});

describe('a domain that states no validity', () => {
  const unstated = { passwordValidityPeriodInDays: null };
  const oldest = '2016-04-12T09:30:00Z';

  it.each([
    ['2005-06-01T00:00:00Z', 'nonCompliant', ['violation password.domainDefault']],
    ['2021-09-30T23:59:59Z', 'nonCompliant', ['violation password.domainDefault']],
    ['2021-10-01T01:30:00+02:00', 'nonCompliant', ['violation password.domainDefault']],
    ['2021-10-01T00:00:00Z', 'unknown', ['unknown password.ageUnclear']],
    ['2021-11-15T12:00:00Z', 'unknown', ['unknown password.ageUnclear']],
    ['2021-11-30T23:59:59Z', 'unknown', ['unknown password.ageUnclear']],
    ['2021-12-01T00:00:00Z', 'compliant', ['notice password.neverByDomain']],
    ['2023-05-02T10:00:00Z', 'compliant', ['notice password.neverByDomain']],
    // Nothing is created after it was looked at.
    ['2027-01-01T00:00:00Z', 'unknown', ['unknown password.ageUnclear']],
  ])('means in a tenant of %s: %s', async (createdDateTime, verdict, codes) => {
    given({ passwordPolicies: null }, unstated);
    tenant.state.createdDateTime = createdDateTime;
    expect(await audit()).toMatchObject({ verdict, codes, requests: 2 });
  });

  it.each<[string, Partial<Fault>]>([
    ['is refused', { status: 403, code: 'Authorization_RequestDenied' }],
    ['fails', { status: 500 }],
    ['is not there', { status: 404, code: 'Request_ResourceNotFound' }],
    ['makes no sense', { change: () => ({ value: [{ createdDateTime: 'long ago' }] }) }],
    ['is null, as for those who may not see it', { change: () => ({ value: [{ createdDateTime: null }] }) }],
    ['is about nobody', { change: () => ({ value: [] }) }],
    [
      'is about two',
      { change: () => ({ value: [{ createdDateTime: oldest }, { createdDateTime: oldest }] }) },
    ],
  ])('decides nothing where the answer about the tenant %s', async (_case, fault) => {
    given({ passwordPolicies: null }, unstated);
    tenant.simulator.fail({ match: /organization/, ...fault });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown password.ageUnclear'] });
    if (found.summary.includes('403')) {
      expect(found.reasons[0]?.expected).toBe('Organization.Read.All');
      expect(found.summary).toContain('Organization.Read.All');
    }
  });

  it.each<[string, Partial<GraphObject>, Partial<GraphObject>, string[]]>([
    ['the account has the flag', { passwordPolicies: 'DisablePasswordExpiration' }, {}, []],
    [
      'the domain is federated',
      { passwordPolicies: null },
      { authenticationType: 'Federated' },
      ['unknown password.managedElsewhere'],
    ],
    [
      'the account is a guest',
      { passwordPolicies: null, userType: 'Guest' },
      {},
      ['unknown password.managedElsewhere'],
    ],
  ])('needs no age of the tenant where %s', async (_case, user, domain, codes) => {
    given(user, { ...unstated, ...domain });
    expect(await audit()).toMatchObject({ codes, requests: 1 });
    expect(tenant.simulator.requests.filter(({ url }) => url.includes('organization'))).toEqual([]);
  });
});

describe('a sub-domain', () => {
  it.each([
    ['2016-04-12T09:30:00Z', ['violation password.domainDefault']],
    ['2023-05-02T10:00:00Z', ['notice password.neverByDomain']],
  ])('that was promoted takes over nothing, in a tenant of %s', async (createdDateTime, codes) => {
    const options = inSubDomain(null, 'rooms.contoso.com', { isRoot: true });
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: never });
    tenant.state.createdDateTime = createdDateTime;
    expect((await audit(options)).codes).toEqual(codes);
  });

  it('that was promoted is not federated with the domain above it', async () => {
    const options = inSubDomain(never, 'rooms.contoso.com', { isRoot: true });
    given({ passwordPolicies: null }, { authenticationType: 'Federated' });
    expect((await audit(options)).codes).toEqual(['notice password.neverByDomain']);
  });

  it('takes over what the nearest root says, and not what one above that says', async () => {
    const options = inSubDomain(null, 'eu.rooms.contoso.com');
    const [domain] = tenant.state.domains;
    tenant.state.domains.push({
      ...{ ...domain, id: 'rooms.contoso.com', isRoot: true, passwordValidityPeriodInDays: 45 },
    });
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: never });
    expect((await audit(options)).summary).toContain('passwords of rooms.contoso.com are valid for 45 days');
  });

  it.each([
    ['without the flag', null],
    ['with the flag', 'DisablePasswordExpiration'],
  ])(
    'of a federated root is managed elsewhere, whatever it says of itself, %s',
    async (_case, passwordPolicies) => {
      const options = inSubDomain(null);
      given({ passwordPolicies }, { authenticationType: 'Federated', passwordValidityPeriodInDays: never });
      const found = await audit(options);
      expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown password.managedElsewhere'] });
      expect(found.summary).toContain('contoso.com is federated');
    },
  );

  it('of a managed root that says never is compliant, with a notice', async () => {
    const options = inSubDomain(null);
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: never });
    expect(await audit(options)).toMatchObject({
      ...{ verdict: 'compliant', codes: ['notice password.neverByDomain'] },
    });
  });

  it.each<[string, string | null, number | null, string, string[]]>([
    ['says nothing', null, null, 'rooms.contoso.com states no validity', ['unknown unreadable.notFound']],
    ['says something itself', null, 30, 'valid for 30 days', ['violation password.expires']],
    ['says nothing, and the account does', 'DisablePasswordExpiration', null, 'never expires', []],
  ])('without a root above it that %s', async (_case, passwordPolicies, validity, summary, codes) => {
    const options = inSubDomain(validity);
    given({ passwordPolicies }, { isRoot: false, passwordValidityPeriodInDays: never });
    const found = await audit(options);
    expect(found.codes).toEqual(codes);
    expect(found.summary).toContain(summary);
  });
});

describe('whose password it is', () => {
  it.each([
    ['Guest', 'unknown', ['unknown password.managedElsewhere']],
    ['guest', 'unknown', ['unknown password.managedElsewhere']],
    ['Member', 'compliant', []],
    [null, 'compliant', []],
    ['Visitor', 'unknown', ['unknown unreadable.malformed']],
  ])('is told by the type of the account: %s', async (userType, verdict, codes) => {
    given({ userType });
    expect(await audit()).toMatchObject({ verdict, codes });
  });

  it('of a guest needs no domain', async () => {
    given({ userType: 'Guest' });
    tenant.simulator.fail({ match: /domains/, status: 403 });
    expect((await audit()).codes).toEqual(['unknown password.managedElsewhere']);
  });

  it.each([
    ['Managed', []],
    ['managed', []],
    ['Federated', ['unknown password.managedElsewhere']],
    ['federated', ['unknown password.managedElsewhere']],
    ['', ['unknown unreadable.malformed']],
    ['External', ['unknown unreadable.malformed']],
  ])('is told by the domain: "%s"', async (authenticationType, codes) => {
    given({}, { authenticationType });
    expect((await audit()).codes).toEqual(codes);
  });
});

describe('what is not understood', () => {
  it.each([0, -1, never + 1])('is no validity: %d days', async (passwordValidityPeriodInDays) => {
    given({ passwordPolicies: null });
    const odd = (domain: object) => ({ ...domain, passwordValidityPeriodInDays });
    tenant.simulator.fail({
      match: /domains/,
      change: (body) => ({ value: (body as { value: object[] }).value.map(odd) }),
    });
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
    given({ passwordPolicies: 'DisablePasswordExpiration' });
    expect((await audit()).codes).toEqual([]);
  });

  it.each([1, 730])('is not %d days', async (passwordValidityPeriodInDays) => {
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays });
    expect((await audit()).codes).toEqual(['violation password.expires']);
  });

  it.each<[string, Partial<GraphObject>, string[]]>([
    [
      'with the flag',
      { passwordPolicies: 'DisablePasswordExpiration, Another' },
      ['unknown unreadable.malformed'],
    ],
    ['alone, where the password expires', { passwordPolicies: 'Another' }, ['violation password.expires']],
    ['but a known one', { passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword' }, []],
  ])('is a flag of another name, %s', async (_case, user, codes) => {
    given(user);
    expect((await audit()).codes).toEqual(codes);
  });

  it('is a flag of another name where only the domain says never', async () => {
    given({ passwordPolicies: 'PasswordExpires' }, { passwordValidityPeriodInDays: never });
    expect(await audit()).toMatchObject({
      ...{ verdict: 'unknown', codes: ['unknown unreadable.malformed', 'notice password.neverByDomain'] },
    });
  });
});
