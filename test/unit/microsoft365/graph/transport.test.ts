import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificates } from '../../../../local/simulator/certificates';
import { AdminApiTransport } from '../../../../src/lib/microsoft365/admin-api/transport';
import { GraphTransport } from '../../../../src/lib/microsoft365/graph/transport';
import { endpoint, StubGraph, tokens } from '../../../support/stub-graph';

describe('a single request', () => {
  let stub: StubGraph;
  beforeEach(() => {
    stub = new StubGraph();
  });
  afterEach(() => stub.close());

  it('goes to the configured endpoint, with a token for it in the customer tenant', async () => {
    const credential = tokens('token-1');
    stub.on('GET /v1.0/users/1?$select=id,mail', { status: 200, body: { id: '1' } });
    const attempt = await stub.transport(credential).get('v1.0', '/users/1?$select=id,mail', 5_000);
    expect(attempt).toMatchObject({ status: 200, body: { id: '1' } });
    const [sent] = stub.sent;
    expect(sent?.headers.get('authorization')).toBe('Bearer token-1');
    expect(sent?.headers.get('accept')).toBe('application/json');
    expect(credential.asked).toEqual([[`${endpoint}/.default`, 'tenant-1']]);
  });

  it('carries a body as JSON when it is a post', async () => {
    stub.on('POST /beta/$batch', { body: { responses: [] } });
    await stub.transport().post('beta', '/$batch', { requests: [] }, 5_000);
    expect(stub.sent).toMatchObject([{ method: 'POST', body: { requests: [] } }]);
    expect(stub.sent[0]?.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['takes the last token again', 6, ['Bearer token-1', 'Bearer token-1']],
    ['takes a new token when the last one is about to expire', 4, ['Bearer token-1', 'Bearer token-2']],
  ])('%s', async (_case, minutesLeft, expected) => {
    let count = 0;
    const expiresOnTimestamp = Date.now() + minutesLeft * 60_000;
    const getToken = () => Promise.resolve({ token: `token-${++count}`, expiresOnTimestamp });
    const transport = stub.transport({ getToken });
    stub.on('GET /v1.0/a', {}, {});
    await transport.get('v1.0', '/a', 5_000);
    await transport.get('v1.0', '/a', 5_000);
    expect(stub.sent.map(({ headers }) => headers.get('authorization'))).toEqual(expected);
  });

  it('asks for a token again when none was given', async () => {
    const credential = tokens('token-1');
    const getToken = jest.fn((scopes: string) => credential.getToken(scopes)).mockResolvedValueOnce(null);
    const transport = stub.transport({ getToken });
    stub.on('GET /v1.0/a', {});
    expect(await transport.get('v1.0', '/a', 5_000)).toMatchObject({ cause: 'permission' });
    expect(await transport.get('v1.0', '/a', 5_000)).toMatchObject({ status: 200 });
  });

  it.each([
    ['JSON', '{"a":[1]}', { a: [1] }],
    ['a JSON text', '"text"', 'text'],
    ['nothing', '', undefined],
    ['what is no JSON, as text', '<html>', '<html>'],
  ])('gives %s', async (_case, body, expected) => {
    stub.on('GET /v1.0/a', { status: 418, headers: { 'Request-Id': 'r-1' }, body });
    const attempt = await stub.transport().get('v1.0', '/a', 5_000);
    expect(attempt).toMatchObject({ status: 418, headers: { 'request-id': 'r-1' } });
    expect(attempt).toHaveProperty('body', expected);
  });

  it('does not repeat what failed', async () => {
    stub.on('GET /v1.0/a', { status: 429, headers: { 'Retry-After': '0' } });
    expect(await stub.transport().get('v1.0', '/a', 5_000)).toMatchObject({ status: 429 });
    expect(stub.sent).toHaveLength(1);
  });

  it('says which host could not be reached when the connection breaks', async () => {
    stub.on('GET /v1.0/a', new TypeError('fetch failed'));
    expect(await stub.transport().get('v1.0', '/a', 5_000)).toEqual({
      cause: 'unavailable',
      problem: 'graph.test could not be reached: fetch failed',
    });
  });

  it.each([
    ['gives none', () => Promise.resolve(null), 'permission', 'the identity gave no token'],
    [
      'was refused',
      () => Promise.reject(new Error('AADSTS700016: Not found.')),
      'permission',
      'no token: AADSTS700016: Not found. Check the client id of the application that reads, and have it consented to in this tenant.',
    ],
    [
      'is out of reach',
      () => Promise.reject(new Error('connect ECONNREFUSED')),
      'unavailable',
      'no token: connect ECONNREFUSED',
    ],
  ])('is not sent when the identity %s', async (_case, getToken, cause, problem) => {
    expect(await stub.transport({ getToken }).get('v1.0', '/a', 5_000)).toEqual({ cause, problem });
    expect(stub.sent).toEqual([]);
  });

  it('carries no token to another host', async () => {
    const address = 'https://other.test/v1.0/users';
    stub.on(`GET ${address}`, { status: 401 });
    await stub.transport().get('v1.0', address, 5_000);
    expect(stub.sent[0]?.headers.has('authorization')).toBe(false);
  });
});

describe('over real https', () => {
  const trusted = getCACertificates('default');
  let server: Server;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    const certificates = await createCertificates();
    setDefaultCACertificates([...trusted, certificates.ca]);
    server = createServer(certificates, (request, response) => {
      asked.push(request.headers.authorization);
      if (request.url?.endsWith('/redirect')) response.writeHead(302, { location: '/evil' }).end();
      else response.end('{"value":[]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  /** Asks for a path of the server, by one of its names. */
  const transports = {
    'Microsoft Graph': (origin: string, path: string) =>
      new GraphTransport(origin, tokens('token-1'), 'tenant-1').get('v1.0', path, 5_000),
    'the admin API': (origin: string, path: string) => {
      const transport = new AdminApiTransport(origin, tokens('token-1'), 'tenant-1');
      return transport.post(transport.base + path, {}, {}, 5_000);
    },
  };
  const originAt = (host: string) => `https://${host}:${(server.address() as AddressInfo).port}`;

  describe.each(Object.entries(transports))('%s', (_name, ask) => {
    it('gets the token at a host with a port', async () => {
      expect(await ask(originAt('localhost'), '/fine')).toMatchObject({ status: 200, body: { value: [] } });
      expect(asked).toEqual(['Bearer token-1']);
    });

    it('is not followed to where it redirects', async () => {
      expect(await ask(originAt('localhost'), '/redirect')).toMatchObject({ status: 302 });
      expect(asked).toHaveLength(1);
    });

    it('gets no token with a certificate that is not trusted', async () => {
      setDefaultCACertificates(trusted);
      // By another name, so that no connection from before is used.
      expect(await ask(originAt('127.0.0.1'), '/fine')).toMatchObject({ cause: 'unavailable' });
      expect(asked).toEqual([]);
    });

    it('is asked over https and nothing else', async () => {
      const origin = originAt('localhost').replace('https', 'http');
      expect(await ask(origin, '/fine')).toMatchObject({ cause: 'unavailable' });
      expect(asked).toEqual([]);
    });
  });
});
