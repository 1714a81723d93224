import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificates } from '../../../local/simulator/certificates';
import { openSender } from '../../../src/lib/telemetry/applicationinsights';
import type { EventItem, ScoreItem } from '../../../src/lib/telemetry/sender';
import { startTelemetrySink, type TelemetrySink } from '../../support/telemetry-sink';

const event = (id: string, traceParent?: string): EventItem => ({
  kind: 'event',
  name: 'AuditCompleted',
  properties: { targetId: id, codes: 'a,b' },
  measurements: { durationMs: 12.5, requests: 0 },
  traceParent,
});
const score = (value: number, targetId = 'contoso'): ScoreItem => ({
  kind: 'score',
  value,
  properties: { targetId, customerTenantId: 'tenant' },
});

describe('the Application Insights SDK', () => {
  const trusted = getCACertificates('default');
  let sink: TelemetrySink;
  const open = (authentication?: string) =>
    openSender({ connectionString: sink.connectionString, authentication });
  const ids = () => sink.envelopes.map(({ data }) => data.baseData.properties?.targetId);

  beforeAll(async () => {
    const certificates = await createCertificates();
    setDefaultCACertificates([...trusted, certificates.ca]);
    sink = await startTelemetrySink(certificates);
  });
  beforeEach(() => {
    for (const list of [sink.envelopes, sink.requests, sink.treatments]) list.length = 0;
  });
  afterAll(async () => {
    await sink.close();
    setDefaultCACertificates(trusted);
  });

  it('delivers events with the operation of their invocation, and scores', async () => {
    const sender = await open();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const items = [
      event('one', `00-${traceId}-b7ad6b7169203331-00`),
      event('two', 'not a trace parent'),
      score(0.25),
    ];
    expect(await sender.send(items)).toEqual({ undelivered: [], problem: '' });
    const [one, two, metric] = sink.envelopes;
    expect(one?.data).toEqual({
      baseType: 'EventData',
      baseData: {
        name: 'AuditCompleted',
        properties: { targetId: 'one', codes: 'a,b' },
        measurements: { durationMs: 12.5, requests: 0 },
      },
    });
    expect(one?.tags).toMatchObject({
      'ai.operation.id': traceId,
      'ai.operation.parentId': 'b7ad6b7169203331',
      'ai.cloud.role': 'syncwarden',
    });
    expect(two?.tags['ai.operation.id']).toBeUndefined();
    expect(metric?.data).toEqual({
      baseType: 'MetricData',
      baseData: {
        properties: { targetId: 'contoso', customerTenantId: 'tenant' },
        metrics: [{ name: 'compliance.score', value: 0.25, count: 1 }],
      },
    });
  });

  it.each([
    ['an error', { status: 400 }, 'the ingestion endpoint answered 400'],
    ['refused credentials', { status: 403 }, 'the ingestion endpoint answered 403'],
    ['a page of a proxy', { status: 200, body: '<html>' }, 'the ingestion endpoint answered 200'],
    ['an answer of another shape', { status: 200, body: '[]' }, 'the ingestion endpoint answered 200'],
  ])('knows that nothing arrived after %s', async (_name, treatment, problem) => {
    const sender = await open();
    sink.treatments.push(treatment, treatment);
    const items = [event('one'), score(1)];
    expect(await sender.send(items)).toEqual({ undelivered: items, problem });
    expect(await sender.send(items)).toEqual({ undelivered: [], problem: '' });
    expect(sink.envelopes).toHaveLength(2);
  });

  it('tries a failing endpoint twice, then says so', async () => {
    const sender = await open();
    sink.treatments.push({ status: 503 }, { status: 500 });
    const items = [event('one')];
    const problem = 'the ingestion endpoint answered 500';
    expect(await sender.send(items)).toEqual({ undelivered: items, problem });
    expect(sink.requests).toHaveLength(2);
    sink.treatments.push({ status: 503 });
    expect(await sender.send(items)).toEqual({ undelivered: [], problem: '' });
    expect(ids()).toEqual(['one']);
  });

  it('knows which items of a request were refused', async () => {
    const sender = await open();
    const items = [event('one'), event('two'), event('three')];
    sink.treatments.push({ refuse: [1] });
    expect(await sender.send(items)).toEqual({
      undelivered: [items[1]],
      problem: 'the ingestion endpoint refused 1 of 3 items (400)',
    });
    expect(ids()).toEqual(['one', 'three']);
  });

  it('counts all as undelivered when an answer does not name what was refused', async () => {
    const sender = await open();
    const items = [event('one'), event('two')];
    const body = JSON.stringify({ itemsReceived: 2, itemsAccepted: 1, errors: null });
    sink.treatments.push({ status: 206, body });
    expect(await sender.send(items)).toMatchObject({ undelivered: items });
    sink.treatments.push({ status: 206, body: JSON.stringify({ itemsReceived: 1, itemsAccepted: 0 }) });
    expect(await sender.send(items)).toMatchObject({ undelivered: items });
    sink.treatments.push({
      status: 206,
      body: '{"itemsReceived":1,"itemsAccepted":0,"errors":[{"index":0}]}',
    });
    const scores = [score(1)];
    expect(await sender.send(scores)).toEqual({
      undelivered: scores,
      problem: 'the ingestion endpoint refused 1 of 1 items (without a code)',
    });
  });

  it('knows that nobody listens', async () => {
    const sender = await openSender({
      connectionString:
        'InstrumentationKey=11111111-1111-4111-8111-111111111111;IngestionEndpoint=https://localhost:1/',
      authentication: undefined,
    });
    const { undelivered, problem } = await sender.send([event('one')]);
    expect(undelivered).toHaveLength(1);
    expect(problem).toContain('ECONNREFUSED');
  });

  it('knows that a connection string is no good', async () => {
    const sender = await openSender({ connectionString: 'nonsense', authentication: undefined });
    expect(await sender.send([score(1)])).toMatchObject({
      problem: expect.stringContaining('sent nothing') as string,
    });
  });

  describe('with local authentication off', () => {
    let identity: Server;
    const asked: URLSearchParams[] = [];

    beforeAll(async () => {
      identity = createServer((request, response) => {
        asked.push(new URL(request.url ?? '', 'http://localhost').searchParams);
        const expires = Math.floor(Date.now() / 1000) + 3_600;
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ access_token: 'token-1', expires_on: String(expires), token_type: 'Bearer' }),
        );
      }).listen(0, '127.0.0.1');
      await once(identity, 'listening');
      const { port } = identity.address() as AddressInfo;
      process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${port}/msi/token`;
      process.env.IDENTITY_HEADER = 'secret';
    });
    afterAll(() => {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
      identity.close();
      identity.closeAllConnections();
    });

    it.each([
      ['the only identity', 'Authorization=AAD', null],
      ['the identity that is named', 'authorization=aad; ClientId=client-1', 'client-1'],
    ])('signs in as %s', async (_name, authentication, clientId) => {
      const sender = await open(authentication);
      expect(await sender.send([event('one'), score(1)])).toEqual({ undelivered: [], problem: '' });
      expect(sink.requests.map(({ authorization }) => authorization)).toEqual([
        'Bearer token-1',
        'Bearer token-1',
      ]);
      expect(asked.at(-1)?.get('client_id')).toBe(clientId);
      expect(asked.at(-1)?.get('resource')).toBe('https://monitor.azure.com');
    });

    it('refuses a setting that it does not understand, rather than send without a token', async () => {
      await expect(open('Authorization=Key')).rejects.toThrow('APPLICATIONINSIGHTS_AUTHENTICATION_STRING');
    });
  });
});
