import type { TenantState } from '../../local/simulator';
import { routes } from '../../local/simulator/routes';
import { complaintsAbout, contractFolder } from '../support/contract';
import { SimulatorClient } from '../support/simulator-client';

const tenantIds = [
  'c0170507-0000-4000-8000-000000000001',
  'fab11ca3-0000-4000-8000-000000000002',
  '00d97043-0000-4000-8000-000000000003',
  '2a7a1a5e-0000-4000-8000-000000000004',
];
const readingRoutes = routes.filter(({ method }) => method === 'GET');
const nobody = '00000000-0000-4000-8000-000000000000';

const registration = {
  ...{ id: nobody, appId: '7e57ab1e-0000-4000-8000-00000000ab1e', displayName: 'Of the tenant itself' },
  passwordCredentials: [
    { keyId: nobody, startDateTime: '2026-01-12T09:00:00Z', endDateTime: '2028-01-12T09:00:00Z' },
  ],
  keyCredentials: [],
  federatedIdentityCredentials: [],
};

// Without Microsoft's description there is nothing to compare with.
const describeContract = contractFolder === undefined ? describe.skip : describe;

/** The address of an operation, with the ids of a tenant in it. */
function addressOf(operation: string, tenant: TenantState): string {
  const ids: Record<string, string | undefined> = {
    'user-id': tenant.users[0]?.id,
    appId: String(
      operation.includes('/applications')
        ? tenant.appRegistrations[0]?.appId
        : tenant.servicePrincipals[0]?.appId,
    ),
    'servicePrincipal-id': tenant.servicePrincipals[0]?.id,
    'administrativeUnit-id': tenant.administrativeUnits[0]?.id,
    'group-id': tenant.groups[0]?.id,
    'place-id': String(tenant.roomLists[0]?.emailAddress),
  };
  return operation
    .replace('GET ', '')
    .replace('/graph.', '/microsoft.graph.')
    .replace(/\{([\w-]+)\}/, (_, name: string) => ids[name] ?? nobody);
}

describeContract('every answer of the simulated Graph to those who read', () => {
  let client: SimulatorClient;

  beforeAll(async () => {
    client = await SimulatorClient.start();
  });
  beforeEach(() => client.simulator.reset());
  afterAll(() => client.close());

  it.each(
    readingRoutes.flatMap(({ operation, permissions, version }) =>
      (version === undefined ? ['v1.0', 'beta'] : [version]).map(
        (each) => [operation, each, permissions] as const,
      ),
    ),
  )('is as Microsoft describes it: %s in %s', async (operation, version, permissions) => {
    const statuses: number[] = [];
    for (const tenantId of tenantIds) {
      const tenant = client.simulator.tenant(tenantId);
      for (const application of tenant.applications) application.roles = [...permissions];
      tenant.pageSize = 2;
      tenant.appRegistrations = [registration];
      const { status } = await client.graph(`/${version}${addressOf(operation, tenant)}`, tenantId);
      statuses.push(status);
    }
    expect(complaintsAbout(client.simulator.requests)).toEqual([]);
    expect(statuses).toContain(200);
  });

  it('can be told from what Exchange answers, which Microsoft does not describe', async () => {
    const authorization = `Bearer ${await client.token()}`;
    const address = `${client.simulator.exchangeUrl}/adminapi/beta/${tenantIds[0]}/InvokeCommand`;
    await client.request(address, { method: 'POST', headers: { authorization } });
    expect(client.simulator.requests).toMatchObject([{ service: 'exchange' }]);
    expect(complaintsAbout(client.simulator.requests)).toEqual([]);
  });
});
