import type { StoredTarget } from '../../../../src/lib/model/target';
import { accountId, address, contoso, removeUser } from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const clientAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
const another = contoso(98);
const retiring = 'notice ews.retiring';
const noRules = { EwsApplicationAccessPolicy: null, EwsAllowList: null, EwsBlockList: null };
const open = (options: Partial<StoredTarget> = {}) =>
  tenant.target({ exchangeReader: 'admin-api', ...options });
const audit = (options: Partial<StoredTarget> = {}): Promise<Audit> =>
  tenant.audit('ews-access', open(options));

/** Changes the organisation's settings, also to what only a service would say. */
const organization = (settings: object) => Object.assign(tenant.state.exchange.organizationConfig, settings);
const mailbox = (settings: object) => Object.assign(tenant.state.exchange.casMailboxes[0] ?? {}, settings);
/** What this cmdlet gives instead of what it would. */
const give = (cmdlet: string, row: object) =>
  tenant.simulator.fail({ match: new RegExp(`${cmdlet}$`), change: () => ({ value: [row] }) });

describe('ews-access', () => {
  it('is compliant, with a notice, while the application is let in', async () => {
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [retiring] });
    expect(found.summary).toBe(
      'Exchange Web Services let Eptura Condeco Exchange Sync in, for 129 more days.',
    );
    expect(found.reasons[0]?.message).toMatch(
      /2027-04-01, in 129 days\. .* Eptura Microsoft 365 integration .*https:\/\/knowledge\.eptura\.com\//,
    );
    expect(found.reasons[0]).not.toHaveProperty('actual');
    expect(found.evidence).toMatchObject({
      organization: { EwsEnabled: true, EwsAllowedAppIDs: [clientAppId] },
      mailbox: { EwsEnabled: null },
      retirement: { endsOn: '2027-04-01', switchedOffFrom: '2026-10-01' },
    });
  });

  it('is not applicable where Microsoft Graph is the reader, and asks nothing', async () => {
    const found = await audit({ exchangeReader: 'graph' });
    expect(found).toMatchObject({ verdict: 'notApplicable', codes: [], resources: [], requests: 0 });
    expect(found.summary).toContain('set exchangeReader to admin-api');
  });

  it.each([
    ['graph', 'Planon Connect for Calendars does not use Exchange Web Services.', 0],
    ['admin-api', expect.stringContaining('no rule on user agents keeps it out') as string, 1],
  ] as const)(
    'is not applicable to a product that does not use it, read by %s',
    async (reader, summary, asked) => {
      organization({ EwsEnabled: null, EwsAllowedAppIDs: [another] });
      const found = await audit({ profile: 'planon-connect-for-calendars', exchangeReader: reader });
      expect(found).toMatchObject({ verdict: 'notApplicable', codes: [], summary, requests: asked });
    },
  );

  describe('of the organisation', () => {
    it.each([false, 'False', 'false'])('is ews.disabledForOrganization when it is %j', async (EwsEnabled) => {
      organization({ EwsEnabled });
      const found = await audit();
      expect(found).toMatchObject({
        verdict: 'nonCompliant',
        codes: ['violation ews.disabledForOrganization'],
      });
      expect(found.reasons[0]).toMatchObject({ resource: 'EwsEnabled', expected: 'true', actual: 'false' });
    });

    it.each([null, '', ' '])('is ews.notPrepared when it is %j', async (EwsEnabled) => {
      organization({ EwsEnabled, EwsAllowedAppIDs: null });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation ews.notPrepared'] });
      expect(found.reasons[0]).toMatchObject({ resource: 'EwsEnabled', actual: 'not set' });
      expect(found.summary).toMatch(/works today.* seven days' notice.* EwsAllowedAppIDs/);
      // Nobody knows when Microsoft will do it.
      expect(found.summary).not.toContain('129');
    });

    it.each([
      ['switched on, with the application on the list', true, [clientAppId], retiring],
      ['switched off', false, [clientAppId], 'violation ews.disabledForOrganization'],
    ])('is prepared, or past it, when it is %s', async (_case, EwsEnabled, EwsAllowedAppIDs, code) => {
      organization({ EwsEnabled, EwsAllowedAppIDs });
      expect((await audit()).codes).toEqual([code]);
    });

    it.each([
      ['another application alone', [another]],
      ['nobody', []],
      ['an empty text', ''],
      ['nothing', null],
      ['an id that only begins like it', `${clientAppId}0`],
      ['an id that only ends like it', `0${clientAppId}`],
    ])('is ews.appNotAllowed when the list has %s', async (_case, EwsAllowedAppIDs) => {
      organization({ EwsAllowedAppIDs });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation ews.appNotAllowed'] });
      expect(found.reasons[0]).toMatchObject({ resource: clientAppId, actual: 'not on the list' });
      const isEmpty =
        ['', null].includes(EwsAllowedAppIDs as string | null) || EwsAllowedAppIDs?.length === 0;
      expect(found.summary.includes('since 2026-10-10 that lets nobody in')).toBe(isEmpty);
    });

    it.each([
      ['a list', [another, clientAppId]],
      ['a list in capitals', [clientAppId.toUpperCase()]],
      ['a list with spaces', [` ${clientAppId} `]],
      ['a list in braces', [`{${clientAppId}}`]],
      ['one text', clientAppId],
      ['one text with commas', `${another},${clientAppId}`],
      ['one text with commas and spaces', `${another} , ${clientAppId.toUpperCase()} `],
      ['one text with semicolons and braces', `{${another}};{${clientAppId}}`],
      ['a list of one text with commas', [`${another},${clientAppId}`]],
    ])('lets the application in that is on %s', async (_case, EwsAllowedAppIDs) => {
      organization({ EwsAllowedAppIDs });
      expect((await audit()).codes).toEqual([retiring]);
    });

    it('leaves open who is let in where Exchange does not say, and plans nothing', async () => {
      tenant.simulator.fail({
        match: /Get-OrganizationConfig$/,
        change: (body) => {
          for (const row of (body as { value: Record<string, unknown>[] }).value) delete row.EwsAllowedAppIDs;
          return body;
        },
      });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
      expect(found.summary).toContain('EwsAllowedAppIDs');
    });

    it('is true as a word as well', async () => {
      organization({ EwsEnabled: 'True' });
      expect((await audit()).codes).toEqual([retiring]);
    });

    it('does not look at the list while it is not switched on', async () => {
      organization({ EwsEnabled: null, EwsAllowedAppIDs: [another] });
      expect((await audit()).codes).toEqual(['violation ews.notPrepared']);
    });

    it('is asked together with the list, which Exchange leaves out otherwise', async () => {
      await audit();
      const asked = tenant.simulator.requests.find(({ cmdlet }) => cmdlet === 'Get-OrganizationConfig');
      expect(asked?.requestBody).toMatchObject({
        CmdletInput: { Parameters: { RetrieveEwsOperationAccessPolicy: true } },
      });
    });
  });

  describe('of the mailbox', () => {
    it.each([false, 'False'])('is ews.disabledForMailbox when it is %j', async (EwsEnabled) => {
      mailbox({ EwsEnabled });
      const found = await audit();
      expect(found).toMatchObject({
        ...{ verdict: 'nonCompliant', codes: ['violation ews.disabledForMailbox', retiring] },
      });
      expect(found.reasons[0]).toMatchObject({ resource: address('svc-condeco'), actual: 'false' });
    });

    it.each([true, 'True', null, ''])('is fine when it is %j', async (EwsEnabled) => {
      mailbox({ EwsEnabled });
      expect((await audit()).codes).toEqual([retiring]);
    });

    it('does not help where the organisation says no', async () => {
      organization({ EwsEnabled: false });
      mailbox({ EwsEnabled: true });
      expect((await audit()).codes).toEqual(['violation ews.disabledForOrganization']);
    });

    it('is asked of Exchange by the object id of the account', async () => {
      await audit();
      const asked = tenant.simulator.requests.find(({ cmdlet }) => cmdlet === 'Get-CASMailbox');
      expect(asked?.requestBody).toMatchObject({ CmdletInput: { Parameters: { Identity: accountId } } });
    });
  });

  describe('what could not be read', () => {
    it.each([/Get-OrganizationConfig/, /Get-CASMailbox/])('is unknown: %s', async (match) => {
      tenant.simulator.fail({ match, status: 403, message: 'No.' });
      const found = await audit();
      expect(found.verdict).toBe('unknown');
      expect(found.codes[0]).toBe('unknown unreadable.permission');
      expect(found.reasons[0]?.expected).toBe('Exchange.ManageAsApp');
    });

    it.each([
      [
        'the organisation, without the mailbox',
        () => organization({ EwsEnabled: false }),
        /Get-CASMailbox/,
        'ews.disabledForOrganization',
      ],
      [
        'the mailbox, without the organisation',
        () => mailbox({ EwsEnabled: false }),
        /Get-OrganizationConfig/,
        'ews.disabledForMailbox',
      ],
    ])('does not hide a violation of %s', async (_case, change, match, code) => {
      change();
      tenant.simulator.fail({ match, status: 503 });
      const found = await audit();
      expect(found.codes).toEqual([`violation ${code}`, 'unknown unreadable.unavailable']);
    });

    it('is unknown, not a second violation, when there is no such account', async () => {
      removeUser(tenant.state, accountId);
      expect((await audit()).codes).toEqual(['unknown unreadable.notFound', retiring]);
    });

    it.each(['Get-OrganizationConfig', 'Get-CASMailbox'])(
      'is not a switch that %s does not speak of',
      async (cmdlet) => {
        give(cmdlet, { Identity: 'contoso', EwsAllowedAppIDs: [clientAppId], ...noRules });
        const found = await audit();
        expect(found.verdict).toBe('unknown');
        expect(found.codes[0]).toBe('unknown unreadable.malformed');
      },
    );

    it.each([7, 'perhaps', {}])('is not a switch of the form %j', async (EwsEnabled) => {
      give('Get-OrganizationConfig', { EwsEnabled, EwsAllowedAppIDs: [clientAppId], ...noRules });
      const found = await audit();
      expect(found.codes).toEqual(['unknown unreadable.malformed']);
      expect(found.summary).toContain('Could not read EwsEnabled of the organisation');
    });

    it('does not depend on a list that nobody asks for', async () => {
      organization({ EwsAllowedAppIDs: 7, EwsEnabled: false });
      expect((await audit()).codes).toEqual(['violation ews.disabledForOrganization']);
      organization({ EwsEnabled: true });
      expect((await audit()).codes).toEqual(['unknown unreadable.malformed']);
    });
  });
});
