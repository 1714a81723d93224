import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificates } from '../../../local/simulator/certificates';
import { GraphTransport } from '../../../src/lib/microsoft365/transport';
import { endpoint, StubGraph, tokens } from '../../support/stub-graph';

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
    expect(sent?.redirect).toBe('manual');
    expect(credential.asked).toEqual([[`${endpoint}/.default`, 'tenant-1']]);
  });

  it('carries a body as JSON when it is a post', async () => {
    stub.on('POST /beta/$batch', { body: { responses: [] } });
    await stub.transport().post('beta', '/$batch', { requests: [] }, 5_000);
    expect(stub.sent).toMatchObject([{ method: 'POST', body: { requests: [] } }]);
    expect(stub.sent[0]?.headers.get('content-type')).toBe('application/json');
  });

  it('takes a new token each time, because the old one may have expired', async () => {
    const transport = stub.transport(tokens('token-1', 'token-2'));
    stub.on('GET /v1.0/a', {}, {});
    await transport.get('v1.0', '/a', 5_000);
    await transport.get('v1.0', '/a', 5_000);
    expect(stub.sent.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
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
      'no token: AADSTS700016: Not found.',
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

  it.each([
    ['http', 'http://graph.test'],
    ['another host', 'https://other.test'],
  ])('carries no token to %s', async (_case, elsewhere) => {
    const address = `${elsewhere}/v1.0/users`;
    stub.on(`GET ${address}`, { status: 401 });
    const transport =
      elsewhere === 'http://graph.test'
        ? new GraphTransport(elsewhere, tokens('token-1'), 't')
        : stub.transport();
    await transport.get('v1.0', elsewhere === 'http://graph.test' ? '/users' : address, 5_000);
    expect(stub.sent[0]?.headers.has('authorization')).toBe(false);
  });
});

describe('over real https', () => {
  const trusted = getCACertificates('default');
  let server: Server;
  let transport: GraphTransport;
  const asked: string[] = [];

  beforeAll(async () => {
    const certificates = await createCertificates();
    setDefaultCACertificates([...trusted, certificates.ca]);
    server = createServer(certificates, (request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/v1.0/redirect') response.writeHead(302, { location: '/v1.0/evil' }).end();
      else if (request.url === '/v1.0/broken') request.socket.destroy();
      else if (request.url === '/v1.0/half')
        response.writeHead(200).write('{"value":', () => request.socket.destroy());
      else if (request.url === '/v1.0/fine')
        response.end('{"token":"' + String(request.headers.authorization) + '"}');
      // Anything else is left without an answer.
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    transport = new GraphTransport(`https://localhost:${port}`, tokens('token-1'), 'tenant-1');
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

  it('the token reaches a host with a port', async () => {
    expect(await transport.get('v1.0', '/fine', 5_000)).toMatchObject({
      status: 200,
      body: { token: 'Bearer token-1' },
    });
  });

  it('a redirect is not followed', async () => {
    expect(await transport.get('v1.0', '/redirect', 5_000)).toMatchObject({ status: 302 });
    expect(asked).toEqual(['/v1.0/redirect']);
  });

  it.each(['/broken', '/half'])('a connection that breaks is no answer: %s', async (path) => {
    const attempt = await transport.get('v1.0', path, 5_000);
    expect(attempt).toMatchObject({ cause: 'unavailable' });
    expect(attempt).not.toHaveProperty('status');
  });

  it('an answer that does not come in time is no answer', async () => {
    expect(await transport.get('v1.0', '/never', 50)).toMatchObject({
      cause: 'unavailable',
      problem: expect.stringContaining('no answer within 1 s') as string,
    });
  });

  it('an untrusted certificate gets no token', async () => {
    setDefaultCACertificates(trusted);
    const { port } = server.address() as AddressInfo;
    const other = new GraphTransport(`https://127.0.0.1:${port}`, tokens('token-1'), 'tenant-1');
    const attempt = await other.get('v1.0', '/fine', 5_000);
    expect(attempt).toMatchObject({ cause: 'unavailable' });
    expect(asked).toEqual([]);
  });
});
