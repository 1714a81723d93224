import { homeTenantId } from '../../../local/simulator/demo';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const vendor = 'c0170507-0000-4000-8000-000000000021';
const roomFilter = "(RecipientTypeDetails -eq 'RoomMailbox')";
const assignments = '/beta/roleManagement/exchange/roleAssignments';
const scopes = '/beta/roleManagement/exchange/customAppScopes';

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client, homeTenantId, 'writer');
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

describe('Get-ManagementRole', () => {
  it('gives a role by its name, and says of others that they are not there', async () => {
    const Name = 'Application Calendars.ReadWrite';
    expect(await exchange.rows('Get-ManagementRole', { Identity: Name.toUpperCase() })).toMatchObject([
      { Name },
    ]);
    const [status, message] = await exchange.refusal('Get-ManagementRole', { Identity: 'Another' });
    expect([status, message]).toEqual([404, expect.stringContaining('ManagementObjectNotFoundException')]);
  });
});

describe('New-ServicePrincipal', () => {
  const made = {
    AppId: '7e57ab1e-0000-4000-8000-00000000c0d1',
    ObjectId: 'c0170507-0000-4000-8000-000000000041',
    DisplayName: 'Another',
  };

  it('makes an application known to Exchange', async () => {
    expect(await exchange.rows('New-ServicePrincipal', made)).toMatchObject([made]);
    expect(await exchange.rows('Get-ServicePrincipal', { Identity: made.AppId })).toMatchObject([made]);
  });

  it('refuses one that it knows', async () => {
    const AppId = '7e57ab1e-0000-4000-8000-00000000c0de';
    expect(await exchange.refusal('New-ServicePrincipal', { ...made, AppId })).toEqual([
      400,
      expect.stringMatching(
        /ADObjectAlreadyExistsException\|Active Directory operation failed on .* already exists\.$/,
      ),
    ]);
    expect((await exchange.run('New-ServicePrincipal', { ...made, ObjectId: vendor })).status).toBe(400);
  });

  it('is undone by removing it, when nobody has to be asked', async () => {
    await exchange.rows('New-ServicePrincipal', made);
    const Identity = made.ObjectId;
    expect((await exchange.run('Remove-ServicePrincipal', { Identity })).status).toBe(400);
    expect(await exchange.rows('Remove-ServicePrincipal', { Identity, Confirm: false })).toEqual([]);
    expect(await exchange.column('ObjectId', 'Get-ServicePrincipal')).toEqual([vendor]);
    const again = await exchange.run('Remove-ServicePrincipal', { Identity, Confirm: false });
    expect(again.status).toBe(404);
  });

  it('takes with it what was assigned to it, in both views', async () => {
    await exchange.rows('Remove-ServicePrincipal', { Identity: vendor, Confirm: false });
    const { exchange: state, roleAssignments } = client.state;
    expect(state.managementRoleAssignments.map(({ RoleAssignee }) => RoleAssignee)).not.toContain(vendor);
    expect(roleAssignments.map(({ principalId }) => principalId)).not.toContain(
      `/ServicePrincipals/${vendor}`,
    );
  });

  it('refuses what is no id', async () => {
    expect((await exchange.run('New-ServicePrincipal', { ...made, ObjectId: 'Another' })).status).toBe(400);
  });
});

