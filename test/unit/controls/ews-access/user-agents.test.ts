import { control } from '../../../../src/lib/controls';
import type { StoredTarget } from '../../../../src/lib/model/target';
import { profile } from '../../../../src/lib/profiles';
import { address, removeUser, accountId } from '../../../support/exchange-views';
import { planning } from '../../../support/planning';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const [refused, unknown] = ['violation ews.userAgentsRefused', 'unknown ews.userAgentsUnknown'];
const retiring = 'notice ews.retiring';
const malformed = 'unknown unreadable.malformed';
const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('ews-access', { exchangeReader: 'admin-api', ...options });
/** A product that uses Microsoft Graph alone, and has no account. */
const graphOnly = { profile: 'planon-connect-for-calendars' } as const;

const organization = (settings: object) => Object.assign(tenant.state.exchange.organizationConfig, settings);
const mailbox = (settings: object) => Object.assign(tenant.state.exchange.casMailboxes[0] ?? {}, settings);
const places = [
  ['organisation', organization, 'EwsApplicationAccessPolicy'],
  ['mailbox of the service account', mailbox, address('svc-condeco')],
] as const;

const allow = (...EwsAllowList: unknown[]) => ({
  ...{ EwsApplicationAccessPolicy: 'EnforceAllowList', EwsAllowList },
});
const block = (...EwsBlockList: unknown[]) => ({
  ...{ EwsApplicationAccessPolicy: 'EnforceBlockList', EwsBlockList },
});

describe.each(places)('rules of the %s', (_place, set, resource) => {
  it.each([
    ['an allow list with nobody on it', allow()],
    ['an allow list that is not there', { ...allow(), EwsAllowList: null }],
    ['an allow list that is an empty text', { ...allow(), EwsAllowList: '' }],
    ['an allow list with blanks', allow('', '  ')],
    ['an allow list in other letters', { ...allow(), EwsApplicationAccessPolicy: 'ENFORCEALLOWLIST' }],
    ['a block list with everybody on it', block('*')],
    ['a block list with everybody on it, among others', block('OWA/*', ' * ')],
    ['a block list with everybody on it twice over', block('**')],
  ])('let nobody in with %s', async (_case, rules) => {
    set(rules);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [refused, retiring] });
    expect(found.reasons[0]?.resource).toBe(resource);
    expect(found.summary).toMatch(/Exchange Web Services, Microsoft Graph and REST alike/);
  });

  it.each([
    ['an allow list', allow('OWA/*')],
    ['an allow list with one that only begins like everybody', allow('*/15.0')],
    ['a block list', block('LinkedInEWS')],
    ['a policy that is not known', { ...allow('*'), EwsApplicationAccessPolicy: 'EnforceGreyList' }],
    ['a policy that is a number', { ...block(), EwsApplicationAccessPolicy: 1 }],
  ])('may keep the product out with %s', async (_case, rules) => {
    set(rules);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unknown, retiring] });
    expect(found.reasons[0]?.resource).toBe(resource);
  });

  it.each([
    ['no policy', { EwsApplicationAccessPolicy: null, EwsAllowList: [], EwsBlockList: ['*'] }],
    ['a blank policy', { ...allow(), EwsApplicationAccessPolicy: '' }],
    ['an allow list with everybody on it', allow('OWA/*', '*')],
    ['a block list with nobody on it', block()],
    ['a block list with blanks', block('', ' ')],
    ['a block list, and an allow list that is not in force', { ...block(), EwsAllowList: [] }],
  ])('let everybody in with %s', async (_case, rules) => {
    set(rules);
    expect((await audit()).codes).toEqual([retiring]);
  });

  it.each([
    ['a policy of no form that is known', { EwsApplicationAccessPolicy: {} }],
    ['a list that is none', { ...allow(), EwsAllowList: 7 }],
    ['a list with something else on it', block({ agent: '*' })],
    ['one text of which nobody knows what its entries are', { ...block(), EwsBlockList: 'OWA/*,*' }],
  ])('are not read with %s', async (_case, rules) => {
    set(rules);
    expect((await audit()).codes).toEqual([malformed, retiring]);
  });

  it('are not read where the answer does not have them', async () => {
    const cmdlet = set === organization ? 'Get-OrganizationConfig' : 'Get-CASMailbox';
    tenant.simulator.fail({
      match: new RegExp(`${cmdlet}$`),
      change: (body) => {
        const { value } = body as { value: Record<string, unknown>[] };
        for (const row of value) delete row.EwsApplicationAccessPolicy;
        return body;
      },
    });
    expect((await audit()).codes).toEqual([malformed, retiring]);
  });

  it('are told apart by what is on the list, so that who accepts one has not accepted another', async () => {
    const actual = async (rules: object) => {
      set(rules);
      return (await audit()).reasons[0]?.actual;
    };
    const first = await actual(block('LinkedInEWS', 'OWA/*'));
    expect(await actual(block('owa/*', 'LinkedInEWS'))).toBe(first);
    expect(await actual(block('LinkedInEWS', 'Condeco*'))).not.toBe(first);
    expect(await actual(allow('LinkedInEWS', 'OWA/*'))).not.toBe(first);
  });
});

