import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const vendor = 'c0170507-0000-4000-8000-000000000021';
const scopeId = 'c0170507-0000-4000-8000-000000000421';
const assignmentId = 'c0170507-0000-4000-8000-000000000411';
const calendarsRead = 'c0170507-0000-4000-8000-000000000402';
const nobody = 'c0170507-0000-4000-8000-000000000099';
const scopes = '/beta/roleManagement/exchange/customAppScopes';
const assignments = '/beta/roleManagement/exchange/roleAssignments';

type Row = Record<string, unknown>;

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client);
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

describe('scopes through Graph', () => {
  const create = (displayName: string, RecipientFilter: string) =>
    client.change('POST', scopes, {
      ...{ type: 'RecipientScope', displayName },
      customAttributes: { Exclusive: false, RecipientFilter },
    });

  it('are made with the filter as Exchange keeps it, and Exchange shows them too', async () => {
    const { status, body } = await create('New', "RecipientTypeDetails -eq 'RoomMailbox'");
    const RecipientFilter = "(RecipientTypeDetails -eq 'RoomMailbox')";
    expect(status).toBe(201);
    expect(body).toEqual({
      ...{ id: (body as Row).id, type: 'RecipientScope', displayName: 'New' },
      customAttributes: { Exclusive: false, RecipientFilter },
    });
    expect(await client.list(scopes)).toContainEqual(body);
    const rows = await exchange.rows('Get-ManagementScope');
    expect(rows).toContainEqual(
      expect.objectContaining({ Guid: (body as Row).id, Name: 'New', RecipientFilter, Exclusive: false }),
    );
  });

  it('are changed in both views', async () => {
    const change = { displayName: 'Other', customAttributes: { RecipientFilter: "City -eq 'London'" } };
    expect(await client.change('PATCH', `${scopes}/${scopeId}`, change)).toMatchObject({
      status: 204,
      text: '',
    });
    const RecipientFilter = "(City -eq 'London')";
    expect(await client.list(scopes)).toMatchObject([
      { displayName: 'Other', customAttributes: { Exclusive: false, RecipientFilter } },
    ]);
    expect(await exchange.rows('Get-ManagementScope')).toMatchObject([{ Name: 'Other', RecipientFilter }]);
    const held = await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee: vendor });
    expect(held).toMatchObject([{ CustomResourceScope: 'Other' }]);
  });

  it('can be made exclusive, and keep their filter', async () => {
    const change = { customAttributes: { Exclusive: true } };
    expect((await client.change('PATCH', `${scopes}/${scopeId}`, change)).status).toBe(204);
    const RecipientFilter = "(RecipientTypeDetails -eq 'RoomMailbox')";
    expect(await exchange.rows('Get-ManagementScope')).toMatchObject([{ Exclusive: true, RecipientFilter }]);
    expect(await client.list(scopes)).toMatchObject([
      { customAttributes: { Exclusive: true, RecipientFilter } },
    ]);
  });

  it('are taken out of both views, once nobody holds a role with them', async () => {
    const used = await client.change('DELETE', `${scopes}/${scopeId}`);
    expect([used.status, used.text]).toEqual([400, expect.stringContaining('is used by a role assignment')]);
    await client.change('DELETE', `${assignments}/${assignmentId}`);
    expect((await client.change('DELETE', `${scopes}/${scopeId}`)).status).toBe(204);
    expect([await client.list(scopes), await exchange.rows('Get-ManagementScope')]).toEqual([[], []]);
  });

  it('have names of their own', async () => {
    expect((await create('condeco rooms', "City -eq 'Paris'")).text).toContain('already exists');
    await create('New', "City -eq 'Paris'");
    const change = { displayName: 'New' };
    expect((await client.change('PATCH', `${scopes}/${scopeId}`, change)).status).toBe(400);
  });

  it.each([
    ['PATCH', { displayName: 'x' }],
    ['DELETE', undefined],
  ])('may be missing: %s', async (method, body) => {
    expect((await client.change(method, `${scopes}/${nobody}`, body)).status).toBe(404);
  });

  it('are not known in v1.0', async () => {
    const address = scopes.replace('beta', 'v1.0');
    expect((await client.change('POST', address, {})).text).toContain('Resource not found for the segment');
  });
});

