import type { GraphObject } from '../../../local/simulator/state';
import { SimulatedTenant, without } from '../../support/simulated-tenant';

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
): Partial<Parameters<typeof audit>[0]> {
  const [user] = tenant.state.users;
  const [domain] = tenant.state.domains;
  if (user === undefined || domain === undefined) throw new Error('Contoso is empty.');
  user.userPrincipalName = `svc@${id}`;
  tenant.state.domains.push({ ...domain, id, isRoot: false, passwordValidityPeriodInDays: validity });
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
        actual: passwordPolicies === null || passwordPolicies === '' ? 'None' : passwordPolicies,
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

  it('says password.domainDefault when neither the account nor the domain says anything', async () => {
    given({ passwordPolicies: null }, { passwordValidityPeriodInDays: null });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation password.domainDefault'] });
    expect(found.summary).toContain('which Microsoft documents as 90 days');
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
    expect((await audit(options)).codes).toEqual(['violation password.domainDefault']);
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
  expect(found.summary).toContain(`expires ${never - 1} days after its last change`);
});

it.each([
  ['the flags of the account', /users/, 'passwordPolicies'],
  ['the validity of the domain', /domains/, 'passwordValidityPeriodInDays'],
])('is unknown where the answer leaves out %s', async (_what, match, property) => {
  tenant.simulator.fail({ match, change: (body) => without(body, property) });
  expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
});
