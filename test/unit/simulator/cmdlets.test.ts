import { assign, limit, type TestScope } from '../../support/exchange-views';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const vendorId = 'c0170507-0000-4000-8000-000000000021';
const vendorAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
const roomFilter = "(RecipientTypeDetails -eq 'RoomMailbox')";

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client);
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

describe('Get-Recipient', () => {
  it.each(['room-jade@contoso.com', 'ROOM-JADE@contoso.com', 'Jade', 'c0170507-0000-4000-8000-000000000110'])(
    'finds a room by %s',
    async (Identity) => {
      expect(await exchange.rows('Get-Recipient', { Identity })).toMatchObject([
        {
          DisplayName: 'Jade',
          RecipientTypeDetails: 'RoomMailbox',
          EmailAddresses: ['SMTP:room-jade@contoso.com'],
        },
      ]);
    },
  );

  it('finds an account by its second address', async () => {
    const Identity = 'svc-condeco@contoso.onmicrosoft.com';
    expect(await exchange.column('PrimarySmtpAddress', 'Get-Recipient', { Identity })).toEqual([
      'svc-condeco@contoso.com',
    ]);
  });

  it('lists everyone, groups too, or those of some types', async () => {
    expect(await exchange.rows('Get-Recipient')).toHaveLength(21);
    const types = { RecipientTypeDetails: ['EquipmentMailbox', 'RoomList'] };
    expect(await exchange.column('DisplayName', 'Get-Recipient', types)).toEqual([
      'Projector 1',
      'Condeco rooms',
    ]);
  });

  it('knows what the table says of a filter, however it is spaced', async () => {
    const Filter = roomFilter.replace(' -eq ', '  -EQ ');
    expect(await exchange.rows('Get-Recipient', { Filter })).toHaveLength(12);
  });

  it('applies a filter and types together', async () => {
    client.state.exchange.filters = [
      { filter: "City -eq 'London'", recipients: ['room-jade@contoso.com', 'ada@contoso.com'] },
    ];
    const query = { Filter: "City -eq 'London'", RecipientTypeDetails: ['UserMailbox'] };
    expect(await exchange.column('DisplayName', 'Get-Recipient', query)).toEqual(['Ada Nwosu']);
  });

  it('refuses a filter that the table lacks', async () => {
    expect((await exchange.run('Get-Recipient', { Filter: "City -eq 'Paris'" })).status).toBe(400);
  });
});

describe('Get-ServicePrincipal', () => {
  it.each([vendorId, vendorAppId, 'Condeco Exchange Sync'])('finds one by %s', async (Identity) => {
    const found = await exchange.column('ObjectId', 'Get-ServicePrincipal', { Identity });
    expect(found).toEqual([vendorId]);
  });

  it('gives everybody, asked for one that was never made known to Exchange', async () => {
    const [own] = client.state.exchange.servicePrincipals;
    const other = { ...own, Identity: 'x', Guid: 'y', AppId: 'z', ObjectId: 'x', DisplayName: 'Another' };
    client.state.exchange.servicePrincipals.push(other);
    const Identity = '7e57ab1e-0000-4000-8000-00000000c0d1';
    expect(await exchange.column('ObjectId', 'Get-ServicePrincipal', { Identity })).toEqual([vendorId, 'x']);
  });
});

describe('Get-ApplicationAccessPolicy', () => {
  it('lists all, of whichever application', async () => {
    expect(await exchange.rows('Get-ApplicationAccessPolicy')).toEqual([]);
    limit(
      client.state,
      { right: 'DenyAccess', members: ['room-jade@contoso.com'] },
      { right: 'RestrictAccess', members: [], appId: 'another' },
    );
    expect(await exchange.column('AppId', 'Get-ApplicationAccessPolicy')).toEqual([vendorAppId, 'another']);
    const [policy] = await exchange.rows('Get-ApplicationAccessPolicy');
    const Identity = String(policy?.ScopeIdentityRaw).split(';')[1];
    expect(await exchange.column('PrimarySmtpAddress', 'Get-DistributionGroupMember', { Identity })).toEqual([
      'room-jade@contoso.com',
    ]);
  });
});

