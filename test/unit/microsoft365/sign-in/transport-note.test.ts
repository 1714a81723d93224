import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { freePort } from '../../../../local/ports';
import { createCertificates } from '../../../../local/simulator/certificates';
import { Credentials } from '../../../../src/lib/microsoft365/sign-in/credentials';
import { refusalOf } from '../../../../src/lib/microsoft365/sign-in/refusal';
import { listening, type Listening } from '../../../support/listening';

const trusted = getCACertificates('default');
const tenantId = '0a0a0a0a-0000-4000-8000-000000000001';
let certificates: Awaited<ReturnType<typeof createCertificates>>;
let server: Listening;
let origin: string;
let answer: { status: number; type: string; body: string };

beforeAll(async () => {
  certificates = await createCertificates();
  server = await listening(
    createServer(certificates, (_request, response) => {
      response
        .writeHead(answer.status, answer.type === '' ? {} : { 'content-type': answer.type })
        .end(answer.body);
    }),
  );
  origin = `https://localhost:${server.port}`;
});
beforeEach(() => setDefaultCACertificates([...trusted, certificates.ca]));
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await server.close();
});

/** What is told of a sign-in of an application that does not come to a token. */
async function refusal(authorityHost: string, env: Record<string, string> = { AZURE_CLIENT_SECRET: 'x' }) {
  const before = { ...process.env };
  Object.assign(process.env, { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: tenantId, ...env });
  const credentials = new Credentials({
    ...{ authorityHost, clientId: undefined, federatedAppClientId: undefined, homeTenantId: undefined },
    kind: 'environment',
  });
  process.env = before;
  const asked = credentials
    .forTenant(tenantId)
    .getToken('https://graph.microsoft.com/.default', { tenantId });
  return refusalOf(
    await asked.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

describe('an authority that gives no token', () => {
  it('is named with what stood in the way, and has refused nothing', async () => {
    const port = await freePort();
    expect(await refusal(`https://127.0.0.1:${port}`)).toEqual({
      cause: 'unavailable',
      problem: `no token: 127.0.0.1:${port} could not be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
    expect(await refusal('https://nowhere.invalid')).toMatchObject({
      cause: 'unavailable',
      problem: expect.stringMatching(
        /^no token: nowhere\.invalid could not be reached: getaddrinfo E/,
      ) as string,
    });
    setDefaultCACertificates(trusted);
    expect(await refusal(origin)).toMatchObject({
      cause: 'unavailable',
      problem: expect.stringMatching(/could not be reached: .*(certificate|signed)/) as string,
    });
  }, 60_000);

  it.each([
    [200, 'text/html; charset=utf-8', ' answered 200 with text/html in place of JSON, as a proxy would'],
    [403, '', ' answered 403 with nothing in place of JSON, as a proxy would'],
    [503, 'text/html', ' answered 503'],
  ])(
    'that something else answered for, with %i and %j, is told apart',
    async (status, type, told) => {
      answer = { status, type, body: '<p>Sign in to the network</p>' };
      const { cause, problem } = await refusal(origin);
      expect([cause, problem]).toEqual(['unavailable', `no token: ${new URL(origin).host}${told}`]);
    },
    60_000,
  );

  it('that answers is quoted, as before', async () => {
    const body = {
      error: 'invalid_client',
      error_description: 'AADSTS7000215: Invalid client secret provided.',
    };
    answer = { status: 401, type: 'application/json', body: JSON.stringify(body) };
    const { problem } = await refusal(origin);
    expect(problem).not.toContain('could not be reached');
    expect(problem).not.toContain('proxy');
  }, 60_000);

  it('is never asked where there is no certificate, and the setting is named', async () => {
    const env = { AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere/at-all.pem' };
    expect((await refusal(origin, env)).problem).toMatch(
      /^no token: ENOENT.*Check AZURE_CLIENT_CERTIFICATE_PATH: the file must be there, and readable\.$/,
    );
  });
});
