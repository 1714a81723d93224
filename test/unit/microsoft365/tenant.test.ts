import * as z from 'zod';
import { federatedAppId, homeTenantId, identityClientId } from '../../../local/simulator/demo';
import { Credentials, type CredentialSettings } from '../../../src/lib/microsoft365/sign-in/credentials';
import { type Tenant, Tenants } from '../../../src/lib/microsoft365/tenant';
import { controlIds } from '../../../src/lib/model/verdict';
import { traitsOf } from '../../support/controls/traits';
import { addRecipient } from '../../support/exchange-views';
import { SimulatedTenant } from '../../support/simulated-tenant';

const fabrikam = 'fab11ca3-0000-4000-8000-000000000002';
const woodgrove = '00d97043-0000-4000-8000-000000000003';
const nobody = '5cba4def-0000-4000-8000-0000000000ff';
const Row = z.object({ id: z.string() });
const domains = { what: 'the domains', permission: 'Domain.Read.All' };
const readDomains = (tenant: Tenant) => tenant.graph.list('/domains?$select=id', Row, domains);

let simulated: SimulatedTenant;
beforeAll(async () => {
  simulated = await SimulatedTenant.start();
});
afterEach(() => simulated.reset());
afterAll(() => simulated.close());

function tenants(changes: Partial<CredentialSettings> = {}): Tenants {
  const settings: CredentialSettings = {
    authorityHost: simulated.simulator.authorityUrl,
    clientId: identityClientId,
    federatedAppClientId: federatedAppId,
    homeTenantId,
    kind: 'managedIdentity',
    ...changes,
  };
  return new Tenants(new Credentials(settings), {
    graphEndpoint: simulated.simulator.url,
    exchangeEndpoint: simulated.simulator.url,
  });
}

/** Who asked for what, as the simulated Graph saw it. */
const callers = () => simulated.simulator.requests.map(({ tenantId, appId }) => [tenantId, appId]);

describe('a tenant', () => {
  it('is read by the managed identity at home', async () => {
    const tenant = tenants().open(homeTenantId)();
    expect(await readDomains(tenant)).toMatchObject({ ok: true });
    expect(callers()).toEqual([[homeTenantId, identityClientId]]);
    expect(tenant.tenantId).toBe(homeTenantId);
  });

  it('is read by the application elsewhere, on the word of the managed identity', async () => {
    expect(await readDomains(tenants().open(fabrikam)())).toMatchObject({ ok: true });
    expect(callers()).toEqual([[fabrikam, federatedAppId]]);
  });

  it('is read by the application of the environment on a laptop, whichever tenant it is', async () => {
    const before = { ...process.env };
    const secret = {
      AZURE_TENANT_ID: woodgrove,
      AZURE_CLIENT_ID: federatedAppId,
      AZURE_CLIENT_SECRET: 'secret',
    };
    Object.assign(process.env, secret);
    const laptop = tenants({ kind: 'environment', federatedAppClientId: undefined });
    process.env = before;
    expect(await readDomains(laptop.open(fabrikam)())).toMatchObject({ ok: true });
    expect(await readDomains(laptop.open(woodgrove)())).toMatchObject({ ok: true });
    expect(callers()).toEqual([
      [fabrikam, federatedAppId],
      [woodgrove, federatedAppId],
    ]);
  });

  it('cannot be opened when it is foreign and there is no application', () => {
    const found = tenants({ federatedAppClientId: undefined });
    expect([homeTenantId, fabrikam].map((tenantId) => found.canReach(tenantId))).toEqual([true, false]);
    expect(() => found.open(fabrikam)).toThrow(`Tenant ${fabrikam} is not the home tenant`);
    expect(simulated.simulator.requests).toEqual([]);
  });

  it('that does not know the application is a matter of permission, and is not asked again', async () => {
    const tenant = tenants({ federatedAppClientId: nobody }).open(fabrikam)();
    expect(await readDomains(tenant)).toMatchObject({
      ok: false,
      failure: { cause: 'permission', message: expect.stringContaining('AADSTS700016') as string },
    });
    expect(tenant.usage.requests).toBe(1);
    expect(simulated.simulator.requests).toEqual([]);
  });
});

describe('the views of one invocation', () => {
  it('share what they read with the ids of its requests, and count for themselves', async () => {
    const view = tenants().open(homeTenantId);
    const [one, other] = [view(), view()];
    await Promise.all([readDomains(one), readDomains(other)]);
    expect([one.usage.requests, other.usage.requests]).toEqual([1, 0]);
    expect(one.usage.requestIds).toHaveLength(1);
    expect(other.usage.requestIds).toEqual(one.usage.requestIds);
    expect(simulated.simulator.requests).toHaveLength(1);
  });

  it('share nothing with the next invocation', async () => {
    const found = tenants();
    await readDomains(found.open(homeTenantId)());
    await readDomains(found.open(homeTenantId)());
    expect(simulated.simulator.requests).toHaveLength(2);
  });

  it('have 120 seconds, and give up before that', async () => {
    simulated.simulator.fail({ match: /domains/, status: 429, retryAfter: 120 });
    const tenant = tenants().open(homeTenantId)();
    expect(await readDomains(tenant)).toMatchObject({
      failure: {
        cause: 'throttled',
        message: expect.stringContaining('within the 120 s of one audit') as string,
      },
    });
    expect(tenant.usage.requests).toBe(1);
  });
});

describe('the cloud of a tenant', () => {
  it.each([
    ['https://outlook.office365.com', 'worldwide'],
    ['https://outlook.office365.us', 'national'],
    ['https://webmail.apps.mil', 'national'],
    ['https://partner.outlook.cn', 'national'],
    // Rather told too early than not at all.
    ['https://outlook.office.com', 'worldwide'],
    ['https://outlook.office365.us.example', 'worldwide'],
  ])('is that of the host of Exchange: %s', (exchangeEndpoint, cloud) => {
    expect(simulated.tenants({ exchangeEndpoint }).open(homeTenantId)().cloud).toBe(cloud);
  });
});

describe('the cost of an audit in a healthy tenant', () => {
  describe.each(['graph', 'admin-api'] as const)('read by %s', (exchangeReader) => {
    it.each(controlIds)('is few requests, whatever the size of the tenant: %s', async (id) => {
      const { requests } = await simulated.audit(id, { exchangeReader });
      for (let index = 0; index < 50; index++)
        addRecipient(simulated.state, `person-${index}`, 'UserMailbox');
      expect((await simulated.audit(id, { exchangeReader })).requests).toBe(requests);
      expect(requests).toBeLessThanOrEqual(traitsOf(id).mostRequests[exchangeReader]);
    });
  });
});
