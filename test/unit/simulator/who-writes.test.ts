import { isAccepted, isWrite, type RequestRecord } from '../../../local/simulator';
import { homeTenantId, identityClientId, remediationClientId } from '../../../local/simulator/demo';
import { questions } from '../../../local/simulator/log';
import { cmdlets } from '../../../local/simulator/exchange/cmdlets';
import { routes } from '../../../local/simulator/routes';
import { cmdletWrites, graphWrites } from '../../support/simulated-writes';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient, type Who } from '../../support/simulator-client';

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

/** Tries everything that can be written, and gives what was written down. */
async function tryAll(who: Who): Promise<RequestRecord[]> {
  const exchange = new SimulatedExchange(client, homeTenantId, who);
  for (const [name, parameters] of cmdletWrites) await exchange.run(name, parameters);
  const writes = [...client.simulator.requests];
  for (const change of Object.values(graphWrites(client, { who }))) {
    // Each by itself: what one has changed, another one may need.
    client.simulator.reset();
    await change();
    writes.push(...client.simulator.requests);
  }
  return writes;
}

it('is tried with everything that can write', () => {
  const operations = routes
    .filter(({ method }) => method !== 'GET')
    .map(({ operation }) => operation)
    .filter((operation) => !questions.some((path) => operation.endsWith(path)));
  expect(Object.keys(graphWrites(client)).sort()).toEqual(operations.sort());
  const changing = [...cmdlets].filter(([, { changes }]) => changes !== undefined).map(([name]) => name);
  expect(cmdletWrites.map(([name]) => name.toLowerCase()).sort()).toEqual(changing.sort());
});

it('is never the application that reads', async () => {
  const writes = await tryAll('reader');
  expect(writes.length).toBeGreaterThan(20);
  expect(writes.every(isWrite)).toBe(true);
  expect(writes.every(({ appId, status }) => appId === identityClientId && status === 403)).toBe(true);
  expect(writes.filter(isAccepted)).toEqual([]);
});

it('is the application that may', async () => {
  const writes = await tryAll('writer');
  expect(writes.every(({ appId }) => appId === remediationClientId)).toBe(true);
  expect(writes.filter((write) => !isAccepted(write))).toEqual([]);
});

it('is told from who reads', async () => {
  await client.graph('/v1.0/domains');
  await new SimulatedExchange(client).rows('Get-ManagementScope');
  const batch = { requests: [{ id: '1', method: 'GET', url: '/users' }] };
  await client.change('POST', '/v1.0/$batch', batch);
  const question = {
    signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId: 'nobody' },
    signInContext: { '@odata.type': '#microsoft.graph.applicationContext', includeApplications: ['All'] },
    signInConditions: {},
  };
  const reader = { who: 'reader' } as const;
  await client.change('POST', '/v1.0/identity/conditionalAccess/evaluate', question, reader);
  expect(client.simulator.requests.filter(isWrite)).toEqual([]);
  expect(client.simulator.requests.every(isAccepted)).toBe(true);
});
