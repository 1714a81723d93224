import { routes } from '../../local/simulator/routes';
import { complaintsAbout, contractFolder } from '../support/contract';
import { graphWrites } from '../support/simulated-writes';
import { SimulatorClient } from '../support/simulator-client';

// Without Microsoft's description there is nothing to compare with.
const describeContract = contractFolder === undefined ? describe.skip : describe;

/** A question that takes a body changes nothing; the tests of `sign-in` ask it. */
const question = 'POST /identity/conditionalAccess/evaluate';
const writing = routes
  .filter(({ method, operation }) => method !== 'GET' && operation !== question)
  .map(({ operation }) => operation);

describeContract('every answer of the simulated Graph to those who write', () => {
  let client: SimulatorClient;
  const change = (operation: string) => {
    const write = graphWrites(client)[operation];
    if (write === undefined) throw new Error(`No test writes with ${operation}.`);
    return write();
  };

  beforeAll(async () => {
    client = await SimulatorClient.start();
  });
  beforeEach(() => client.simulator.reset());
  afterAll(() => client.close());

  it.each(writing)('is as Microsoft describes it: %s', async (operation) => {
    const { status, text } = await change(operation);
    expect([200, 201, 204]).toContain(status);
    expect(status === 204).toBe(text === '');
    expect(complaintsAbout(client.simulator.requests)).toEqual([]);
  });

  it.each(writing)('is an error as Microsoft describes it: %s', async (operation) => {
    for (const application of client.state.applications) application.roles = ['Nothing'];
    const { status, body } = await change(operation);
    expect([status, body]).toMatchObject([403, { error: { code: 'Authorization_RequestDenied' } }]);
    expect(complaintsAbout(client.simulator.requests)).toEqual([]);
  });
});