describe('assignments through Graph', () => {
  const wanted = {
    principalId: `/ServicePrincipals/${vendor}`,
    roleDefinitionId: calendarsRead,
    directoryScopeId: null,
    appScopeId: scopeId,
  };
  const create = (changes: object = {}) => client.change('POST', assignments, { ...wanted, ...changes });

  it('are made, and Exchange shows them under a name of its own', async () => {
    const { status, body } = await create();
    expect([status, body]).toMatchObject([201, wanted]);
    expect(await client.list(assignments)).toContainEqual(body);
    const rows = await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee: vendor });
    expect(rows[1]).toMatchObject({
      Guid: (body as Row).id,
      Name: `Application Calendars.Read-${vendor}`,
      Role: 'Application Calendars.Read',
      RoleAssigneeType: 'ServicePrincipal',
      RecipientWriteScope: 'CustomRecipientScope',
      CustomResourceScope: 'Condeco rooms',
      Enabled: true,
    });
  });

  it('may be there twice, under two names', async () => {
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(201);
    const Role = 'Application Calendars.Read';
    expect(await exchange.column('Name', 'Get-ManagementRoleAssignment', { Role })).toEqual([
      `${Role}-${vendor}`,
      `${Role}-${vendor}-1`,
    ]);
  });

  it.each([
    ['/', 'Organization', null],
    ['/groups/c0170507-0000-4000-8000-000000000201', 'Group', 'Condeco rooms'],
    ['/AdministrativeUnits/unit-1', 'AdministrativeUnit', 'unit-1'],
  ])('reach as far as %s says', async (directoryScopeId, RecipientWriteScope, CustomResourceScope) => {
    client.state.administrativeUnits.push({ id: 'unit-1', displayName: 'Berlin' });
    expect((await create({ directoryScopeId, appScopeId: null })).status).toBe(201);
    const rows = await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee: vendor });
    expect(rows[1]).toMatchObject({ RecipientWriteScope, CustomResourceScope });
  });

  it('may go to a role group', async () => {
    const { status } = await create({ principalId: '/RoleGroups/Recipient Management' });
    expect(status).toBe(201);
    const rows = await exchange.rows('Get-ManagementRoleAssignment', {
      RoleAssignee: 'Recipient Management',
    });
    expect(rows).toHaveLength(2);
  });

  it.each([
    ['an unknown role', { roleDefinitionId: nobody }],
    ['an unknown scope', { appScopeId: nobody }],
    ['an unknown group', { directoryScopeId: `/Groups/${nobody}`, appScopeId: null }],
    ['two scopes', { directoryScopeId: '/' }],
    ['no scope', { appScopeId: null }],
    ['a stranger', { principalId: `/ServicePrincipals/${nobody}` }],
    ['a principal of another form', { principalId: vendor }],
  ])('are refused for %s', async (_, changes) => {
    expect((await create(changes)).status).toBe(400);
    expect(await client.list(assignments)).toHaveLength(3);
  });

  it('are refused for the role that Microsoft has retired', async () => {
    client.state.roleDefinitions.push({ id: nobody, displayName: 'ApplicationImpersonation' });
    expect((await create({ roleDefinitionId: nobody })).text).toContain("can't be assigned any more");
  });

  it('are refused for an application that Exchange does not know', async () => {
    client.state.exchange.servicePrincipals = [];
    expect((await create()).status).toBe(400);
  });

  it('are taken out of both views', async () => {
    expect((await client.change('DELETE', `${assignments}/${assignmentId}`)).status).toBe(204);
    expect(await client.list(`${assignments}?$filter=principalId eq '/ServicePrincipals/${vendor}'`)).toEqual(
      [],
    );
    expect(await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee: vendor })).toEqual([]);
    expect((await client.change('DELETE', `${assignments}/${assignmentId}`)).status).toBe(404);
  });
});
