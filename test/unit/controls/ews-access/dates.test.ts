import { control } from '../../../../src/lib/controls';
import type { EwsFacts } from '../../../../src/lib/controls/ews-access/collect';
import { examine } from '../../../../src/lib/controls/examine';
import type { StoredTarget } from '../../../../src/lib/model/target';
import { type Profile, profile } from '../../../../src/lib/profiles';
import { planOf } from '../../../../src/lib/remediation/plan';
import { contoso } from '../../../support/exchange-views';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const ews = control('ews-access');
const before = '2027-03-31T23:59:59Z';
const after = '2027-04-01T00:00:00Z';
const organization = (settings: object) => Object.assign(tenant.state.exchange.organizationConfig, settings);

interface Circumstances {
  cloud?: EwsFacts['cloud'];
  target?: Partial<StoredTarget>;
  profile?: Partial<Profile>;
}

/** What is said of the present state on another day, in this cloud and of this product. */
async function on(day: string, { cloud, target: options, profile: changes }: Circumstances = {}) {
  const target = tenant.target({ exchangeReader: 'admin-api', ...options });
  const view = tenant.tenants().open(target.tenantId)();
  const now = new Date(day);
  const requirement = { profile: { ...profile(target.profile), ...changes }, target, now };
  const examined = await examine(ews, cloud === undefined ? view : { ...view, cloud }, requirement);
  const { evaluation } = examined;
  const codes = evaluation.reasons.map(({ level, code }) => `${level} ${code}`);
  const plan = planOf(ews, examined, requirement, { graphEndpoint: '', exchangeEndpoint: '' });
  return { ...evaluation, codes, plan };
}

describe('the end of Exchange Web Services', () => {
  it.each([
    ['2027-03-30T00:00:00Z', 2],
    ['2027-03-31T00:00:00Z', 1],
    [before, 1],
    ['2027-03-31T23:59:59.999Z', 1],
  ])('has not come on %s: %i days are left', async (day, left) => {
    const found = await on(day);
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice ews.retiring'] });
    expect(found.reasons[0]?.message).toMatch(new RegExp(`in ${left} ${left === 1 ? 'day' : 'days'}\\.`));
  });

  it.each([after, '2027-04-02T00:00:00Z', '2030-01-01T00:00:00Z'])(
    'has come on %s, whatever the switches say',
    async (day) => {
      for (const EwsEnabled of [true, null, false]) {
        organization({ EwsEnabled });
        const found = await on(day);
        expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation ews.retired'] });
        expect(found.summary).toContain('Eptura Microsoft 365 integration');
      }
    },
  );

  it.each([403, 404, 500])('has come whatever can be read: %i', async (status) => {
    tenant.simulator.fail({ match: /./, status });
    expect((await on(after)).codes).toEqual(['violation ews.retired']);
    expect((await on(before)).verdict).toBe('unknown');
  });

  it('has come with the Graph reader as well, which knows nothing before that day', async () => {
    const target = { exchangeReader: 'graph' } as const;
    expect(await on(before, { target })).toMatchObject({ verdict: 'notApplicable', codes: [] });
    const found = await on(after, { target });
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation ews.retired'] });
    expect(found.plan).toMatchObject({ changes: [], manualSteps: [{}] });
    expect(tenant.simulator.requests).toEqual([]);
  });

  it.each(['graph', 'admin-api'] as const)(
    'is none of the business of a product that does not use them, read by %s',
    async (exchangeReader) => {
      const target = { profile: 'planon-connect-for-calendars', exchangeReader } as const;
      expect(await on(after, { target })).toMatchObject({ verdict: 'notApplicable', codes: [] });
    },
  );

  it('is led out of by way of the vendor, where it names no successor', async () => {
    const { successor: _, ...without } = profile('condeco-exchange-sync');
    const asked = { profile: { ...without, successor: undefined } as unknown as Partial<Profile> };
    for (const day of [before, after])
      expect((await on(day, asked)).reasons[0]?.message).toContain(
        'Ask the vendor for the way to Microsoft Graph.',
      );
    expect((await on(after, asked)).plan.manualSteps[0]?.link).toBe(profile('condeco-exchange-sync').source);
    expect((await on(after)).plan.manualSteps[0]?.link).toContain('Migrating_Exchange_Sync');
  });

  it('is the same violation every day', async () => {
    organization({ EwsAllowedAppIDs: [contoso(98)] });
    const [monday, tuesday] = [await on('2026-11-23'), await on('2026-11-24')];
    expect(tuesday.reasons).toEqual(monday.reasons);
    expect((await on('2027-05-01')).reasons).toEqual((await on(after)).reasons);
  });
});

describe('in another cloud than the worldwide one', () => {
  const cloud = 'national';

  it.each([before, after, '2030-01-01T00:00:00Z'])('there is no end yet: %s', async (day) => {
    const found = await on(day, { cloud });
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice ews.retiring'] });
    expect(found.reasons[0]?.message).toContain('no date in this one yet');
    expect(found.summary).toBe(
      'Exchange Web Services let Eptura Condeco Exchange Sync in, and have no end yet in this cloud.',
    );
    expect(await on(day, { cloud, target: { exchangeReader: 'graph' } })).toMatchObject({
      verdict: 'notApplicable',
    });
  });

  it('a switch that nobody has set is a notice', async () => {
    organization({ EwsEnabled: null, EwsAllowedAppIDs: null });
    const found = await on(after, { cloud });
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice ews.notPrepared'] });
    expect(found.reasons[0]?.message).toContain('no date for this one');
    expect((await on(before)).codes).toEqual(['violation ews.notPrepared']);
  });

  it('a switch without a list lets everybody in, and a list those who are on it', async () => {
    organization({ EwsAllowedAppIDs: null });
    expect(await on(after, { cloud })).toMatchObject({
      ...{ verdict: 'compliant', codes: ['notice ews.appNotAllowed'] },
    });
    organization({ EwsAllowedAppIDs: [contoso(98)] });
    expect((await on(after, { cloud })).codes).toEqual(['violation ews.appNotAllowed']);
    organization({ EwsEnabled: false });
    expect((await on(after, { cloud })).codes).toEqual(['violation ews.disabledForOrganization']);
  });

  it.each([
    ['a switch that nobody has set', { EwsEnabled: null, EwsAllowedAppIDs: null }],
    ['a switch without a list', { EwsEnabled: true, EwsAllowedAppIDs: null }],
  ])('no plan shuts anybody out because of %s', async (_case, settings) => {
    organization(settings);
    Object.assign(tenant.state.exchange.casMailboxes[0] ?? {}, { EwsEnabled: false });
    const { codes, plan } = await on(before, { cloud });
    expect(codes).toContain('violation ews.disabledForMailbox');
    expect(plan.changes).toEqual([]);
    expect((await on(before)).plan.changes).toHaveLength(1);
  });
});