describe('Test-ServicePrincipalAuthorization', () => {
  const inScope = (Resource?: string) =>
    exchange.column('InScope', 'Test-ServicePrincipalAuthorization', { Identity: vendorAppId, Resource });
  const [jade, ada] = ['room-jade@contoso.com', 'ada@contoso.com'];

  it('says of each role what it grants, and where', async () => {
    assign(client.state, { role: 'Application Mail Full Access', scope: 'organization' });
    expect(
      await exchange.rows('Test-ServicePrincipalAuthorization', { Identity: vendorId, Resource: ada }),
    ).toEqual([
      {
        ...{ RoleName: 'Application Mail Full Access', GrantedPermissions: 'Mail.ReadWrite, Mail.Send' },
        ...{ AllowedResourceScope: 'Organization', ScopeType: 'Organization', InScope: true },
      },
    ]);
  });

  it.each<[string, TestScope, boolean]>([
    ['a filter', { filter: roomFilter }, false],
    ['a group', { group: [jade] }, false],
    ['an administrative unit', { unit: [jade] }, false],
    ['the whole organisation', 'organization', true],
  ])('says who is within %s', async (_case, scope, isEverybody) => {
    assign(client.state, { scope });
    expect(await inScope(jade)).toEqual([true]);
    expect(await inScope(ada)).toEqual([isEverybody]);
    expect(await inScope()).toEqual(['Not Run']);
  });

  it('says otherwise where the state says so, and refuses whom it does not know', async () => {
    client.state.exchange.authorizationExceptions = [{ resource: jade, inScope: false }];
    expect(await inScope(jade)).toEqual([false]);
    const run = (parameters: object) => exchange.run('Test-ServicePrincipalAuthorization', parameters);
    expect((await run({ Identity: 'Another' })).status).toBe(404);
    expect((await run({ Identity: vendorId, Resource: 'nobody@contoso.com' })).status).toBe(404);
    expect((await run({})).status).toBe(400);
  });
});

describe('Get-ManagementRoleAssignment', () => {
  const names = (query: object) => exchange.column('Name', 'Get-ManagementRoleAssignment', query);

  it.each([vendorId, vendorAppId, 'Condeco Exchange Sync'])(
    'shows what is assigned to %s',
    async (RoleAssignee) => {
      expect(await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee })).toMatchObject([
        {
          Role: 'Application Calendars.ReadWrite',
          AssignmentMethod: 'Direct',
          CustomResourceScope: 'Condeco rooms',
        },
      ]);
    },
  );

  it('shows what is held through role groups, also through groups in groups', async () => {
    const [management, recipients] = client.state.exchange.roleGroups;
    management?.members.push(vendorId);
    recipients?.members.push('Organization Management');
    const rows = await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee: vendorAppId });
    expect(rows.map(({ RoleAssignee, AssignmentMethod }) => [RoleAssignee, AssignmentMethod])).toEqual([
      [vendorId, 'Direct'],
      ['Organization Management', 'RoleGroup'],
      ['Recipient Management', 'RoleGroup'],
    ]);
  });

  it('leaves the delegating ones out only when told so', async () => {
    const Role = 'Application Calendars.ReadWrite';
    expect(await names({ Role })).toHaveLength(2);
    expect(await names({ Role, Delegating: false })).toEqual(['Condeco calendars']);
    expect(await names({ Delegating: true })).toEqual([
      'Application Calendars.ReadWrite-Organization Management-Delegating',
    ]);
  });

  it('compares whether they are enabled, and sends it as the state has it', async () => {
    Object.assign(client.state.exchange.managementRoleAssignments[0] ?? {}, { Enabled: 'False' });
    expect(await names({ Enabled: false })).toEqual(['Condeco calendars']);
    expect(await exchange.column('Enabled', 'Get-ManagementRoleAssignment')).toEqual(['False', true, true]);
  });

  it('does not know a stranger', async () => {
    expect((await exchange.run('Get-ManagementRoleAssignment', { RoleAssignee: 'nobody' })).status).toBe(404);
  });
});

