import { homeTenantId } from '../../../local/simulator/demo';
import { anchor, cmdletInput, SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const fabrikam = 'fab11ca3-0000-4000-8000-000000000002';

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client);
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

it('answers a cmdlet with its rows, and names the request', async () => {
  const { status, headers, body } = await exchange.run('Get-ManagementScope');
  expect(status).toBe(200);
  expect(headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(body).toEqual({
    '@odata.context': exchange.address('$metadata#Collection(Exchange.GenericHashTable)'),
    value: [expect.objectContaining({ Name: 'Condeco rooms' })],
  });
});

it('shows the properties of $select alone', async () => {
  const input = cmdletInput('Get-ManagementScope');
  const { body } = await exchange.post(exchange.address('InvokeCommand?$select=Name,Nothing'), input);
  expect(body).toMatchObject({ value: [{ Name: 'Condeco rooms' }] });
});

describe('whom it lets in', () => {
  const asked = cmdletInput('Get-ManagementScope');

  it.each(['no token', 'a token for Graph'])('answers 401 without a word to %s', async (which) => {
    const token = which === 'no token' ? '' : await client.token(client.simulator.url);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await exchange.post(exchange.address('InvokeCommand'), asked, headers);
    expect(answer).toMatchObject({ status: 401, text: '' });
    expect(answer.headers['request-id']).toBeDefined();
  });

  it('answers 401 without a word while Exchange.ManageAsApp is missing', async () => {
    for (const application of client.state.applications)
      application.roles = application.roles.filter((role) => role !== 'Exchange.ManageAsApp');
    expect(await exchange.run('Get-ManagementScope')).toMatchObject({ status: 401, text: '' });
    expect(client.simulator.requests).toMatchObject([{ service: 'exchange', status: 401 }]);
  });

  it('answers 403 with the reason in a header to an application without a role in Exchange', async () => {
    for (const application of client.state.applications) delete application.exchangeRole;
    const { status, headers, text } = await exchange.run('Get-ManagementScope');
    expect(status).toBe(403);
    expect(headers['x-ms-diagnostics']).toContain('role');
    expect(text).toMatch(/^\0+$/);
  });

  it('answers 403 to a token of another tenant', async () => {
    const other = new SimulatedExchange(client, fabrikam);
    const { status, headers } = await other.run('Get-ManagementScope');
    expect(status).toBe(403);
    expect(headers['x-ms-diagnostics']).toContain('tenant');
  });

  it('is no part of Graph, and Graph no part of it', async () => {
    const headers = { authorization: `Bearer ${await client.token()}` };
    const { status } = await client.request(`${client.simulator.url}/v1.0/domains`, { headers });
    expect(status).toBe(401);
  });
});

describe('what it refuses', () => {
  it.each([['no anchor', ''] as const, ['the anchor of another tenant', anchor(fabrikam)] as const])(
    'a request with %s',
    async (_, given) => {
      const answer = await exchange.run('Get-ManagementScope', {}, { 'x-anchormailbox': given });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('X-AnchorMailbox');
    },
  );

  it('any other method than POST', async () => {
    const authorization = `Bearer ${await client.token()}`;
    const answer = await client.request(exchange.address('InvokeCommand'), { headers: { authorization } });
    expect(answer.status).toBe(405);
  });

  it.each([
    ['a cmdlet that it does not know', cmdletInput('Remove-Mailbox')],
    ['a parameter that the cmdlet does not know', cmdletInput('Get-ManagementScope', { Name: 'x' })],
    ['a body that is no input', { CmdletName: 'Get-ManagementScope' }],
    ['no body', undefined],
  ])('%s', async (_, body) => {
    expect((await exchange.post(exchange.address('InvokeCommand'), body)).status).toBe(400);
  });

  it('what is not there', async () => {
    const { status, body } = await exchange.run('Get-CalendarProcessing', { Identity: 'nobody@contoso.com' });
    expect(status).toBe(404);
    const { error } = body as { error: { code: string; details: { code: string; message: string }[] } };
    expect(error.code).toBe('NotFound');
    expect(error.details[0]?.message).toMatch(
      /^Ex\w+\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|The operation couldn't be performed because object 'nobody@contoso.com' couldn't be found on '[^']+'\.$/,
    );
  });
});

describe('a failure on request', () => {
  it('is chosen by the cmdlet', async () => {
    client.simulator.fail({ match: /InvokeCommand Get-CASMailbox$/, status: 429, retryAfter: 7, times: 1 });
    expect((await exchange.run('Get-ManagementScope')).status).toBe(200);
    const { status, headers } = await exchange.run('Get-CASMailbox', { Identity: 'svc-condeco@contoso.com' });
    expect([status, headers['retry-after']]).toEqual([429, '7']);
    expect(client.simulator.requests.map(({ cmdlet, faulty }) => [cmdlet, faulty])).toEqual([
      ['Get-ManagementScope', false],
      ['Get-CASMailbox', true],
    ]);
  });

  it('is chosen by what was posted', async () => {
    client.simulator.fail({
      match: ({ service, requestBody }) =>
        service === 'exchange' && JSON.stringify(requestBody).includes('room-jade'),
      status: 500,
    });
    const ask = (room: string) => exchange.run('Get-CalendarProcessing', { Identity: `${room}@contoso.com` });
    expect((await ask('room-jade')).status).toBe(500);
    expect((await ask('room-coral')).status).toBe(200);
  });

  it('has the form that the service gives it', async () => {
    client.simulator.fail({ match: /adminapi/, status: 401, times: 1 });
    expect(await exchange.run('Get-ManagementScope')).toMatchObject({ status: 401, text: '' });
    client.simulator.fail({ match: /adminapi/, status: 403, message: 'why', times: 1 });
    expect((await exchange.run('Get-ManagementScope')).headers['x-ms-diagnostics']).toBe('why');
    client.simulator.fail({ match: /adminapi/, drop: true, times: 1 });
    await expect(exchange.run('Get-ManagementScope')).rejects.toThrow();
  });

  it('can change an answer', async () => {
    client.simulator.fail({ match: /adminapi/, change: () => ({ value: 7 }) });
    expect((await exchange.run('Get-ManagementScope')).body).toEqual({ value: 7 });
    expect(client.simulator.requests[0]).toMatchObject({
      tenantId: homeTenantId,
      responseBody: { value: 7 },
    });
  });
});
