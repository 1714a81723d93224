import { homeTenantId } from '../../../local/simulator/demo';
import { deleteUser } from '../../support/simulated-writes';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const account = 'c0170507-0000-4000-8000-000000000011';
const ada = 'c0170507-0000-4000-8000-000000000121';
const vendor = 'c0170507-0000-4000-8000-000000000021';
const e1 = '18181a46-0d4e-45cd-891e-60aabd171b4e';
const scopes = '/beta/roleManagement/exchange/customAppScopes';
const everyRoom = { Name: 'New', RecipientRestrictionFilter: "RecipientTypeDetails -eq 'RoomMailbox'" };

let client: SimulatorClient;
let exchange: SimulatedExchange;
let now: number;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client, homeTenantId, 'writer');
});
beforeEach(() => {
  now = Date.parse('2026-11-23T02:00:00Z');
  client.simulator.now = () => now;
  client.simulator.consistencyDelayMs = 30_000;
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

const patch = (body: object) => client.change('PATCH', `/v1.0/users/${account}`, body);

async function shown(property: string): Promise<unknown> {
  const { body } = await client.graph(`/v1.0/users/${account}?$select=${property}`);
  return (body as Record<string, unknown>)[property];
}

async function column(property: string, address: string): Promise<unknown[]> {
  const { body } = await client.graph(address);
  return (body as { value: Record<string, unknown>[] }).value.map((row) => row[property]);
}

describe('what was written', () => {
  it('is seen when its time has come, and not before', async () => {
    expect((await patch({ usageLocation: 'DE' })).status).toBe(204);
    expect(await shown('usageLocation')).toBe('GB');
    now += 29_999;
    expect(await shown('usageLocation')).toBe('GB');
    now += 1;
    expect(await shown('usageLocation')).toBe('DE');
  });

  it('is never seen, when the delay has no end', async () => {
    client.simulator.consistencyDelayMs = Infinity;
    await patch({ usageLocation: 'DE' });
    now += 1e12;
    expect(await shown('usageLocation')).toBe('GB');
    expect(client.simulator.written(homeTenantId).users[0]).toMatchObject({ usageLocation: 'DE' });
    client.simulator.consistencyDelayMs = 0;
    expect(await shown('usageLocation')).toBe('DE');
  });

  it('is seen change by change, in the order of writing', async () => {
    await patch({ accountEnabled: false });
    now += 20_000;
    await patch({ accountEnabled: true, usageLocation: 'DE' });
    now += 10_000;
    expect([await shown('accountEnabled'), await shown('usageLocation')]).toEqual([false, 'GB']);
    now += 20_000;
    expect([await shown('accountEnabled'), await shown('usageLocation')]).toEqual([true, 'DE']);
  });

  it('appears in the state that a test holds, too', async () => {
    const { state } = client;
    await patch({ usageLocation: 'DE' });
    expect(state.users[0]).toMatchObject({ usageLocation: 'GB' });
    now += 30_000;
    expect(client.state).toBe(state);
    expect(state.users[0]).toMatchObject({ usageLocation: 'DE' });
  });

  it('is late in both services', async () => {
    const [made] = await exchange.rows('New-ManagementScope', everyRoom);
    const names = async () => [
      await column('displayName', scopes),
      await exchange.column('Name', 'Get-ManagementScope'),
    ];
    expect(await names()).toEqual([['Condeco rooms'], ['Condeco rooms']]);
    now += 30_000;
    const both = ['Condeco rooms', 'New'];
    expect(await names()).toEqual([both, both]);
    expect(await column('id', scopes)).toContain(made?.Guid);
  });

  it('is forgotten on a reset', async () => {
    await patch({ usageLocation: 'DE' });
    client.simulator.reset();
    expect(client.simulator.consistencyDelayMs).toBe(0);
    expect(await shown('usageLocation')).toBe('GB');
  });
});

describe('a later write', () => {
  it('goes by what was written, and not by what is seen', async () => {
    await exchange.rows('New-ManagementScope', everyRoom);
    expect((await exchange.run('New-ManagementScope', everyRoom)).status).toBe(400);
    const assignment = { App: vendor, Role: 'Application Calendars.Read', CustomResourceScope: 'New' };
    const [made] = await exchange.rows('New-ManagementRoleAssignment', assignment);
    const removal = { Identity: made?.Name, Confirm: false };
    expect((await exchange.run('Remove-ManagementRoleAssignment', removal)).status).toBe(200);
    now += 30_000;
    expect(await exchange.column('Name', 'Get-ManagementScope')).toEqual(['Condeco rooms', 'New']);
    expect(await exchange.rows('Get-ManagementRoleAssignment')).toHaveLength(3);
  });

  it('finds a user that nobody sees yet', async () => {
    deleteUser(client.state, ada);
    const restored = await client.change('POST', `/v1.0/directory/deletedItems/${ada}/restore`);
    expect(restored.body).toMatchObject({ userPrincipalName: 'ada@contoso.com' });
    const address = `/v1.0/users/${ada}`;
    expect((await client.change('PATCH', address, { usageLocation: 'DE' })).status).toBe(204);
    expect((await client.graph(address)).status).toBe(404);
    now += 30_000;
    expect((await client.graph(`${address}?$select=usageLocation`)).body).toEqual({ usageLocation: 'DE' });
    expect(client.state.deletedUsers).toEqual([]);
  });

  it('counts the seats that are taken already', async () => {
    const sku = client.state.subscribedSkus.find(({ skuId }) => skuId === e1);
    const { enabled } = sku?.prepaidUnits as { enabled: number };
    Object.assign(sku ?? {}, { consumedUnits: enabled - 1 });
    const assign = (user: string) =>
      client.change('POST', `/v1.0/users/${user}/assignLicense`, {
        addLicenses: [{ skuId: e1 }],
        removeLicenses: [],
      });
    expect((await assign('ada@contoso.com')).status).toBe(200);
    expect((await assign('ben@contoso.com')).status).toBe(400);
    expect(await column('consumedUnits', '/v1.0/subscribedSkus')).toContain(enabled - 1);
    now += 30_000;
    expect(await column('consumedUnits', '/v1.0/subscribedSkus')).toContain(enabled);
  });
});

it('goes by the clock of the machine unless told', () => {
  client.simulator.reset();
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'performance'], now });
  try {
    expect(client.simulator.now()).toBe(now);
    jest.setSystemTime(now + 60_000);
    expect(client.simulator.now()).toBe(now + 60_000);
  } finally {
    jest.useRealTimers();
  }
});
