import { anchor, cmdletInput, SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

interface Part {
  id: string;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client);
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

function part(id: string, body: unknown = cmdletInput('Get-ManagementScope'), more: object = {}) {
  const headers = { 'X-AnchorMailbox': anchor(), 'Content-Type': 'application/json' };
  return { id, method: 'POST', url: exchange.address('InvokeCommand'), headers, body, ...more };
}

async function batch(...requests: unknown[]): Promise<Part[]> {
  const { status, text, body } = await exchange.post(exchange.address('$batch'), { requests });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return (body as { responses: Part[] }).responses;
}

it('answers last things first, so that callers go by the ids', async () => {
  const responses = await batch(part('a'), part('b', cmdletInput('Get-OrganizationConfig')));
  expect(responses.map(({ id, status }) => [id, status])).toEqual([
    ['b', 200],
    ['a', 200],
  ]);
  expect(responses[0]?.body).toMatchObject({ value: [{ EwsEnabled: true }] });
  expect(responses[0]?.headers['request-id']).toBeDefined();
});

it('takes addresses that are relative to the tenant', async () => {
  expect(await batch(part('a', undefined, { url: 'InvokeCommand' }))).toMatchObject([{ status: 200 }]);
});

it('judges each part alone', async () => {
  const nobody = cmdletInput('Get-CASMailbox', { Identity: 'nobody' });
  client.simulator.fail({ match: /Get-OrganizationConfig/, status: 429, retryAfter: 3, times: 1 });
  const foreign = exchange.address('InvokeCommand').replace('c0170507', 'fab11ca3');
  const responses = await batch(
    part('fine'),
    part('missing', nobody),
    part('unanchored', undefined, { headers: {} }),
    part('throttled', cmdletInput('Get-OrganizationConfig')),
    part('foreign', undefined, { url: foreign }),
    part('nested', { requests: [] }, { url: exchange.address('$batch') }),
  );
  const statuses = Object.fromEntries(responses.map(({ id, status }) => [id, status]));
  expect(statuses).toEqual({
    fine: 200,
    missing: 404,
    unanchored: 400,
    throttled: 429,
    foreign: 403,
    nested: 404,
  });
  expect(responses.find(({ id }) => id === 'throttled')?.headers['Retry-After']).toBe('3');
});

it.each([
  ['eleven parts', () => Array.from({ length: 11 }, (_, index) => part(String(index)))],
  ['no parts', () => []],
  ['the same id twice', () => [part('a'), part('a')]],
  ['a part for another host', () => [part('a', undefined, { url: 'https://example.com/adminapi/beta/x/y' })]],
])('refuses %s', async (_, parts) => {
  const { status } = await exchange.post(exchange.address('$batch'), { requests: parts() });
  expect(status).toBe(400);
});

it('writes down the batch and its parts', async () => {
  await batch(part('a'), part('b'));
  const log = client.simulator.requests.map(({ url, cmdlet, batched }) => [
    url.split('/').at(-1),
    cmdlet,
    batched,
  ]);
  expect(log).toEqual([
    ['InvokeCommand', 'Get-ManagementScope', true],
    ['InvokeCommand', 'Get-ManagementScope', true],
    ['$batch', undefined, false],
  ]);
});