describe('role assignments', () => {
  const wanted = {
    ...{ Name: 'New', App: vendor, Role: 'Application Calendars.Read' },
    CustomResourceScope: 'Condeco rooms',
  };

  it('are made, and Graph shows them too', async () => {
    const [row] = await exchange.rows('New-ManagementRoleAssignment', wanted);
    const { App, ...shown } = wanted;
    expect(row).toMatchObject({ ...shown, RoleAssignee: App, RecipientWriteScope: 'CustomRecipientScope' });
    expect(await exchange.rows('Get-ManagementRoleAssignment')).toContainEqual(row);
    expect(await client.list(assignments)).toContainEqual({
      id: row?.Guid,
      principalId: `/ServicePrincipals/${vendor}`,
      roleDefinitionId: 'c0170507-0000-4000-8000-000000000402',
      directoryScopeId: null,
      appScopeId: 'c0170507-0000-4000-8000-000000000421',
    });
  });

  it('reach everyone without a scope, and get a name without one', async () => {
    const { App, Role } = wanted;
    const rows = await exchange.rows('New-ManagementRoleAssignment', { App, Role });
    expect(rows).toMatchObject([
      { Name: `${Role}-${vendor}`, RecipientWriteScope: 'Organization', CustomResourceScope: null },
    ]);
    expect((await client.list(assignments)).at(-1)).toMatchObject({
      directoryScopeId: '/',
      appScopeId: null,
    });
  });

  it('can use a scope and an application that were made just before', async () => {
    const ids = {
      AppId: '7e57ab1e-0000-4000-8000-00000000c0d1',
      ObjectId: 'c0170507-0000-4000-8000-000000000041',
    };
    await exchange.rows('New-ServicePrincipal', ids);
    await exchange.rows('New-ManagementScope', { Name: 'Scope', RecipientRestrictionFilter: roomFilter });
    const own = { ...wanted, App: ids.AppId, CustomResourceScope: 'Scope' };
    expect(await exchange.rows('New-ManagementRoleAssignment', own)).toMatchObject([
      { RoleAssignee: ids.ObjectId, CustomResourceScope: 'Scope' },
    ]);
  });

  it.each([
    ['a stranger', { App: 'nobody' }, 404],
    ['an unknown role', { Role: 'Nothing' }, 404],
    ['an unknown scope', { CustomResourceScope: 'Nothing' }, 404],
    ['a name that is taken', { Name: 'Condeco calendars' }, 400],
    ['a user', { User: 'ada@contoso.com' }, 400],
  ])('are refused for %s', async (_, changes, status) => {
    expect((await exchange.run('New-ManagementRoleAssignment', { ...wanted, ...changes })).status).toBe(
      status,
    );
    expect(client.state.roleAssignments).toHaveLength(3);
  });

  it('are refused for the role that Microsoft has retired', async () => {
    const Role = 'ApplicationImpersonation';
    client.state.roleDefinitions.push({ id: 'retired', displayName: Role });
    expect((await exchange.run('New-ManagementRoleAssignment', { ...wanted, Role })).status).toBe(400);
  });

  it('can get another scope, in both views', async () => {
    await exchange.rows('New-ManagementScope', { Name: 'Scope', RecipientRestrictionFilter: roomFilter });
    const [row] = await exchange.rows('New-ManagementRoleAssignment', {
      ...wanted,
      CustomResourceScope: undefined,
    });
    const change = { Identity: 'New', CustomResourceScope: 'scope' };
    expect(await exchange.rows('Set-ManagementRoleAssignment', change)).toEqual([]);
    const shown = await exchange.rows('Get-ManagementRoleAssignment', { RoleAssignee: vendor });
    expect(shown[1]).toEqual({
      ...row,
      RecipientWriteScope: 'CustomRecipientScope',
      CustomResourceScope: 'Scope',
    });
    const scope = (await client.list(scopes)).find(({ displayName }) => displayName === 'Scope');
    expect((await client.list(assignments)).at(-1)).toMatchObject({
      directoryScopeId: null,
      appScopeId: scope?.id,
    });
  });

  it.each([{ Identity: 'Nothing' }, { CustomResourceScope: 'Nothing' }])(
    'need both to be there: %p',
    async (changes) => {
      const change = { Identity: 'Condeco calendars', CustomResourceScope: 'Condeco rooms', ...changes };
      expect((await exchange.run('Set-ManagementRoleAssignment', change)).status).toBe(404);
    },
  );

  it('are taken out of both views, when nobody has to be asked', async () => {
    const Identity = 'Condeco calendars';
    expect((await exchange.run('Remove-ManagementRoleAssignment', { Identity })).status).toBe(400);
    expect(await exchange.rows('Remove-ManagementRoleAssignment', { Identity, Confirm: false })).toEqual([]);
    expect(await client.list(assignments)).toHaveLength(2);
    expect(await exchange.rows('Get-ManagementRoleAssignment')).toHaveLength(2);
    const again = { Identity, Confirm: false };
    expect((await exchange.run('Remove-ManagementRoleAssignment', again)).status).toBe(404);
  });
});
