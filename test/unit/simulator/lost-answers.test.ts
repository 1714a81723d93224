import { isAccepted, isWrite } from '../../../local/simulator';
import { homeTenantId } from '../../../local/simulator/demo';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const account = 'c0170507-0000-4000-8000-000000000011';
const assignments = '/beta/roleManagement/exchange/roleAssignments';

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client, homeTenantId, 'writer');
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

const patch = () => client.change('PATCH', `/v1.0/users/${account}`, { usageLocation: 'DE' });
const place = () => client.state.users.find(({ id }) => id === account)?.usageLocation;

describe('a write that fails', () => {
  it('has written nothing, when it is throttled', async () => {
    client.simulator.fail({ match: /PATCH \/v1.0\/users/, status: 429, retryAfter: 1, times: 1 });
    const { status, headers } = await patch();
    expect([status, headers['retry-after'], place()]).toEqual([429, '1', 'GB']);
    expect(client.simulator.requests.map(isAccepted)).toEqual([false]);
    expect((await patch()).status).toBe(204);
    expect(place()).toBe('DE');
  });

  it('has written nothing, and left no trace, when the connection breaks', async () => {
    client.simulator.fail({ match: /PATCH/, drop: true, times: 1 });
    await expect(patch()).rejects.toThrow();
    expect([place(), client.simulator.requests]).toEqual(['GB', []]);
  });
});

describe('a write whose answer is lost', () => {
  it('has written, when the connection breaks after it', async () => {
    client.simulator.fail({ match: /PATCH/, drop: true, after: true, times: 1 });
    await expect(patch()).rejects.toThrow();
    expect(place()).toBe('DE');
    expect(client.simulator.requests).toMatchObject([{ status: 0, outcome: 204, faulty: true }]);
    expect(client.simulator.requests.filter(isWrite).map(isAccepted)).toEqual([true]);
  });

  it('has written, when another status is answered', async () => {
    client.simulator.fail({ match: /PATCH/, status: 504, after: true, times: 1 });
    expect((await patch()).status).toBe(504);
    expect(place()).toBe('DE');
    expect(client.simulator.requests).toMatchObject([{ status: 504, outcome: 204, faulty: true }]);
  });

  it('has written once: the next one sees it', async () => {
    client.simulator.fail({ match: /POST .*roleAssignments/, status: 503, after: true, times: 1 });
    const body = {
      principalId: '/ServicePrincipals/c0170507-0000-4000-8000-000000000021',
      roleDefinitionId: 'c0170507-0000-4000-8000-000000000402',
      appScopeId: 'c0170507-0000-4000-8000-000000000421',
    };
    expect((await client.change('POST', assignments, body)).status).toBe(503);
    expect(client.state.roleAssignments).toHaveLength(4);
    expect((await client.change('POST', assignments, body)).status).toBe(201);
    expect(client.state.roleAssignments).toHaveLength(5);
  });

  it('may be a cmdlet', async () => {
    client.simulator.fail({ match: /New-ManagementScope/, drop: true, after: true, times: 1 });
    const made = { Name: 'New', RecipientRestrictionFilter: "City -eq 'London'" };
    await expect(exchange.run('New-ManagementScope', made)).rejects.toThrow();
    expect(await exchange.column('Name', 'Get-ManagementScope')).toContain('New');
    expect((await exchange.run('New-ManagementScope', made)).text).toContain('already exists');
  });

  it('may be a part of a batch', async () => {
    client.simulator.fail({ match: /PATCH/, drop: true, after: true, times: 1 });
    const part = {
      ...{ id: '1', method: 'PATCH', url: `/users/${account}`, body: { usageLocation: 'DE' } },
      headers: { 'Content-Type': 'application/json' },
    };
    const { body } = await client.change('POST', '/v1.0/$batch', { requests: [part] });
    expect(body).toMatchObject({ responses: [{ id: '1', status: 504 }] });
    expect(place()).toBe('DE');
  });

  it('may be asked for over the wire', async () => {
    const fault = { match: 'PATCH', status: 500, after: true, times: 1 };
    const address = `${client.simulator.url}/simulator/faults`;
    expect((await client.request(address, { method: 'POST', body: fault })).status).toBe(204);
    expect((await patch()).status).toBe(500);
    expect(place()).toBe('DE');
  });

  it('was refused all the same, if it was not allowed', async () => {
    for (const application of client.state.applications) application.roles = [];
    client.simulator.fail({ match: /PATCH/, drop: true, after: true });
    await expect(patch()).rejects.toThrow();
    expect(client.simulator.requests).toMatchObject([{ status: 0, outcome: 403 }]);
    expect(client.simulator.requests.map(isAccepted)).toEqual([false]);
  });
});
