import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificates } from '../../../local/simulator/certificates';
import { StorageConnection } from '../../../src/lib/storage/connection';

const trusted = getCACertificates('default');
const environment = { ...process.env };
const identityHeader = 'header-of-the-test';

/** What was asked of storage and of the identity endpoint, oldest first. */
const asked: { request: string; authorization: string }[] = [];
/** Statuses of the next answers of storage; after that everything is created. */
const statuses: number[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  request.resume();
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/msi/token') {
    asked.push({
      request: `token for ${String(url.searchParams.get('resource'))}`,
      authorization: String(url.searchParams.get('client_id')),
    });
    const expires_on = String(Math.floor(Date.now() / 1000) + 3_600);
    response.end(JSON.stringify({ access_token: 'token-1', expires_on, token_type: 'Bearer' }));
    return;
  }
  const { authorization = '' } = request.headers;
  asked.push({ request: `${String(request.method)} ${url.pathname}`, authorization });
  const status = statuses.shift() ?? 201;
  const code = url.pathname.endsWith('/Tables') ? 'TableAlreadyExists' : 'QueueAlreadyExists';
  if (status === 409) response.setHeader('x-ms-error-code', code);
  response.writeHead(status).end(JSON.stringify(status === 409 ? { 'odata.error': { code } } : {}));
}

let http: ReturnType<typeof createHttpServer>;
let https: Server;
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const requests = () => asked.map(({ request }) => request).filter((request) => !request.startsWith('token'));

beforeAll(async () => {
  const certificates = await createCertificates();
  setDefaultCACertificates([...trusted, certificates.ca]);
  http = createHttpServer(answer).listen(0, '127.0.0.1');
  https = createHttpsServer(certificates, answer).listen(0, '127.0.0.1');
  await Promise.all([once(http, 'listening'), once(https, 'listening')]);
  process.env.IDENTITY_ENDPOINT = `https://localhost:${portOf(https)}/msi/token`;
  process.env.IDENTITY_HEADER = identityHeader;
});
beforeEach(() => {
  asked.length = 0;
  statuses.length = 0;
});
afterAll(async () => {
  process.env = environment;
  setDefaultCACertificates(trusted);
  for (const server of [http, https]) {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

function byConnectionString(): StorageConnection {
  const at = `http://127.0.0.1:${portOf(http)}/account`;
  const key = Buffer.from('key-of-the-test').toString('base64');
  return new StorageConnection({
    connectionString: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${key};TableEndpoint=${at};QueueEndpoint=${at};`,
  });
}

function byIdentity(clientId: string | undefined, slash = ''): StorageConnection {
  const at = `https://127.0.0.1:${portOf(https)}/account${slash}`;
  return new StorageConnection({ tableServiceUri: at, queueServiceUri: at, clientId });
}

describe('storage', () => {
  it('is reached with a connection string, over http too', async () => {
    const storage = byConnectionString();
    expect((await storage.table('Targets')).tableName).toBe('Targets');
    expect((await storage.queue('audits')).name).toBe('audits');
    expect(requests()).toEqual(['POST /account/Tables', 'PUT /account/audits']);
    expect(asked.map(({ authorization }) => authorization.split(' ')[0])).toEqual([
      'SharedKeyLite',
      'SharedKey',
    ]);
  });

  it.each([
    ['', '5cba4def-0000-4000-8000-000000000001'],
    ['/', '5cba4def-0000-4000-8000-000000000002'],
  ])('is reached with the identity that is named, at addresses that end in "%s"', async (slash, clientId) => {
    const storage = byIdentity(clientId, slash);
    await storage.table('Targets');
    await storage.queue('audits');
    expect(requests()).toEqual(['POST /account/Tables', 'PUT /account/audits']);
    expect(asked[0]).toMatchObject({
      request: 'token for https://storage.azure.com',
      authorization: clientId,
    });
    const sent = asked.filter(({ request }) => !request.startsWith('token'));
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-1']);
  });

  it('is reached with the only identity when none is named', async () => {
    await byIdentity(undefined).table('Targets');
    expect(asked[0]).toMatchObject({ authorization: 'null' });
  });
});

describe('a table or queue', () => {
  it('is created once, however often and by however many it is asked for', async () => {
    const storage = byConnectionString();
    await Promise.all([storage.table('Targets'), storage.table('Targets'), storage.queue('audits')]);
    await storage.table('Targets');
    await storage.queue('audits');
    expect(requests().sort()).toEqual(['POST /account/Tables', 'PUT /account/audits']);
  });

  it('is created for each name', async () => {
    const storage = byConnectionString();
    await storage.table('Targets');
    await storage.table('Findings');
    expect(requests()).toEqual(['POST /account/Tables', 'POST /account/Tables']);
  });

  it('may be there already', async () => {
    const storage = byConnectionString();
    statuses.push(409, 409);
    await storage.table('Targets');
    await storage.queue('audits');
    await storage.table('Targets');
    expect(requests()).toHaveLength(2);
  });

  it.each(['table', 'queue'] as const)('is created anew when that failed: a %s', async (kind) => {
    const storage = byConnectionString();
    statuses.push(403);
    await expect(storage[kind]('things')).rejects.toMatchObject({ statusCode: 403 });
    await storage[kind]('things');
    await storage[kind]('things');
    expect(requests()).toHaveLength(2);
  });
});
