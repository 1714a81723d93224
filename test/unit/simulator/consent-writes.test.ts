import { type Answer, SimulatorClient } from '../../support/simulator-client';

const vendor = 'c0170507-0000-4000-8000-000000000021';
const graph = 'c0170507-0000-4000-8000-000000000031';
const exchange = 'c0170507-0000-4000-8000-000000000032';
const account = 'c0170507-0000-4000-8000-000000000011';
const nobody = 'c0170507-0000-4000-8000-000000000099';
const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
const mail = 'e2a3a72e-5f79-4c64-b1b1-878b674786c9';

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

function permit(...roles: string[]): void {
  for (const application of client.state.applications) application.roles = roles;
}

/** Status and words of a refusal. */
function refusal({ status, body }: Answer): [number, string] {
  const { error } = body as { error: { message: string } };
  return [status, error.message];
}

describe('application permissions', () => {
  const address = `/v1.0/servicePrincipals/${graph}/appRoleAssignedTo`;
  const wanted = { principalId: vendor, resourceId: graph, appRoleId: mail };
  const grant = (changes: object = {}) => client.change('POST', address, { ...wanted, ...changes });
  const held = () => client.list(`/v1.0/servicePrincipals/${vendor}/appRoleAssignments`);

  it('are granted at the resource, and seen at the application', async () => {
    const { status, body } = await grant();
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...wanted, principalType: 'ServicePrincipal' });
    expect(await held()).toContainEqual(body);
  });

  it('are granted to users as well, also without a role', async () => {
    const appRoleId = '00000000-0000-0000-0000-000000000000';
    const { status, body } = await grant({ principalId: account, appRoleId });
    expect([status, body]).toMatchObject([201, { principalType: 'User' }]);
  });

  it.each([
    ['the same again', { appRoleId: calendars }, 'Permission being assigned already exists on the object'],
    ['an unknown role', { appRoleId: nobody }, 'Permission being assigned was not found on application'],
    ['nobody', { principalId: nobody }, 'does not exist'],
    ['another resource', { resourceId: exchange }, 'resourceId'],
    ['no id', { appRoleId: 'Mail.ReadWrite' }, 'appRoleId'],
  ])('are refused: %s', async (_, changes, words) => {
    expect(refusal(await grant(changes))).toEqual([400, expect.stringContaining(words)]);
    expect(await held()).toHaveLength(1);
  });

  it('stay listed on a resource that is gone, which has no address any more', async () => {
    const { state } = client;
    state.servicePrincipals = state.servicePrincipals.filter(({ id }) => id !== graph);
    expect(await client.graph(`/v1.0/servicePrincipals/${graph}`)).toMatchObject({ status: 404 });
    expect(await held()).toHaveLength(1);
    expect((await client.change('DELETE', `${address}/assignment-1`)).status).toBe(404);
    expect((await grant()).status).toBe(404);
  });

  it('are taken away', async () => {
    expect(await client.change('DELETE', `${address}/assignment-1`)).toMatchObject({ status: 204, text: '' });
    expect(await held()).toEqual([]);
    expect((await client.change('DELETE', `${address}/assignment-1`)).status).toBe(404);
  });

  it.each([
    ['the resource', `/v1.0/servicePrincipals/${nobody}/appRoleAssignedTo`],
    ['the assignment at this resource', `/v1.0/servicePrincipals/${exchange}/appRoleAssignedTo`],
  ])('are not found without %s', async (_, other) => {
    expect((await client.change('DELETE', `${other}/assignment-1`)).status).toBe(404);
  });

  it('take two permissions to grant', async () => {
    permit('AppRoleAssignment.ReadWrite.All');
    expect((await grant()).status).toBe(403);
    permit('Application.Read.All');
    expect((await grant()).status).toBe(403);
    permit('Application.Read.All', 'AppRoleAssignment.ReadWrite.All');
    expect((await grant()).status).toBe(201);
  });

  it('take one to take away', async () => {
    permit('Application.Read.All');
    expect((await client.change('DELETE', `${address}/assignment-1`)).status).toBe(403);
    permit('AppRoleAssignment.ReadWrite.All');
    expect((await client.change('DELETE', `${address}/assignment-1`)).status).toBe(204);
  });
});

describe('delegated permissions', () => {
  const grants = '/v1.0/oauth2PermissionGrants';
  const wanted = {
    ...{ clientId: vendor, consentType: 'Principal', principalId: account },
    ...{ resourceId: graph, scope: 'User.Read EWS.AccessAsUser.All' },
  };
  const create = (changes: object = {}) => client.change('POST', grants, { ...wanted, ...changes });
  const held = () => client.list(`/v1.0/servicePrincipals/${vendor}/oauth2PermissionGrants`);

  it('are granted', async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body).toMatchObject(wanted);
    expect(await held()).toContainEqual(body);
  });

  it('are granted once for the same client, resource and principal', async () => {
    await create();
    const again = await create({ scope: 'User.Read' });
    expect(refusal(again)).toEqual([409, 'Permission entry already exists.']);
    const forAll = await create({ consentType: 'AllPrincipals', principalId: null });
    expect(forAll.status).toBe(409);
    expect((await create({ resourceId: exchange })).status).toBe(201);
  });

  it.each([
    ['for one user without him', { principalId: null }],
    ['for all and for one', { consentType: 'AllPrincipals' }],
    ['for a stranger', { principalId: nobody }],
    ['of a stranger', { clientId: nobody }],
    ['without a scope', { scope: undefined }],
  ])('are refused: %s', async (_, changes) => {
    expect((await create(changes)).status).toBe(400);
  });

  it('are replaced as a whole', async () => {
    const { status, text } = await client.change('PATCH', `${grants}/grant-1`, { scope: 'User.Read.All' });
    expect([status, text]).toEqual([204, '']);
    expect(await held()).toMatchObject([{ scope: 'User.Read.All' }, { scope: 'EWS.AccessAsUser.All' }]);
    const other = await client.change('PATCH', `${grants}/grant-1`, { principalId: account });
    expect(other.status).toBe(400);
  });

  it('are taken away', async () => {
    expect((await client.change('DELETE', `${grants}/grant-2`)).status).toBe(204);
    expect(await held()).toMatchObject([{ id: 'grant-1' }]);
  });

  it.each(['PATCH', 'DELETE'])('are not found when they are not there: %s', async (method) => {
    const body = method === 'PATCH' ? { scope: '' } : undefined;
    expect((await client.change(method, `${grants}/nothing`, body)).status).toBe(404);
  });

  it('take a permission that writes', async () => {
    permit('Directory.Read.All');
    expect((await create()).status).toBe(403);
    expect((await client.change('PATCH', `${grants}/grant-1`, { scope: '' })).status).toBe(403);
    permit('DelegatedPermissionGrant.ReadWrite.All');
    expect((await create()).status).toBe(201);
  });
});
