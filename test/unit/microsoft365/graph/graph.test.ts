import * as z from 'zod';
import { GraphReader } from '../../../../src/lib/microsoft365/graph';
import { GraphSession } from '../../../../src/lib/microsoft365/graph/session';
import type { GraphTransport } from '../../../../src/lib/microsoft365/graph/transport';
import { fromBatchReply } from '../../../../src/lib/microsoft365/wire/batch';
import type { Usage } from '../../../../src/lib/microsoft365/wire/retry-policy';
import type { Attempt, Reply } from '../../../../src/lib/microsoft365/wire/reply';
import { Budget } from '../../../../src/lib/microsoft365/wire/retry';

const endpoint = 'https://graph.test';
const Row = z.object({ id: z.string() });
const options = { what: 'the rows', permission: 'Row.Read.All' };

interface BatchPart {
  id: string;
  url: string;
}

/** A Graph that answers as told, and writes down what it was asked. Waiting costs no time. */
class FakeGraph {
  readonly asked: string[] = [];
  readonly slept: number[] = [];
  private now = 0;
  readonly usage: Usage = { requests: 0, requestIds: [] };
  readonly session: GraphSession;

  constructor(
    private readonly answer: (path: string, count: number) => Attempt,
    budgetMs = 120_000,
  ) {
    const timers = {
      now: () => this.now,
      sleep: (milliseconds: number) => {
        this.slept.push(milliseconds);
        this.now += milliseconds;
        return Promise.resolve();
      },
    };
    const transport = {
      endpoint,
      get: (_version: string, path: string) => Promise.resolve(this.reply(path)),
      post: (_version: string, _path: string, body: unknown) => Promise.resolve(this.batch(body)),
    } as unknown as GraphTransport;
    this.session = new GraphSession(transport, new Budget(budgetMs, timers), () => 0.5);
  }

  get reader(): GraphReader {
    return new GraphReader(this.session, this.usage);
  }

  private reply(path: string): Attempt {
    this.asked.push(path);
    return this.answer(path, this.asked.filter((asked) => asked === path).length);
  }

  private batch(body: unknown): Attempt {
    const { requests } = body as { requests: BatchPart[] };
    const outer = this.answer('/$batch', ++this.batches);
    if ('cause' in outer || outer.status !== 200) return outer;
    const responses = requests.map(({ id, url }) => {
      const inner = this.reply(url) as Reply;
      return { id, status: inner.status, headers: inner.headers, body: inner.body };
    });
    return ok({ responses: responses.reverse() });
  }
  private batches = 0;
}

const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 200, headers, body });
const refused = (
  status: number,
  headers: Record<string, string> = {},
  code = status === 404 ? 'Request_ResourceNotFound' : 'code',
): Reply => ({
  status,
  headers,
  body: { error: { code, message: 'Why.' } },
});