describe('room lists', () => {
  it('are distribution groups of their own type, without their members', async () => {
    const rows = await exchange.rows('Get-DistributionGroup', { RecipientTypeDetails: ['RoomList'] });
    expect(rows).toMatchObject([{ PrimarySmtpAddress: 'condeco-rooms@contoso.com' }]);
    expect(rows[0]).not.toHaveProperty('members');
  });

  it('have rooms as members, and groups as they may be nested', async () => {
    client.state.exchange.distributionGroups[0]?.members.push('condeco-accounts@contoso.com');
    const Identity = 'condeco-rooms@contoso.com';
    const types = await exchange.column('RecipientTypeDetails', 'Get-DistributionGroupMember', { Identity });
    expect(types).toEqual([...Array<string>(12).fill('RoomMailbox'), 'MailUniversalSecurityGroup']);
  });

  it.each(['Get-DistributionGroup', 'Get-DistributionGroupMember'])('may be missing: %s', async (name) => {
    expect((await exchange.run(name, { Identity: 'nobody@contoso.com' })).status).toBe(404);
  });
});

describe('settings', () => {
  it('of calendars are those of the state, or what Exchange gives to a new mailbox', async () => {
    const ask = (Identity: string) => exchange.rows('Get-CalendarProcessing', { Identity });
    expect(await ask('room-jade@contoso.com')).toEqual([
      {
        Identity: 'Jade',
        AutomateProcessing: 'AutoAccept',
        DeleteSubject: false,
        AllowRecurringMeetings: true,
        AddOrganizerToSubject: false,
        BookingWindowInDays: 365,
        ...{ AllBookInPolicy: true, AllRequestInPolicy: false, AllRequestOutOfPolicy: false },
        ...{ ResourceDelegates: [], ForwardRequestsToDelegates: true },
        ...{ DeleteComments: true, DeleteAttachments: true, RemovePrivateProperty: true },
        ...{ ProcessExternalMeetingMessages: false, AllowConflicts: false, MaximumDurationInMinutes: 1440 },
        ...{ ScheduleOnlyDuringWorkHours: false, EnforceSchedulingHorizon: true },
      },
    ]);
    expect(await ask('ada@contoso.com')).toMatchObject([
      { AutomateProcessing: 'AutoUpdate', DeleteSubject: true },
    ]);
  });

  it('of mailboxes say whether EWS is on', async () => {
    const ask = (Identity: string) => exchange.rows('Get-CASMailbox', { Identity });
    expect(await ask('svc-condeco@contoso.com')).toMatchObject([{ EwsEnabled: null }]);
    expect(await ask('ada@contoso.com')).toMatchObject([
      { PrimarySmtpAddress: 'ada@contoso.com', EwsEnabled: true },
    ]);
    expect((await exchange.run('Get-CASMailbox', { Identity: 'condeco-rooms@contoso.com' })).status).toBe(
      404,
    );
  });

  it('of mailboxes and of the organisation have no rules on user agents unless somebody makes some', async () => {
    const none = { EwsApplicationAccessPolicy: null, EwsAllowList: null, EwsBlockList: null };
    const mailbox = () => exchange.rows('Get-CASMailbox', { Identity: 'ada@contoso.com' });
    expect([...(await mailbox()), ...(await exchange.rows('Get-OrganizationConfig'))]).toMatchObject([
      ...[none, none],
    ]);
    const EwsApplicationAccessPolicy = 'EnforceBlockList' as const;
    const rules = { EwsApplicationAccessPolicy, EwsBlockList: ['OWA/*'] };
    client.state.exchange.casMailboxes.push({ Identity: 'Ada Nwosu', ...rules });
    expect(await mailbox()).toMatchObject([{ EwsEnabled: true, ...rules }]);
  });

  it('of the organisation show the allowed applications to those who ask for them', async () => {
    const [plain] = await exchange.rows('Get-OrganizationConfig');
    expect(plain).toMatchObject({ EwsEnabled: true });
    expect(plain).not.toHaveProperty('EwsAllowedAppIDs');
    const [whole] = await exchange.rows('Get-OrganizationConfig', { RetrieveEwsOperationAccessPolicy: true });
    expect(whole).toMatchObject({ EwsAllowedAppIDs: [vendorAppId] });
  });
});
