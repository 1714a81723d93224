import { cmdletInput, type Page, SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const rooms = { RecipientTypeDetails: ['RoomMailbox'], ResultSize: 'Unlimited' };
const small = { prefer: 'odata.maxpagesize=5' };

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client);
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

/** Goes on with what was posted for the first page. */
async function follow(link: string | undefined, headers = small) {
  return exchange.post(link ?? '', cmdletInput('Get-Recipient', rooms), headers);
}

it('gives pages to those who post the same again', async () => {
  const pages = [await exchange.page('Get-Recipient', rooms, small)];
  for (let link = pages[0]?.['@odata.nextLink']; link !== undefined;) {
    const page = (await follow(link)).body as Page;
    pages.push(page);
    link = page['@odata.nextLink'];
  }
  expect(pages.map(({ value }) => value.length)).toEqual([5, 5, 2]);
  const addresses = pages.flatMap(({ value }) => value.map((row) => row.PrimarySmtpAddress));
  expect(new Set(addresses).size).toBe(12);
});

it('keeps $select in its links', async () => {
  const address = exchange.address('InvokeCommand?$select=DisplayName');
  const first = await exchange.post(address, cmdletInput('Get-Recipient', rooms), small);
  const second = (await follow((first.body as Page)['@odata.nextLink'])).body as Page;
  expect(second.value[0]).toEqual({ DisplayName: 'Flint' });
});

it('gives everything at once unless asked for less, and as little as the tenant says', async () => {
  expect(await exchange.page('Get-Recipient', rooms)).not.toHaveProperty(['@odata.nextLink']);
  client.state.pageSize = 1;
  expect((await exchange.page('Get-Recipient', rooms)).value).toHaveLength(1);
});

it('gives a thousand rows per page at the most', async () => {
  const [any] = client.state.exchange.recipients;
  if (any === undefined) throw new Error('Contoso has nobody.');
  client.state.exchange.recipients = Array.from({ length: 1001 }, () => any);
  const page = await exchange.page(
    'Get-Recipient',
    { ResultSize: 'Unlimited' },
    { prefer: 'odata.maxpagesize=5000' },
  );
  expect(page.value).toHaveLength(1000);
  expect(page).toHaveProperty(['@odata.nextLink']);
});

it('shows as many results as asked for, and warns of more', async () => {
  const page = await exchange.page('Get-Recipient', { ...rooms, ResultSize: 3 });
  expect(page.value).toHaveLength(3);
  expect(page['@adminapi.warnings']).toEqual([expect.stringContaining('There are more results')]);
});

describe('a link', () => {
  const firstLink = async () => (await exchange.page('Get-Recipient', rooms, small))['@odata.nextLink'] ?? '';

  it('is not to be got', async () => {
    const authorization = `Bearer ${await client.token()}`;
    expect((await client.request(await firstLink(), { headers: { authorization } })).status).toBe(405);
  });

  it('is not good for another cmdlet', async () => {
    const answer = await exchange.post(await firstLink(), cmdletInput('Get-Recipient'));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('body');
  });

  it('expires', async () => {
    const link = await firstLink();
    client.simulator.expireLinks();
    const answer = await follow(link);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { message: expect.stringContaining('expired') as unknown } });
  });

  it('can be followed twice', async () => {
    const link = await firstLink();
    const rowsOf = async () => ((await follow(link)).body as Page).value;
    expect(await rowsOf()).toEqual(await rowsOf());
  });
});