describe('a read', () => {
  it('gives what the schema makes of it', async () => {
    const graph = new FakeGraph(() => ok({ id: 'a', more: 1 }));
    expect(await graph.reader.get('/rows/a', Row, options)).toEqual({ ok: true, value: { id: 'a' } });
  });

  it('is sent once, whoever asks', async () => {
    const graph = new FakeGraph(() => ok({ id: 'a' }));
    await Promise.all([graph.reader.get('/rows/a', Row, options), graph.reader.get('/rows/a', Row, options)]);
    await graph.reader.get('/rows/a', Row, options);
    expect(graph.asked).toEqual(['/rows/a']);
    expect(graph.usage.requests).toBe(1);
  });

  it('carries all that is known of a failure', async () => {
    const graph = new FakeGraph(() => refused(403, { 'request-id': 'r-1' }, 'Authorization_RequestDenied'));
    expect(await graph.reader.get('/rows/a', Row, options)).toEqual({
      ok: false,
      failure: {
        cause: 'permission',
        status: 403,
        code: 'Authorization_RequestDenied',
        requestId: 'r-1',
        permission: 'Row.Read.All',
        message: expect.stringContaining('Row.Read.All') as string,
      },
    });
    expect(graph.usage.requestIds).toEqual(['r-1']);
  });

  it.each([
    [400, 'unavailable'],
    [403, 'permission'],
    [404, 'notFound'],
  ])('is not repeated after %i', async (status, cause) => {
    const graph = new FakeGraph(() => refused(status));
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({ failure: { cause, status } });
    expect(graph.asked).toHaveLength(1);
  });

  it.each([429, 500, 502, 503, 504])('is repeated after %i', async (status) => {
    const graph = new FakeGraph((_path, count) => (count < 3 ? refused(status) : ok({ id: 'a' })));
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({ ok: true });
    expect(graph.usage.requests).toBe(3);
    expect(graph.slept).toEqual([375, 750]);
  });

  it('is repeated after a broken connection', async () => {
    const broken: Attempt = { cause: 'unavailable', problem: 'ECONNRESET' };
    const graph = new FakeGraph((_path, count) => (count === 1 ? broken : ok({ id: 'a' })));
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({ ok: true });
  });

  it.each(['UnknownError', 'generalException'])(
    'takes no 404 with the code %s for an absence',
    async (code) => {
      const graph = new FakeGraph(() => refused(404, {}, code));
      expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({
        failure: { cause: 'unavailable', status: 404, code },
      });
    },
  );

  it('is not repeated when the identity was refused', async () => {
    const graph = new FakeGraph(() => ({ cause: 'permission', problem: 'no token: AADSTS700016' }));
    const read = await graph.reader.get('/rows/a', Row, options);
    expect(read).toMatchObject({
      failure: { cause: 'permission', message: expect.stringContaining('AADSTS700016') as string },
    });
    expect(graph.asked).toHaveLength(1);
  });

  it('waits as long as it is told to', async () => {
    const graph = new FakeGraph((_path, count) =>
      count === 1 ? refused(429, { 'retry-after': '90' }) : ok({ id: 'a' }),
    );
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({ ok: true });
    expect(graph.slept).toEqual([90_000]);
  });

  it('gives up, and says so, when it would have to wait longer than the audit may take', async () => {
    const graph = new FakeGraph(() => refused(429, { 'retry-after': '121' }));
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({
      failure: { cause: 'throttled', message: expect.stringContaining('within the 120 s') as string },
    });
    expect(graph.slept).toEqual([]);
  });

  it('gives up in the end', async () => {
    const graph = new FakeGraph(() => refused(503));
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({
      failure: { cause: 'unavailable' },
    });
    expect(graph.slept.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBeLessThan(120_000);
  });

  it.each([[undefined], ['<html>'], [{ error: 'odd' }], [{ id: 7 }]])(
    'is malformed when the answer is %j',
    async (body) => {
      const graph = new FakeGraph(() => ok(body, { 'request-id': 'r-1' }));
      expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({
        failure: { cause: 'malformed', requestId: 'r-1' },
      });
    },
  );

  it('has a failure also without a word from the service', async () => {
    const graph = new FakeGraph(() => ({ status: 403, headers: {}, body: '<html>' }));
    expect(await graph.reader.get('/rows/a', Row, options)).toMatchObject({
      failure: { cause: 'permission' },
    });
  });
});

describe('a batch', () => {
  const read = (graph: FakeGraph, ids: string[]) =>
    Promise.all(ids.map((id) => graph.reader.get(`/rows/${id}`, Row, options)));
  const byId = (path: string) => ok({ id: path.split('/').at(-1) });

  it('carries what is asked for at the same time, up to twenty parts', async () => {
    const graph = new FakeGraph(byId);
    const ids = Array.from({ length: 45 }, (_id, index) => `r${index}`);
    const reads = await read(graph, ids);
    expect(reads.map((one) => (one.ok ? one.value.id : ''))).toEqual(ids);
    expect(graph.usage.requests).toBe(3);
  });

  it('judges every part by itself, and asks again for those that failed', async () => {
    const graph = new FakeGraph((path, count) => {
      if (path === '/rows/b' && count === 1) return refused(429, { 'retry-after': '3' });
      return path === '/rows/c' ? refused(404) : byId(path);
    });
    expect(await read(graph, ['a', 'b', 'c'])).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: false, failure: { cause: 'notFound' } },
    ]);
    expect(graph.asked.filter((path) => path === '/rows/b')).toHaveLength(2);
    expect(graph.asked).toHaveLength(4);
    expect(graph.slept).toEqual([3_000]);
  });

  it('is asked again as a whole when it failed as a whole', async () => {
    const graph = new FakeGraph((path, count) =>
      path === '/$batch' && count === 1 ? refused(503) : byId(path),
    );
    expect(await read(graph, ['a', 'b'])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(graph.usage.requests).toBe(2);
  });

  it.each([
    ['no list', {}],
    ['parts without a status', { responses: [{ id: '0' }] }],
    ['nothing', undefined],
  ])('of which the answer has %s leaves every part unanswered', (_case, body) => {
    for (const attempt of fromBatchReply(ok(body), 2)) expect(attempt).not.toHaveProperty('status', 200);
  });

  it('that was not found says nothing about its parts', async () => {
    const graph = new FakeGraph(() => refused(404));
    expect(await read(graph, ['a', 'b'])).toMatchObject([
      { failure: { cause: 'unavailable', status: 404 } },
      { failure: { cause: 'unavailable', status: 404 } },
    ]);
  });

  it('misses parts that were not answered', () => {
    const reply = ok({ responses: [{ id: '1', status: 200, body: { id: 'b' } }] });
    const [first, second] = fromBatchReply(reply, 2);
    expect(first).toMatchObject({ cause: expect.any(String) as string });
    expect(second).toMatchObject({ status: 200, body: { id: 'b' } });
  });
});

