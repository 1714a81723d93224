import { SimulatorClient } from '../../support/simulator-client';

const account = 'c0170507-0000-4000-8000-000000000011';
const json = { 'Content-Type': 'application/json' };

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

const change = (id: string, body: object, headers: object = json) => ({
  ...{ id, method: 'PATCH', url: `/users/${account}`, headers, body },
});
const batch = (...requests: object[]) => client.change('POST', '/v1.0/$batch', { requests });

it('carries out each part for itself', async () => {
  const { status, body } = await batch(
    change('fine', { usageLocation: 'DE' }),
    change('wrong', { usageLocation: 'Utopia' }),
    { id: 'missing', method: 'DELETE', url: '/oauth2PermissionGrants/nothing' },
  );
  const { responses } = body as { responses: { id: string; status: number }[] };
  expect([status, Object.fromEntries(responses.map((part) => [part.id, part.status]))]).toEqual([
    200,
    { fine: 204, wrong: 400, missing: 404 },
  ]);
  expect(client.state.users.find(({ id }) => id === account)).toMatchObject({ usageLocation: 'DE' });
});

it.each([
  ['a body that is not said to be JSON', [change('1', {}, {})]],
  ['parts that wait for each other', [{ ...change('1', {}), dependsOn: ['2'] }]],
  ['no parts', []],
  ['the same id twice', [change('a', {}), change('A', {})]],
])('refuses %s', async (_, parts) => {
  const { status, text } = await batch(...parts);
  expect([status, text]).toEqual([400, expect.stringContaining('Invalid batch payload format.')]);
});
