import { homeTenantId } from '../../../local/simulator/demo';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const vendorAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
const other = '7e57ab1e-0000-4000-8000-00000000c0d1';

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client, homeTenantId, 'writer');
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

describe('Set-CalendarProcessing', () => {
  const set = (settings: object) => exchange.page('Set-CalendarProcessing', settings);
  const shown = (Identity: string) => exchange.rows('Get-CalendarProcessing', { Identity });

  it('changes the settings that it names, and leaves the others', async () => {
    const Identity = 'room-jade@contoso.com';
    const page = await set({ Identity, AutomateProcessing: 'AutoUpdate', DeleteSubject: true });
    expect(page.value).toEqual([]);
    expect(await shown(Identity)).toMatchObject([
      { AutomateProcessing: 'AutoUpdate', DeleteSubject: true, BookingWindowInDays: 365 },
    ]);
  });

  it('changes a mailbox that nobody has set up', async () => {
    await set({ Identity: 'projector-1@contoso.com', AllowRecurringMeetings: false });
    expect(await shown('Projector 1')).toMatchObject([
      { AutomateProcessing: 'AutoAccept', AllowRecurringMeetings: false },
    ]);
  });

  it('takes switches, numbers and people, whom it shows by their names', async () => {
    const Identity = 'room-jade@contoso.com';
    const plain = { AllBookInPolicy: false, MaximumDurationInMinutes: 480, EnforceSchedulingHorizon: false };
    await set({ Identity, ...plain, ResourceDelegates: ['ada@contoso.com', 'Ben Castillo'] });
    expect(await shown(Identity)).toMatchObject([
      { ...plain, ResourceDelegates: ['Ada Nwosu', 'Ben Castillo'] },
    ]);
    await set({ Identity, ResourceDelegates: null });
    expect(await shown(Identity)).toMatchObject([{ ...plain, ResourceDelegates: [] }]);
  });

  it('warns when there is nothing to change', async () => {
    const page = await set({ Identity: 'Jade', DeleteSubject: false });
    expect(page['@adminapi.warnings']).toEqual([
      "The command completed successfully but no settings of 'Jade' have been modified.",
    ]);
  });

  it.each([
    ['a setting that it does not know', { Identity: 'Jade', Colour: 'green' }, 400],
    ['a value that it does not know', { Identity: 'Jade', AutomateProcessing: 'Auto' }, 400],
    ['a window that is too wide', { Identity: 'Jade', BookingWindowInDays: 1081 }, 400],
    ['a delegate who is not there', { Identity: 'Jade', ResourceDelegates: ['nobody@contoso.com'] }, 404],
    ['a mailbox that is not there', { Identity: 'Nothing' }, 404],
    ['a group', { Identity: 'condeco-rooms@contoso.com' }, 404],
  ])('refuses %s', async (_, parameters, status) => {
    expect((await exchange.run('Set-CalendarProcessing', parameters)).status).toBe(status);
  });
});

describe('Set-CASMailbox', () => {
  it.each([true, false, null])('sets EWS to %p', async (EwsEnabled) => {
    await exchange.rows('Set-CASMailbox', { Identity: 'ada@contoso.com', EwsEnabled });
    const rows = await exchange.rows('Get-CASMailbox', { Identity: 'ada@contoso.com' });
    expect(rows).toMatchObject([{ EwsEnabled }]);
  });

  it('does not find a stranger', async () => {
    const parameters = { Identity: 'nobody@contoso.com', EwsEnabled: true };
    expect((await exchange.run('Set-CASMailbox', parameters)).status).toBe(404);
  });
});

describe('Set-OrganizationConfig', () => {
  const shown = () => exchange.rows('Get-OrganizationConfig', { RetrieveEwsOperationAccessPolicy: true });

  it.each([[[vendorAppId, other]], [`${vendorAppId},${other}`], [`${vendorAppId}, ${other}`], [null]])(
    'replaces the list by %p, and leaves the switch',
    async (EwsAllowedAppIDs) => {
      expect(await exchange.rows('Set-OrganizationConfig', { EwsAllowedAppIDs })).toEqual([]);
      expect(await shown()).toMatchObject([{ EwsAllowedAppIDs, EwsEnabled: true }]);
    },
  );

  it.each([true, false, null])('sets the switch to %p, and leaves the list', async (EwsEnabled) => {
    await exchange.page('Set-OrganizationConfig', { EwsEnabled });
    expect(await shown()).toMatchObject([{ EwsAllowedAppIDs: [vendorAppId], EwsEnabled }]);
  });

  it.each([{ EwsAllowedAppIDs: 'Condeco' }, { EwsAllowedAppIDs: [''] }, { EwsEnabled: 'yes' }])(
    'refuses %p',
    async (parameters) => {
      expect((await exchange.run('Set-OrganizationConfig', parameters)).status).toBe(400);
    },
  );
});

describe('whom Exchange lets change something', () => {
  const settings = ['Set-CASMailbox', { Identity: 'ada@contoso.com', EwsEnabled: false }] as const;
  const organisation = ['Set-OrganizationConfig', { EwsEnabled: false }] as const;

  it.each([
    ['Exchange Administrator', 200, 200],
    ['Organization Management', 200, 200],
    ['Exchange Recipient Administrator', 200, 403],
    ['Global Reader', 403, 403],
  ])('goes by the role: %s', async (exchangeRole, recipients, whole) => {
    for (const application of client.state.applications) application.exchangeRole = exchangeRole;
    expect((await exchange.run(...settings)).status).toBe(recipients);
    const answer = await exchange.run(...organisation);
    expect(answer.status).toBe(whole);
    if (whole === 403) expect(answer.headers['x-ms-diagnostics']).toContain(exchangeRole);
    expect((await exchange.run('Get-OrganizationConfig')).status).toBe(200);
  });
});
