import {
  federatedAppId,
  federatedRemediationAppId,
  homeTenantId,
  identityClientId,
  remediationClientId,
} from '../../../local/simulator/demo';
import { type Answer, SimulatorClient } from '../../support/simulator-client';

const fabrikam = 'fab11ca3-0000-4000-8000-000000000002';
const woodgrove = '00d97043-0000-4000-8000-000000000003';

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

/** What the managed identity endpoint gives to the app. */
function managedIdentity(clientId: string, resource = client.simulator.url): Promise<Answer> {
  const query = new URLSearchParams({ resource, client_id: clientId }).toString();
  const headers = { 'x-identity-header': 'identity-header-of-the-test' };
  return client.request(`${client.simulator.identityEndpoint}?${query}`, { headers });
}

/** What an application of another tenant gets for an assertion of a managed identity. */
async function federated(appId: string, identity: string, tenantId = fabrikam): Promise<Answer> {
  const assertion = tokenIn(await managedIdentity(identity, 'api://AzureADTokenExchange'));
  return client.form(`${client.simulator.authorityUrl}/${tenantId}/oauth2/v2.0/token`, {
    client_id: appId,
    client_assertion: assertion,
    scope: `${client.simulator.url}/.default`,
  });
}

function tokenIn({ body }: Answer): string {
  return (body as { access_token: string }).access_token;
}

function rolesIn(answer: Answer): string[] {
  const [, payload = ''] = tokenIn(answer).split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { roles: string[] }).roles;
}

it('are two at home: one reads, and the other one writes', async () => {
  const reader = rolesIn(await managedIdentity(identityClientId));
  expect(reader).toContain('User.Read.All');
  expect(reader.filter((role) => role.includes('Write'))).toEqual([]);
  expect(rolesIn(await managedIdentity(remediationClientId))).toEqual([
    'User.ReadWrite.All',
    'User.EnableDisableAccount.All',
    'User.DeleteRestore.All',
    'LicenseAssignment.ReadWrite.All',
    'AppRoleAssignment.ReadWrite.All',
    'Application.Read.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'RoleManagement.ReadWrite.Exchange',
    'Exchange.ManageAsApp',
  ]);
});

it('write in Fabrikam as at home, and in Woodgrove not at all', () => {
  const writers = (tenantId: string) => client.simulator.tenant(tenantId).applications.slice(1);
  const [own] = writers(homeTenantId);
  expect(writers(fabrikam)).toMatchObject([{ roles: own?.roles, exchangeRole: 'Exchange Administrator' }]);
  expect(writers(woodgrove)).toEqual([]);
});

it('reach other tenants through an application each', async () => {
  expect(rolesIn(await federated(federatedAppId, identityClientId))).toContain('User.Read.All');
  expect(rolesIn(await federated(federatedAppId, identityClientId, woodgrove))).toContain('User.Read.All');
  expect(rolesIn(await federated(federatedRemediationAppId, remediationClientId))).toContain(
    'User.ReadWrite.All',
  );
});

it.each([
  [federatedRemediationAppId, identityClientId],
  [federatedAppId, remediationClientId],
])('do not reach them through the other one: %s with an assertion of %s', async (appId, identity) => {
  const { status, text } = await federated(appId, identity);
  expect(status).toBe(401);
  expect(text).toContain('AADSTS70021');
});
