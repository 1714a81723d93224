import {
  ClientAssertionCredential,
  EnvironmentCredential,
  type GetTokenOptions,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import * as z from 'zod';
import { freePort } from '../../../../local/ports';
import { federatedAppId, homeTenantId, identityClientId } from '../../../../local/simulator/demo';
import { GraphTransport } from '../../../../src/lib/microsoft365/graph/transport';
import {
  Credentials,
  type CredentialSettings,
  ForeignTenantError,
  isMicrosoftAuthority,
} from '../../../../src/lib/microsoft365/sign-in/credentials';
import { refusalOf } from '../../../../src/lib/microsoft365/sign-in/refusal';
import { SharedCredential } from '../../../../src/lib/microsoft365/sign-in/shared-credential';
import { Tenants } from '../../../../src/lib/microsoft365/tenant';
import { SimulatedTenant } from '../../../support/simulated-tenant';

const Domain = z.object({ id: z.string() });
const fabrikam = 'fab11ca3-0000-4000-8000-000000000002';
const settings: CredentialSettings = {
  authorityHost: 'https://login.microsoftonline.com',
  clientId: identityClientId,
  federatedAppClientId: federatedAppId,
  homeTenantId,
  kind: 'managedIdentity',
};

/** What stands behind a credential that several share. */
const inner = (credential: TokenCredential) =>
  credential instanceof SharedCredential ? credential.inner : credential;

describe('credentials', () => {
  it('are the managed identity at home, and wherever no home is set', () => {
    expect(inner(new Credentials(settings).forTenant(homeTenantId))).toBeInstanceOf(
      ManagedIdentityCredential,
    );
    const homeless = new Credentials({ ...settings, homeTenantId: undefined, clientId: undefined });
    expect(inner(homeless.forTenant(fabrikam))).toBeInstanceOf(ManagedIdentityCredential);
  });

  it('are the multi-tenant application elsewhere, one for each tenant', () => {
    const credentials = new Credentials(settings);
    const first = credentials.forTenant(fabrikam);
    expect(inner(first)).toBeInstanceOf(ClientAssertionCredential);
    expect(credentials.forTenant(fabrikam)).toBe(first);
  });

  it('are kept for a thousand tenants, and the one that was not used for longest makes room', () => {
    const credentials = new Credentials(settings);
    const id = (number: number) => `fab11ca3-0000-4000-9000-${String(number).padStart(12, '0')}`;
    const [first, second] = [credentials.forTenant(id(0)), credentials.forTenant(id(1))];
    for (let number = 2; number < 1_000; number++) credentials.forTenant(id(number));
    expect(credentials.forTenant(id(0))).toBe(first);
    credentials.forTenant(id(1_000));
    expect(credentials.forTenant(id(0))).toBe(first);
    expect(credentials.forTenant(id(1))).not.toBe(second);
  });

  it('are those of an application on a laptop, for every tenant', () => {
    const environment = {
      AZURE_TENANT_ID: homeTenantId,
      AZURE_CLIENT_ID: identityClientId,
      AZURE_CLIENT_SECRET: 'x',
    };
    const before = { ...process.env };
    Object.assign(process.env, environment);
    const credentials = new Credentials({ ...settings, kind: 'environment' });
    process.env = before;
    expect(inner(credentials.forTenant(fabrikam))).toBeInstanceOf(EnvironmentCredential);
  });

  it('are refused for another tenant without an application', () => {
    const credentials = new Credentials({ ...settings, federatedAppClientId: undefined });
    expect(credentials.canReach(homeTenantId)).toBe(true);
    expect(credentials.canReach(fabrikam)).toBe(false);
    expect(() => credentials.forTenant(fabrikam)).toThrow(ForeignTenantError);
    expect(() => credentials.forTenant(fabrikam)).toThrow('FEDERATED_APP_CLIENT_ID');
  });
});

describe('a credential that several ask at the same time', () => {
  const token = { token: 'x', expiresOnTimestamp: 1 };
  /** A credential that answers when it is told to. */
  function slow() {
    const answers: { give: (answer: typeof token | null) => void; fail: (error: Error) => void }[] = [];
    const inner = {
      getToken: jest.fn(
        (_scopes: string | string[], _options?: GetTokenOptions) =>
          new Promise<typeof token | null>((give, fail) => answers.push({ give, fail })),
      ),
    };
    return { inner, answers, shared: new SharedCredential(inner) };
  }

  it('asks once for all of them, and again for the next one', async () => {
    const { inner, answers, shared } = slow();
    const asked = [1, 2, 3].map(() => shared.getToken('a', { tenantId: 't' }));
    answers[0]?.give(token);
    expect(await Promise.all(asked)).toEqual([token, token, token]);
    expect(inner.getToken).toHaveBeenCalledTimes(1);
    void shared.getToken('a', { tenantId: 't' });
    expect(inner.getToken).toHaveBeenCalledTimes(2);
  });

  it('gives nobody a token for another tenant, or for another service', () => {
    const { inner, shared } = slow();
    void shared.getToken('a', { tenantId: 't' });
    void shared.getToken('a', { tenantId: 'u' });
    void shared.getToken('b', { tenantId: 't' });
    void shared.getToken('a');
    expect(inner.getToken.mock.calls.map(([scope, options]) => [scope, options?.tenantId])).toEqual([
      ['a', 't'],
      ['a', 'u'],
      ['b', 't'],
      ['a', undefined],
    ]);
  });

  it('gives nobody one that others have asked for, when it is to be a new one', () => {
    const { inner, shared } = slow();
    void shared.getToken('a', { tenantId: 't' });
    void shared.getToken('a', { tenantId: 't', claims: '{}' });
    expect(inner.getToken.mock.calls.map(([, options]) => options?.claims)).toEqual([undefined, '{}']);
  });

  it('fails for all of them, and not for the next one', async () => {
    const { answers, shared } = slow();
    const asked = [1, 2].map(() => shared.getToken('a'));
    answers[0]?.fail(new Error('AADSTS90033'));
    for (const one of asked) await expect(one).rejects.toThrow('AADSTS90033');
    const again = shared.getToken('a');
    answers[1]?.give(null);
    expect(await again).toBeNull();
  });

  it('lets one give up while the others wait', async () => {
    const { answers, shared } = slow();
    const impatience = new AbortController();
    const [patient, impatient] = [
      shared.getToken('a'),
      shared.getToken('a', { abortSignal: impatience.signal }),
    ];
    impatience.abort();
    await expect(impatient).rejects.toThrow('no token in time');
    await expect(shared.getToken('a', { abortSignal: impatience.signal })).rejects.toThrow(
      'no token in time',
    );
    answers[0]?.give(token);
    expect(await patient).toBe(token);
  });
});

it.each([
  ['https://login.microsoftonline.com', true],
  ['https://login.microsoftonline.us', true],
  ['https://login.partner.microsoftonline.cn', true],
  ['https://localhost:8443', false],
  ['https://login.microsoftonline.com.evil.test', false],
])('knows whether %s is an authority of Microsoft', (authority, expected) => {
  expect(isMicrosoftAuthority(authority)).toBe(expected);
});

describe('a failed token request', () => {
  it.each([
    ['refused by Microsoft Entra', new Error('AADSTS700016: no such application\nTrace ID: 1'), 'permission'],
    [
      'refused by the identity endpoint',
      Object.assign(new Error('no identity'), { statusCode: 400 }),
      'permission',
    ],
    [
      'a passing fault of Microsoft Entra',
      Object.assign(new Error('AADSTS90033: A transient error has occurred.'), { statusCode: 503 }),
      'unavailable',
    ],
    ['too many requests to Microsoft Entra', new Error('AADSTS90055: too many requests'), 'unavailable'],
    [
      'an identity that the endpoint does not know',
      new Error('unavailable', { cause: Object.assign(new Error('no identity'), { status: 400 }) }),
      'permission',
    ],
    [
      'an application that was refused',
      Object.assign(new Error('EnvironmentCredential authentication failed.\nAADSTS7000215: bad secret'), {
        statusCode: 400,
      }),
      'permission',
    ],
    [
      'an application whose authority was not reached',
      Object.assign(new Error('EnvironmentCredential authentication failed.\nbad gateway'), {
        statusCode: 400,
      }),
      'unavailable',
    ],
    ['throttled', Object.assign(new Error('busy'), { statusCode: 429 }), 'unavailable'],
    ['an outage', Object.assign(new Error('down'), { statusCode: 503 }), 'unavailable'],
    ['not reached', new Error('ECONNREFUSED'), 'unavailable'],
    ['without a status', Object.assign(new Error('odd'), { statusCode: 0 }), 'unavailable'],
    ['something odd', 'text', 'unavailable'],
  ])('is told apart: %s', (_case, error, cause) => {
    expect(refusalOf(error)).toMatchObject({ cause });
    expect(refusalOf(error).problem).not.toContain('\n');
  });

  const ids = [
    '7b1f0000-0000-4000-8000-000000000001 Correlation ID: 7b1f0000-0000-4000-8000-000000000002 Timestamp: 2026-11-24 02:00:00Z',
    '7b1f0000-0000-4000-8000-000000000001\r\nCorrelation ID: 7b1f0000-0000-4000-8000-000000000002\r\nTimestamp: 2026-11-24 02:00:00Z',
  ];
  const notFound = `AADSTS90002: Tenant '${fabrikam}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`;

  it.each([
    ...ids.map((text) => `${notFound} Trace ID: ${text}`),
    ...ids.map((text) => `invalid_request Status code: 400\nMore details:\n${notFound} Trace ID: ${text},`),
    `invalid_request: 90002 - [2026-11-24 02:00:00Z]: ${notFound} - Correlation ID: 7b1f0000-0000-4000-8000-000000000002 - Trace ID: 7b1f0000-0000-4000-8000-000000000001`,
  ])('for a tenant that does not exist says what to check, and keeps the ids apart: %j', (message) => {
    const { problem, requestIds = [] } = refusalOf(Object.assign(new Error(message), { statusCode: 400 }));
    expect(problem).toBe(`no token: AADSTS90002: Tenant '${fabrikam}' not found. Check tenantId.`);
    expect([...requestIds].sort()).toEqual([
      '7b1f0000-0000-4000-8000-000000000001',
      '7b1f0000-0000-4000-8000-000000000002',
    ]);
  });

  it('for a code without a known remedy says all that Microsoft Entra says', () => {
    const message = `AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance. Trace ID: ${ids[0]}`;
    expect(refusalOf(new Error(message)).problem).toBe(
      'no token: AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    );
  });

  it('without a code gives every line of the reason, and not the advice before it', () => {
    const message =
      'EnvironmentCredential authentication failed. To troubleshoot, visit https://aka.ms/x.\nThe certificate could not be read:\nno private key.';
    expect(refusalOf(new Error(message)).problem).toBe(
      'no token: The certificate could not be read: no private key. Check AZURE_CLIENT_CERTIFICATE_PATH and AZURE_CLIENT_CERTIFICATE_PASSWORD: the file must hold the certificate and its private key.',
    );
  });

  it('speaks of the certificate of an application to nobody else', () => {
    const message = 'Azure CLI failed: certificate verify failed: self-signed certificate';
    expect(refusalOf(new Error(message)).problem).toBe(`no token: ${message}`);
  });

  it('is not cut in the middle of a word', () => {
    const { problem } = refusalOf(new Error(`AADSTS1: ${'word '.repeat(100)}`));
    expect(problem).toMatch(/ word …$/);
    expect(problem.length).toBeLessThan(320);
  });
});

describe('against a tenant', () => {
  let tenant: SimulatedTenant;
  beforeAll(async () => {
    tenant = await SimulatedTenant.start();
  });
  afterAll(() => tenant.close());

  it('reads another tenant as the multi-tenant application', async () => {
    const credentials = new Credentials({ ...settings, authorityHost: tenant.simulator.authorityUrl });
    const tenants = new Tenants(credentials, {
      graphEndpoint: tenant.simulator.url,
      exchangeEndpoint: tenant.simulator.url,
    });
    const read = await tenants
      .open(fabrikam)()
      .graph.list('/domains?$select=id', Domain, { what: 'the domains', permission: 'Domain.Read.All' });
    expect(read).toMatchObject({ ok: true });
    expect(tenant.simulator.requests[0]).toMatchObject({ tenantId: fabrikam, appId: federatedAppId });
  });

  it('asks for one token when all audits of a tenant begin at the same time', async () => {
    const credential = new Credentials({
      ...settings,
      authorityHost: tenant.simulator.authorityUrl,
    }).forTenant(fabrikam);
    tenant.simulator.clearRequests();
    const scope = `${tenant.simulator.url}/.default`;
    const tokens = await Promise.all(
      Array.from({ length: 7 }, () => credential.getToken(scope, { tenantId: fabrikam })),
    );
    expect(new Set(tokens.map((token) => token?.token)).size).toBe(1);
    expect(tenant.simulator.tokenRequests).toEqual([
      { tenantId: fabrikam, appId: federatedAppId, scope, status: 200 },
    ]);
  });

  it('asks the tenant for another token when one is not taken', async () => {
    const credentials = new Credentials({ ...settings, authorityHost: tenant.simulator.authorityUrl });
    const { url: graphEndpoint, exchangeUrl: exchangeEndpoint } = tenant.simulator;
    const { graph } = new Tenants(credentials, { graphEndpoint, exchangeEndpoint }).open(fabrikam)();
    tenant.simulator.clearRequests();
    const fault = { status: 401, code: 'InvalidAuthenticationToken', times: 1 };
    tenant.simulator.fail({ match: /domains/, ...fault });
    const options = { what: 'the domains', permission: 'Domain.Read.All' };
    expect(await graph.list('/domains?$select=id', Domain, options)).toMatchObject({ ok: true });
    expect(tenant.simulator.requests.map(({ status }) => status)).toEqual([401, 200]);
    expect(tenant.simulator.tokenRequests.filter(({ tenantId }) => tenantId === fabrikam)).toHaveLength(2);
  });

  it('does not read one tenant in the place of another: without a home, the identity gives its own tokens', async () => {
    const credentials = new Credentials({
      ...settings,
      ...{ authorityHost: tenant.simulator.authorityUrl, homeTenantId: undefined },
    });
    const transport = new GraphTransport(tenant.simulator.url, credentials.forTenant(fabrikam), fabrikam);
    tenant.simulator.clearRequests();
    expect(await transport.get('v1.0', '/domains', 5_000)).toEqual({
      cause: 'permission',
      problem: expect.stringMatching(
        `^no token: the identity gave one of tenant ${homeTenantId} and not of ${fabrikam}. Set HOME_TENANT_ID`,
      ) as string,
    });
    expect(tenant.simulator.requests).toEqual([]);
    const home = new GraphTransport(
      tenant.simulator.url,
      credentials.forTenant(homeTenantId.toUpperCase()),
      homeTenantId.toUpperCase(),
    );
    expect(await home.get('v1.0', '/domains', 5_000)).toMatchObject({ status: 200 });
  });

  it('takes a token that it cannot read as it is', async () => {
    for (const given of ['opaque', 'a.b.c', `x.${Buffer.from('{"tid":7}').toString('base64url')}.x`]) {
      const answer = { token: given, expiresOnTimestamp: 1 };
      const shared = new SharedCredential({ getToken: () => Promise.resolve(answer) });
      expect(await shared.getToken('a', { tenantId: fabrikam })).toBe(answer);
    }
  });

  it('says what refused it in a tenant that does not know the application', async () => {
    const credentials = new Credentials({
      ...settings,
      authorityHost: tenant.simulator.authorityUrl,
      federatedAppClientId: '5cba4def-0000-4000-8000-0000000000ff',
    });
    const transport = new GraphTransport(tenant.simulator.url, credentials.forTenant(fabrikam), fabrikam);
    expect(await transport.get('v1.0', '/domains', 5_000)).toMatchObject({
      cause: 'permission',
      problem: expect.stringContaining('AADSTS700016') as string,
    });
  });

  it('is unavailable when nobody answers there', async () => {
    const credential = {
      getToken: () => Promise.resolve({ token: 'x', expiresOnTimestamp: Date.now() + 60_000 }),
    };
    const transport = new GraphTransport(`https://localhost:${await freePort()}`, credential, homeTenantId);
    expect(await transport.get('v1.0', '/domains', 5_000)).toMatchObject({
      cause: 'unavailable',
      problem: expect.stringMatching(/^localhost:\d+ could not be reached: .*ECONNREFUSED/) as string,
    });
  });

  it('is unavailable when an answer does not come in time', async () => {
    tenant.simulator.fail({ match: /domains/, delayMs: 500, times: 1 });
    const credential = new Credentials({
      ...settings,
      authorityHost: tenant.simulator.authorityUrl,
    }).forTenant(homeTenantId);
    const transport = new GraphTransport(tenant.simulator.url, credential, homeTenantId);
    await transport.get('v1.0', '/subscribedSkus', 5_000);
    expect(await transport.get('v1.0', '/domains', 50)).toMatchObject({
      cause: 'unavailable',
      problem: expect.stringContaining('no answer within 1 s') as string,
    });
  });

  it('gets no token from an identity that has none', async () => {
    const transport = new GraphTransport(
      tenant.simulator.url,
      { getToken: () => Promise.resolve(null) },
      homeTenantId,
    );
    expect(await transport.get('v1.0', '/domains', 5_000)).toEqual({
      cause: 'permission',
      problem: 'the identity gave no token',
    });
  });

  it('leaves text that is no JSON as it is', async () => {
    tenant.simulator.fail({ match: /domains/, change: () => undefined, times: 1 });
    const credential = new Credentials({
      ...settings,
      authorityHost: tenant.simulator.authorityUrl,
    }).forTenant(homeTenantId);
    const transport = new GraphTransport(tenant.simulator.url, credential, homeTenantId);
    expect(await transport.get('v1.0', '/domains', 5_000)).toMatchObject({ status: 200, body: undefined });
  });
});