describe('a list', () => {
  const list = (graph: FakeGraph) => graph.reader.list('/rows', Row, options);
  const next = `${endpoint}/v1.0/rows?$skiptoken=2`;

  it('is read to its end', async () => {
    const graph = new FakeGraph((path) =>
      path === '/rows' ? ok({ value: [{ id: 'a' }], '@odata.nextLink': next }) : ok({ value: [{ id: 'b' }] }),
    );
    expect(await list(graph)).toEqual({ ok: true, value: [{ id: 'a' }, { id: 'b' }] });
    expect(graph.asked).toEqual(['/rows', '/rows?$skiptoken=2']);
  });

  it.each([
    'https://evil.test/v1.0/rows?$skiptoken=2',
    'http://graph.test/v1.0/rows?$skiptoken=2',
    'https://graph.test:8443/v1.0/rows?$skiptoken=2',
    'https://graph.test@evil.test/v1.0/rows',
    'https://graph.test.evil.test/v1.0/rows',
    'https://graph.test/beta/rows?$skiptoken=2',
    '//evil.test/v1.0/rows',
    'rows?$skiptoken=2',
    'https://graph.test/v1.0/rows',
  ])('is malformed when its next page is %s', async (link) => {
    const graph = new FakeGraph(() => ok({ value: [], '@odata.nextLink': link }));
    expect(await list(graph)).toMatchObject({ ok: false, failure: { cause: 'malformed' } });
    expect(graph.asked).toEqual(['/rows']);
  });

  it('has a next page also when an address stands in its query', async () => {
    const link = `${endpoint}/v1.0/rows?$filter=url eq 'https://a.b/c'&$skiptoken=2`;
    const graph = new FakeGraph((path) =>
      path === '/rows' ? ok({ value: [], '@odata.nextLink': link }) : ok({ value: [{ id: 'b' }] }),
    );
    expect(await list(graph)).toEqual({ ok: true, value: [{ id: 'b' }] });
    expect(graph.asked[1]).not.toContain('://');
  });

  it('is read once, whoever asks, and once more for another schema', async () => {
    const graph = new FakeGraph((path) =>
      path === '/rows' ? ok({ value: [{ id: 'a' }], '@odata.nextLink': next }) : ok({ value: [{ id: 'b' }] }),
    );
    const [one, other] = await Promise.all([list(graph), list(graph)]);
    expect(await list(graph)).toBe(one);
    expect(other).toBe(one);
    expect(graph.asked).toEqual(['/rows', '/rows?$skiptoken=2']);
    await graph.reader.list('/rows', z.object({ id: z.string() }), options);
    expect(graph.asked).toHaveLength(4);
  });

  it('is not given in part when a page cannot be read', async () => {
    const graph = new FakeGraph((path) =>
      path === '/rows' ? ok({ value: [{ id: 'a' }], '@odata.nextLink': next }) : refused(403),
    );
    expect(await list(graph)).toMatchObject({ ok: false, failure: { cause: 'permission' } });
  });

  it('is not given in part when a row does not parse', async () => {
    const graph = new FakeGraph(() => ok({ value: [{ id: 'a' }, { id: null }] }));
    expect(await list(graph)).toMatchObject({ ok: false, failure: { cause: 'malformed' } });
  });

  it('of more than 5,000 pages is not read on', async () => {
    const graph = new FakeGraph((path) => {
      const next = Number(/\d+$/.exec(path)?.[0] ?? 1) + 1;
      return ok({ value: [], '@odata.nextLink': `${endpoint}/v1.0/rows?page=${next}` });
    });
    expect(await graph.reader.list('/rows', Row, options)).toMatchObject({
      failure: { cause: 'unavailable', message: expect.stringContaining('more than 5,000 pages') as string },
    });
    expect(graph.asked).toHaveLength(5_000);
  });

  it('starts over once when its link has expired', async () => {
    const graph = new FakeGraph((path, count) => {
      if (path === '/rows') return ok({ value: [{ id: `a${count}` }], '@odata.nextLink': next });
      return count === 1 ? refused(400, {}, 'Directory_ExpiredPageToken') : ok({ value: [] });
    });
    expect(await list(graph)).toEqual({ ok: true, value: [{ id: 'a2' }] });
  });

  it('is given up when its link expires twice', async () => {
    const graph = new FakeGraph((path) =>
      path === '/rows'
        ? ok({ value: [], '@odata.nextLink': next })
        : refused(400, {}, 'Directory_ExpiredPageToken'),
    );
    expect(await list(graph)).toMatchObject({
      failure: { cause: 'unavailable', message: expect.stringContaining('expired twice') as string },
    });
  });

  it('asks the beta version where that is wanted', async () => {
    const graph = new FakeGraph((path) =>
      path === '/rows'
        ? ok({ value: [], '@odata.nextLink': `${endpoint}/beta/rows?$skiptoken=2` })
        : ok({ value: [{ id: 'b' }] }),
    );
    expect(await graph.reader.list('/rows', Row, { ...options, version: 'beta' })).toMatchObject({
      ok: true,
    });
  });
});
