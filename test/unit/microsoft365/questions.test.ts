import * as z from 'zod';
import { GraphReader } from '../../../src/lib/microsoft365/graph';
import { GraphSession } from '../../../src/lib/microsoft365/graph/session';
import { Pace } from '../../../src/lib/microsoft365/wire/pace';
import { Budget, type Waits } from '../../../src/lib/microsoft365/wire/retry';
import { graphError, StubGraph } from '../../support/stub-graph';

const Answer = z.object({ value: z.array(z.number()) });
const Row = z.number();
const reading = { what: 'what would happen', permission: 'Policy.Read.All' };
const asked = 'POST /v1.0/question';

let graph: StubGraph;
beforeEach(() => {
  graph = new StubGraph();
});
afterEach(() => graph.close());

/** A reader of one invocation; those that share a pace are of one instance. */
function open(pace = new Pace(1000), waits: Waits = 'long', budgetMs = 120_000) {
  const usage = { requests: 0, requestIds: [] };
  const budget = new Budget(budgetMs, graph.timers, waits);
  const session = new GraphSession(graph.transport(), budget, () => 1, pace);
  const reader = new GraphReader(session, usage);
  return { usage, ask: (body: object) => reader.ask('/question', body, Answer, reading) };
}

const fine = { body: { value: [1] } };

describe('a question', () => {
  it('is posted alone, once per invocation', async () => {
    graph.on(asked, fine);
    const { ask, usage } = open();
    expect(await Promise.all([ask({ a: 1 }), ask({ a: 1 })])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(graph.sent.map(({ body }) => body)).toEqual([{ a: 1 }]);
    expect(usage.requests).toBe(1);
  });

  it('waits a second after the one before, of whichever invocation', async () => {
    graph.on(asked, fine, fine, fine);
    const pace = new Pace(1000);
    await open(pace).ask({ a: 1 });
    await open(pace).ask({ a: 2 });
    graph.timers.pass(400);
    await open(pace).ask({ a: 3 });
    expect(graph.timers.waits).toEqual([1000, 600]);
  });

  it('backs off by itself after a 429, for longer each time, and keeps its turn', async () => {
    const refused = graphError(429, 'TooManyRequests');
    graph.on(asked, refused, refused, refused, fine);
    expect(await open().ask({ a: 1 })).toMatchObject({ ok: true });
    expect(graph.timers.waits).toEqual([2000, 4000, 8000]);
  });

  it('heeds a Retry-After all the same', async () => {
    graph.on(asked, graphError(429, 'TooManyRequests', { 'Retry-After': '9' }), fine);
    await open().ask({ a: 1 });
    expect(graph.timers.waits).toEqual([9000]);
  });

  it('gives way where others wait for its place, and says so', async () => {
    graph.on(asked, fine);
    const pace = new Pace(60_000);
    await open(pace).ask({ a: 1 });
    const { ask, usage } = open(pace, 'short');
    expect(await ask({ a: 2 })).toMatchObject({ ok: false, failure: { cause: 'unavailable' } });
    expect(usage).toMatchObject({ requests: 0, deferMs: 60_000 });
    expect(graph.sent).toHaveLength(1);
  });

  it('that is refused is asked no more', async () => {
    graph.on(asked, graphError(403, 'Authorization_RequestDenied'));
    expect(await open().ask({ a: 1 })).toMatchObject({ failure: { cause: 'permission' } });
    expect(graph.timers.waits).toEqual([]);
  });

  it('whose answer is not as documented is not understood', async () => {
    graph.on(asked, { body: { rows: [] } });
    expect(await open().ask({ a: 1 })).toMatchObject({ failure: { cause: 'malformed' } });
  });
});

describe('a pace', () => {
  it('is kept for each tenant by itself', () => {
    const pace = new Pace(1000);
    pace.take('a', 0);
    expect([pace.waitFor('a', 0), pace.waitFor('b', 0), pace.waitFor('a', 1500)]).toEqual([1000, 0, 0]);
    pace.take('a', 0);
    expect(pace.waitFor('a', 0)).toBe(2000);
  });
});

describe('the first rows of a list', () => {
  const first = (most: number) => graph.open()().graph.first('/list', Row, most, reading);
  const link = { '@odata.nextLink': 'https://graph.test/v1.0/list?next' };

  it('are those of as many pages as it takes, and no more', async () => {
    graph.on('GET /v1.0/list', { body: { value: [1, 2], ...link } }).on('GET /v1.0/list?next', {
      body: { value: [3, 4], '@odata.nextLink': 'https://graph.test/v1.0/list?more' },
    });
    expect(await first(3)).toEqual({ ok: true, value: [1, 2, 3] });
  });

  it('are all that there are of a shorter list', async () => {
    graph
      .on('GET /v1.0/list', { body: { value: [1, 2], ...link } })
      .on('GET /v1.0/list?next', { body: { value: [3] } });
    expect(await first(9)).toEqual({ ok: true, value: [1, 2, 3] });
  });

  it('are none where one of them is not as documented', async () => {
    graph.on('GET /v1.0/list', { body: { value: [1, 'x'], ...link } });
    expect(await first(2)).toMatchObject({ failure: { cause: 'malformed' } });
  });
});
