import { deleteUser } from '../../support/simulated-writes';
import { SimulatorClient } from '../../support/simulator-client';

const account = 'c0170507-0000-4000-8000-000000000011';
const ada = 'c0170507-0000-4000-8000-000000000121';

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

/** One property of a user, as a reader gets it. */
async function shown(id: string, property: string): Promise<unknown> {
  const { body } = await client.graph(`/v1.0/users/${id}?$select=${property}`);
  return (body as Record<string, unknown>)[property];
}

const patch = (body: unknown, id = account) => client.change('PATCH', `/v1.0/users/${id}`, body);

/** Leaves the application that writes one permission. */
function permit(...roles: string[]): void {
  for (const application of client.state.applications) application.roles = roles;
}

describe('changing a user', () => {
  it.each([
    ['accountEnabled', false],
    ['passwordPolicies', 'DisableStrongPassword, DisablePasswordExpiration'],
    ['passwordPolicies', 'None'],
    ['passwordPolicies', null],
    ['usageLocation', 'DE'],
  ])('sets %s to %p, and says nothing', async (property, value) => {
    expect(await patch({ [property]: value })).toMatchObject({ status: 204, text: '' });
    expect(await shown(account, property)).toBe(value);
  });

  it('finds him by his name, in whatever case', async () => {
    expect((await patch({ usageLocation: 'FR' }, 'SVC-condeco@contoso.com')).status).toBe(204);
    expect(await shown(account, 'usageLocation')).toBe('FR');
  });

  it.each([
    ['a policy that is none', { passwordPolicies: 'Never' }],
    ['a place that is none', { usageLocation: 'Utopia' }],
    ['no place', { usageLocation: null }],
    ['another type', { accountEnabled: 'true' }],
    ['another property', { passwordProfile: { password: 'x' } }],
    ['a list', []],
    ['no body', undefined],
  ])('refuses %s', async (_, body) => {
    expect((await patch(body)).status).toBe(400);
    expect(await shown(account, 'passwordPolicies')).toBe('DisablePasswordExpiration');
  });

  it('refuses a body that is not said to be JSON, or is none', async () => {
    const authorization = `Bearer ${await client.token(client.simulator.url, undefined, 'writer')}`;
    const url = `${client.simulator.url}/v1.0/users/${account}`;
    const headers = { authorization, 'content-type': 'text/plain' };
    const options = { method: 'PATCH', body: { accountEnabled: false } };
    expect((await client.request(url, { ...options, headers })).status).toBe(400);
    const { status, text } = await client.request(url, { ...options, headers: { authorization }, raw: '{' });
    expect(status).toBe(400);
    expect(text).toContain('Unable to read JSON request payload');
  });

  it('does not find a stranger', async () => {
    const { status, body } = await patch({ accountEnabled: true }, 'nobody@contoso.com');
    expect([status, body]).toMatchObject([404, { error: { code: 'Request_ResourceNotFound' } }]);
  });

  it('does not switch on who is mastered elsewhere', async () => {
    Object.assign(client.state.users.find(({ id }) => id === ada) ?? {}, { onPremisesSyncEnabled: true });
    const { status, text } = await patch({ accountEnabled: false }, ada);
    expect([status, text]).toEqual([400, expect.stringContaining('on-premises mastered')]);
    expect((await patch({ passwordPolicies: 'None' }, ada)).status).toBe(204);
  });

  it('takes the small permission for switching on and off alone', async () => {
    permit('User.EnableDisableAccount.All');
    expect((await patch({ accountEnabled: false })).status).toBe(204);
    expect((await patch({ accountEnabled: false, usageLocation: 'DE' })).status).toBe(403);
    permit('User.Read.All', 'LicenseAssignment.ReadWrite.All');
    expect((await patch({ accountEnabled: false })).status).toBe(403);
  });
});

describe('restoring a user', () => {
  const restore = (id = ada) => client.change('POST', `/v1.0/directory/deletedItems/${id}/restore`);
  const deleted = async () =>
    ((await client.graph('/v1.0/directory/deletedItems/microsoft.graph.user')).body as { value: unknown[] })
      .value;

  it('brings him back under his own name', async () => {
    deleteUser(client.state, ada);
    expect((await client.graph(`/v1.0/users/${ada}`)).status).toBe(404);
    expect(await deleted()).toHaveLength(1);
    const { status, body } = await restore();
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: ada, userPrincipalName: 'ada@contoso.com' });
    expect(await deleted()).toEqual([]);
    expect(await shown('ada@contoso.com', 'id')).toBe(ada);
    expect(client.state.users.at(-1)).not.toHaveProperty('deletedDateTime');
  });

  it.each([
    ['userPrincipalName', { userPrincipalName: 'ADA@contoso.com' }],
    ['proxyAddresses', { proxyAddresses: ['smtp:Ada@contoso.com'] }],
  ])('is refused when his %s is taken', async (property, taken) => {
    deleteUser(client.state, ada);
    Object.assign(client.state.users[0] ?? {}, taken);
    const { status, body } = await restore();
    expect(status).toBe(400);
    const message = `Another object with the same value for property ${property} already exists.`;
    expect(body).toMatchObject({ error: { code: 'Request_BadRequest', message } });
    expect(client.state.deletedUsers).toHaveLength(1);
  });

  it('is refused for whom nobody has deleted', async () => {
    expect((await restore()).status).toBe(404);
  });

  it.each(['User.DeleteRestore.All', 'User.ReadWrite.All'])('needs no more than %s', async (role) => {
    permit(role);
    deleteUser(client.state, ada);
    expect((await restore()).status).toBe(200);
  });

  it('is refused to those who may only switch on and off', async () => {
    permit('User.EnableDisableAccount.All');
    deleteUser(client.state, ada);
    expect((await restore()).status).toBe(403);
  });
});