describe('rules on user agents', () => {
  it('are given beside a switch that is off, of both places', async () => {
    organization({ EwsEnabled: false, ...allow() });
    mailbox({ EwsEnabled: false, ...block('*') });
    expect((await audit()).codes).toEqual([
      ...['violation ews.disabledForMailbox', 'violation ews.disabledForOrganization', refused, refused],
    ]);
  });

  it('are left to people, and no plan changes them', async () => {
    organization(allow());
    mailbox(block('OWA/*'));
    const target = tenant.target({ exchangeReader: 'admin-api' });
    const facts = await control('ews-access').collect(tenant.tenants().open(target.tenantId)(), target);
    const requirement = { profile: profile(target.profile), target, now: new Date('2026-11-23') };
    const plan = planning(control('ews-access'))(facts, requirement);
    expect(plan.changes).toEqual([]);
    expect(plan.manualSteps).toHaveLength(2);
    for (const { description } of plan.manualSteps) expect(description).toContain('user agents');
  });

  describe('for a product that does not use Exchange Web Services', () => {
    it('let nobody in with an allow list that is empty', async () => {
      organization(allow());
      expect(await audit(graphOnly)).toMatchObject({ verdict: 'nonCompliant', codes: [refused] });
    });

    it('may keep it out with a block list', async () => {
      organization(block('OWA/*'));
      expect(await audit(graphOnly)).toMatchObject({ verdict: 'unknown', codes: [unknown] });
    });

    it.each([
      ['an allow list with everybody on it', allow('*')],
      ['rules for the mailbox of an account that it does not have', {}],
      ['a switch that is nonsense', { EwsEnabled: 7 }],
      ['a list of applications that is nonsense', { EwsAllowedAppIDs: {} }],
    ])('do not apply with %s', async (_case, rules) => {
      organization(rules);
      mailbox(allow());
      expect(await audit(graphOnly)).toMatchObject({ verdict: 'notApplicable', codes: [] });
    });

    it('are not seen with the Graph reader', async () => {
      organization(allow());
      const found = await audit({ ...graphOnly, exchangeReader: 'graph' });
      expect(found).toMatchObject({ verdict: 'notApplicable', requests: 0 });
    });

    it.each([
      [403, 'permission'],
      [500, 'unavailable'],
    ])('are unknown where they could not be read: %i', async (status, cause) => {
      tenant.simulator.fail({ match: /Get-OrganizationConfig/, status });
      expect(await audit(graphOnly)).toMatchObject({
        ...{ verdict: 'unknown', codes: [`unknown unreadable.${cause}`] },
      });
    });
  });

  it('hold at one place whatever cannot be read at the other', async () => {
    organization(allow());
    mailbox(block('*'));
    tenant.simulator.fail({ match: /Get-CASMailbox/, status: 403, times: 1 });
    expect((await audit()).codes).toEqual([refused, 'unknown unreadable.permission', retiring]);
    tenant.simulator.fail({ match: /Get-OrganizationConfig/, status: 403, times: 1 });
    expect((await audit()).codes).toEqual([refused, 'unknown unreadable.permission']);
    removeUser(tenant.state, accountId);
    expect((await audit()).codes).toEqual([refused, 'unknown unreadable.notFound', retiring]);
  });
});
