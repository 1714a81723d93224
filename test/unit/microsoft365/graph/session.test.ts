import type { AccessToken, GetTokenOptions } from '@azure/identity';
import { GraphTransport, type GraphVersion } from '../../../../src/lib/microsoft365/graph/transport';
import type { Answer } from '../../../../src/lib/microsoft365/wire/retry-policy';
import { graphError, StubGraph, tokens } from '../../../support/stub-graph';

let stub: StubGraph;
beforeEach(() => {
  stub = new StubGraph();
});
afterEach(() => stub.close());

type View = ReturnType<ReturnType<StubGraph['open']>>;

const reading = { what: 'the domains', permission: 'Domain.Read.All' };
const ask = (view: View, path: string, version: GraphVersion = 'v1.0') =>
  view.session.read({ version, path, reading, usage: view.usage });

function failure(answer: Answer | undefined) {
  if (answer?.ok !== false) throw new Error('This reading should have failed.');
  return answer.failure;
}
const bodies = (answers: Answer[]) =>
  answers.map((answer) => (answer.ok ? answer.reply.body : answer.failure.cause));

describe('a session', () => {
  it('sends a single read as it is', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', { body: { value: [] }, headers: { 'request-id': 'r-1' } });
    expect(await ask(view, '/domains')).toMatchObject({ ok: true, reply: { body: { value: [] } } });
    expect(stub.requests).toEqual(['GET /v1.0/domains']);
    expect(view.usage).toEqual({ requests: 1, requestIds: ['r-1'] });
  });

  it('sends what is asked for in the same turn as one batch', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/a', { body: 'A' }).on('GET /v1.0/b', { body: 'B' }).on('GET /v1.0/c', { body: 'C' });
    const answers = await Promise.all(['/a', '/b', '/c'].map((path) => ask(view, path)));
    expect(bodies(answers)).toEqual(['A', 'B', 'C']);
    expect(stub.requests).toEqual(['POST /v1.0/$batch']);
    expect(stub.batches).toEqual([['/a', '/b', '/c']]);
  });

  it.each([
    [20, [20]],
    [21, [20, 1]],
    [45, [20, 20, 5]],
  ])('splits %i reads into requests of %j', async (count, sizes) => {
    const view = stub.open()();
    const paths = Array.from({ length: count }, (_, index) => `/item/${index}`);
    for (const path of paths) stub.on(`GET /v1.0${path}`, { body: path });
    const answers = await Promise.all(paths.map((path) => ask(view, path)));
    expect(bodies(answers)).toEqual(paths);
    expect(view.usage.requests).toBe(sizes.length);
    const batched = sizes.filter((size) => size > 1);
    expect(stub.batches.map(({ length }) => length)).toEqual(batched);
  });

  it('does not mix versions in a batch', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/a', { body: 1 }).on('GET /v1.0/b', { body: 2 });
    stub.on('GET /beta/a', { body: 3 }).on('GET /beta/b', { body: 4 });
    const answers = await Promise.all([
      ask(view, '/a'),
      ask(view, '/a', 'beta'),
      ask(view, '/b'),
      ask(view, '/b', 'beta'),
    ]);
    expect(bodies(answers)).toEqual([1, 3, 2, 4]);
    expect(stub.requests).toEqual(['POST /v1.0/$batch', 'POST /beta/$batch']);
  });

  it('sends the same read once, whoever asks and whenever', async () => {
    const open = stub.open();
    const [one, other] = [open(), open()];
    stub.on('GET /v1.0/domains', { body: 1 });
    const together = await Promise.all([ask(one, '/domains'), ask(other, '/domains')]);
    expect(bodies([...together, await ask(other, '/domains')])).toEqual([1, 1, 1]);
    expect(stub.sent).toHaveLength(1);
    expect([one.usage.requests, other.usage.requests]).toEqual([1, 0]);
  });

  it.each([
    ['alone', ['/a']],
    ['in a batch', ['/a', '/b']],
  ])('leaves nobody waiting when something fails that nobody has foreseen: %s', async (_how, paths) => {
    const fault = () => {
      throw new TypeError('A fault.');
    };
    const view = stub.open()();
    const spies = (['get', 'post'] as const).map((method) =>
      jest.spyOn(GraphTransport.prototype, method).mockImplementation(fault),
    );
    const asked = { version: 'v1.0', reading, usage: view.usage } as const;
    const all = [...paths.map((path) => ask(view, path)), view.session.sendAlone({ ...asked, path: '/c' })];
    for (const { status } of await Promise.allSettled(all)) expect(status).toBe('rejected');
    for (const spy of spies) spy.mockRestore();
  });

  it('remembers a failure as well', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', graphError(403, 'Denied'));
    await ask(view, '/domains');
    expect(failure(await ask(view, '/domains')).cause).toBe('permission');
    expect(stub.sent).toHaveLength(1);
  });

  it('asks again where a fresh answer is wanted', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', { body: 'old' }, { body: 'new' });
    expect(bodies([await ask(view, '/domains')])).toEqual(['old']);
    const fresh = view.session.send({ version: 'v1.0', path: '/domains', reading, usage: view.usage });
    expect(bodies([await fresh])).toEqual(['new']);
    expect(bodies([await ask(view, '/domains')])).toEqual(['old']);
  });

  it('shares nothing with another session', async () => {
    stub.on('GET /v1.0/domains', { body: 1 }, { body: 2 });
    expect(bodies([await ask(stub.open()(), '/domains'), await ask(stub.open()(), '/domains')])).toEqual([
      1, 2,
    ]);
  });

  it('lets the first of a batch pay for it, and gives everyone the id of the request', async () => {
    const open = stub.open();
    const [one, other] = [open(), open()];
    const responses = ['0', '1', '2'].map((id) => ({ id, status: 200, body: id }));
    stub.on('POST /v1.0/$batch', { headers: { 'request-id': 'outer' }, body: { responses } });
    await Promise.all([ask(one, '/a'), ask(other, '/b'), ask(one, '/c')]);
    expect(one.usage).toEqual({ requests: 1, requestIds: ['outer'] });
    expect(other.usage).toEqual({ requests: 0, requestIds: ['outer'] });
  });
});

describe('trying again', () => {
  it.each([429, 500, 502, 503, 504])('is done after %i', async (status) => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', graphError(status, 'Simulated'), { body: 'fine' });
    expect(bodies([await ask(view, '/domains')])).toEqual(['fine']);
    expect(view.usage.requests).toBe(2);
    expect(stub.timers.waits).toEqual([500]);
  });

  it('is done after a broken connection', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', new Error('ECONNRESET'), { body: 'fine' });
    expect(bodies([await ask(view, '/domains')])).toEqual(['fine']);
  });

  it.each([
    [400, 'BadRequest', 'unavailable'],
    [403, 'Authorization_RequestDenied', 'permission'],
    [404, 'Request_ResourceNotFound', 'notFound'],
    [501, 'NotImplemented', 'unavailable'],
  ])('is not done after %i', async (status, code, cause) => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', graphError(status, code));
    expect(failure(await ask(view, '/domains'))).toMatchObject({ cause, status, code });
    expect(stub.sent).toHaveLength(1);
    expect(stub.timers.waits).toEqual([]);
  });

  it('does not follow a redirect', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/domains', { status: 302, headers: { location: 'https://evil.test/' } });
    expect(failure(await ask(view, '/domains'))).toMatchObject({ cause: 'unavailable', status: 302 });
    expect(stub.sent).toHaveLength(1);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const view = stub.open()();
    stub.on(
      'GET /v1.0/domains',
      graphError(429, 'TooManyRequests', { 'Retry-After': '40' }),
      graphError(503, 'Busy', { 'Retry-After': 'Mon, 23 Nov 2026 02:01:00 GMT' }),
      { body: 'fine' },
    );
    expect(bodies([await ask(view, '/domains')])).toEqual(['fine']);
    expect(stub.timers.waits).toEqual([40_000, 20_000]);
  });

  it('waits longer each time, and gives up before the budget ends', async () => {
    const view = stub.open(10_000)();
    const busy = graphError(503, 'Busy', { 'request-id': 'r-9' });
    stub.on('GET /v1.0/domains', busy, busy, busy, busy, busy);
    expect(failure(await ask(view, '/domains'))).toEqual({
      cause: 'unavailable',
      status: 503,
      code: 'Busy',
      requestId: 'r-9',
      message:
        'Could not read the domains: Microsoft 365 answered 503 Busy. Given up within the 10 s of one audit.',
    });
    expect(stub.timers.waits).toEqual([500, 1_000, 2_000, 4_000]);
    expect(view.usage).toEqual({ requests: 5, requestIds: Array(5).fill('r-9') });
  });

  it('gives up at once, as throttled, when Retry-After is longer than the budget', async () => {
    const view = stub.open(60_000)();
    stub.on('GET /v1.0/domains', graphError(429, 'TooManyRequests', { 'Retry-After': '60' }));
    const { cause, message } = failure(await ask(view, '/domains'));
    expect(cause).toBe('throttled');
    expect(message).toContain('Given up within the 60 s of one audit.');
    expect(stub.timers.waits).toEqual([]);
  });

  it('still waits when that ends just before the budget', async () => {
    const view = stub.open(60_001)();
    stub.on('GET /v1.0/domains', graphError(429, 'TooManyRequests', { 'Retry-After': '60' }), { body: 1 });
    expect(bodies([await ask(view, '/domains')])).toEqual([1]);
  });

  it('gives up on connections that stay broken, and says which', async () => {
    const view = stub.open(1_000)();
    const broken = new TypeError('fetch failed');
    stub.on('GET /v1.0/domains', broken, broken);
    const { cause, message, status } = failure(await ask(view, '/domains'));
    expect([cause, status]).toEqual(['unavailable', undefined]);
    expect(message).toContain('Could not read the domains: graph.test could not be reached: ');
    expect(message).toContain('Given up within the 1 s of one audit.');
  });

  it('is no use when the identity is refused', async () => {
    const credential = {
      getToken: () => Promise.reject(new Error('AADSTS7000215: Invalid secret. Trace ID: t-1')),
    };
    const view = stub.open(60_000, credential)();
    const refused = failure(await ask(view, '/domains'));
    expect(refused).toMatchObject({ cause: 'permission' });
    // It is not known whether one is missing; Microsoft's ids are no part of the sentence.
    expect(refused).not.toHaveProperty('permission');
    expect(refused.message).not.toContain('t-1');
    expect(view.usage.requestIds).toEqual(['t-1']);
    expect(stub.sent).toEqual([]);
    expect(stub.timers.waits).toEqual([]);
  });
});

describe('a batch of reads', () => {
  it('is judged part by part, and only what failed is asked again', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/fine', { body: 'fine' });
    stub.on('GET /v1.0/denied', graphError(403, 'Denied'));
    stub.on('GET /v1.0/gone', graphError(404, 'Request_ResourceNotFound'));
    stub.on('GET /v1.0/busy', graphError(429, 'TooManyRequests', { 'Retry-After': '3' }), { body: 'busy' });
    stub.on('GET /v1.0/broken', graphError(500, 'UnknownError'), { body: 'mended' });
    const paths = ['/fine', '/denied', '/gone', '/busy', '/broken'];
    const answers = await Promise.all(paths.map((path) => ask(view, path)));
    expect(bodies(answers)).toEqual(['fine', 'permission', 'notFound', 'busy', 'mended']);
    expect(stub.batches).toEqual([paths, ['/busy', '/broken']]);
    expect(stub.timers.waits).toEqual([3_000]);
    expect(view.usage.requests).toBe(2);
  });

  it('ends in a plain request when one part is left', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/fine', { body: 'fine' });
    stub.on('GET /v1.0/busy', graphError(429, 'TooManyRequests'), { body: 'busy' });
    expect(bodies(await Promise.all([ask(view, '/fine'), ask(view, '/busy')]))).toEqual(['fine', 'busy']);
    expect(stub.requests).toEqual(['POST /v1.0/$batch', 'GET /v1.0/busy']);
  });

  it('waits for the longest Retry-After, and leaves out who asks for more than there is', async () => {
    const view = stub.open(60_000)();
    const busy = (seconds: string) => graphError(429, 'TooManyRequests', { 'Retry-After': seconds });
    stub.on('GET /v1.0/a', busy('5'), { body: 'A' });
    stub.on('GET /v1.0/b', busy('9'), { body: 'B' });
    stub.on('GET /v1.0/c', busy('600'));
    const answers = await Promise.all(['/a', '/b', '/c'].map((path) => ask(view, path)));
    expect(bodies(answers)).toEqual(['A', 'B', 'throttled']);
    expect(stub.timers.waits).toEqual([9_000]);
  });

  it('answers what is settled without waiting for the rest', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/fine', { body: 'fine' });
    stub.on('GET /v1.0/busy', graphError(429, 'TooManyRequests'), { body: 'busy' });
    const order: string[] = [];
    await Promise.all(['/busy', '/fine'].map((path) => ask(view, path).then(() => void order.push(path))));
    expect(order).toEqual(['/fine', '/busy']);
  });

  it.each([
    ['throttled as a whole', graphError(429, 'TooManyRequests', { 'Retry-After': '2' }), 2_000],
    ['broken off', new Error('ECONNRESET'), 500],
    ['answered with nonsense', { body: 'nonsense' }, 500],
    ['answered for nobody', { body: { responses: [] } }, 500],
  ])('is asked again as a whole when it was %s', async (_case, answer, wait) => {
    const view = stub.open()();
    stub.on('POST /v1.0/$batch', answer);
    stub.on('GET /v1.0/a', { body: 'A' }).on('GET /v1.0/b', { body: 'B' });
    expect(bodies(await Promise.all([ask(view, '/a'), ask(view, '/b')]))).toEqual(['A', 'B']);
    expect(stub.batches).toEqual([
      ['/a', '/b'],
      ['/a', '/b'],
    ]);
    expect(stub.timers.waits).toEqual([wait]);
  });

  it.each([
    [400, 'unavailable'],
    [403, 'permission'],
  ])('that is refused with %i fails in every part', async (status, cause) => {
    const view = stub.open()();
    stub.on('POST /v1.0/$batch', graphError(status, 'Refused', { 'request-id': 'r-5' }));
    const answers = await Promise.all([ask(view, '/a'), ask(view, '/b')]);
    expect(answers.map((answer) => failure(answer))).toEqual(
      Array(2).fill(expect.objectContaining({ cause, status, code: 'Refused', requestId: 'r-5' })),
    );
    expect(stub.sent).toHaveLength(1);
  });

  it('never takes a missing part for an empty answer', async () => {
    const view = stub.open(400)();
    stub.on('POST /v1.0/$batch', { body: { responses: [{ id: '0', status: 200, body: 'A' }] } });
    const answers = await Promise.all([ask(view, '/a'), ask(view, '/b')]);
    expect(bodies(answers)).toEqual(['A', 'unavailable']);
    expect(failure(answers[1]).message).toContain('without an answer');
  });
});

describe('a token that is not taken', () => {
  const refused = graphError(401, 'InvalidAuthenticationToken');
  const used = () => stub.sent.map(({ headers }) => headers.get('authorization'));
  const [one, two] = ['Bearer token-1', 'Bearer token-2'];

  it('is asked for anew, and the read is sent once more, at once', async () => {
    const view = stub.open(120_000, tokens('token-1', 'token-2', 'token-3'))();
    stub.on('GET /v1.0/a', refused, { body: 'A' }).on('GET /v1.0/b', { body: 'B' });
    expect(bodies([await ask(view, '/a'), await ask(view, '/b')])).toEqual(['A', 'B']);
    expect(used()).toEqual([one, two, two]);
    expect(stub.timers.waits).toEqual([]);
    expect(view.usage.requests).toBe(3);
  });

  it('is asked for as one that was issued since: credentials would give the one that they keep', async () => {
    const getToken = jest.fn((_scope: string | string[], options?: GetTokenOptions) =>
      Promise.resolve({ token: options?.claims ?? 'kept', expiresOnTimestamp: Date.now() + 3_600_000 }),
    );
    stub.on('GET /v1.0/a', refused, { body: 'A' });
    const began = Math.floor(Date.now() / 1000);
    await ask(stub.open(120_000, { getToken })(), '/a');
    const claims = getToken.mock.calls.map(([, options]) => options?.claims);
    expect(claims).toEqual([undefined, expect.any(String)]);
    const { access_token } = JSON.parse(claims[1] ?? '') as {
      access_token: { nbf: { essential: boolean; value: string } };
    };
    expect(access_token.nbf.essential).toBe(true);
    expect(Number(access_token.nbf.value)).toBeGreaterThanOrEqual(began);
  });

  it('inside a batch makes only those parts be asked again', async () => {
    const view = stub.open(120_000, tokens('token-1', 'token-2'))();
    stub.on('GET /v1.0/fine', { body: 'fine' }).on('GET /v1.0/a', refused, { body: 'A' });
    stub.on('GET /v1.0/b', refused, { body: 'B' }).on('GET /v1.0/denied', graphError(403, 'Denied'));
    const answers = await Promise.all(['/fine', '/a', '/denied', '/b'].map((path) => ask(view, path)));
    expect(bodies(answers)).toEqual(['fine', 'A', 'permission', 'B']);
    expect(stub.batches).toEqual([
      ['/fine', '/a', '/denied', '/b'],
      ['/a', '/b'],
    ]);
    expect(used()).toEqual([one, two]);
  });

  it('for a whole batch makes all of it be asked again', async () => {
    const view = stub.open(120_000, tokens('token-1', 'token-2'))();
    stub.on('POST /v1.0/$batch', refused).on('GET /v1.0/a', { body: 'A' }).on('GET /v1.0/b', { body: 'B' });
    expect(bodies(await Promise.all([ask(view, '/a'), ask(view, '/b')]))).toEqual(['A', 'B']);
    expect(used()).toEqual([one, two]);
  });

  it('is asked for once by all that are on their way', async () => {
    const credential = tokens('token-1', 'token-2', 'token-3');
    const view = stub.open(120_000, credential)();
    stub.on('GET /v1.0/first', { body: 'first' });
    await ask(view, '/first');
    for (const request of ['GET /v1.0/a', 'GET /beta/b']) stub.on(request, refused, { body: request });
    const answers = await Promise.all([ask(view, '/a'), ask(view, '/b', 'beta')]);
    expect(bodies(answers)).toEqual(['GET /v1.0/a', 'GET /beta/b']);
    expect(used()).toEqual([one, one, one, two, two]);
    expect(credential.asked).toHaveLength(2);
  });

  it('that is not taken either is no missing permission, and not tried a third time, by anybody', async () => {
    const credential = tokens('token-1', 'token-2', 'token-3');
    const view = stub.open(120_000, credential)();
    stub.on('GET /v1.0/a', refused, refused).on('GET /v1.0/b', refused);
    const found = failure(await ask(view, '/a'));
    expect(found).toMatchObject({ cause: 'unavailable', status: 401, code: 'InvalidAuthenticationToken' });
    expect(found.message).toContain('no missing permission');
    expect(found).not.toHaveProperty('permission');
    expect(failure(await ask(view, '/b')).cause).toBe('unavailable');
    expect(used()).toEqual([one, two, two]);
    expect(credential.asked).toHaveLength(2);
  });

  it.each([
    ['is refused', () => Promise.reject(new Error('AADSTS700016: no such application'))],
    ['is none', () => Promise.resolve(null)],
  ])('stays, with what was answered to it, when a new one %s', async (_what, renewed) => {
    const kept = { token: 'token-1', expiresOnTimestamp: Date.now() + 3_600_000 };
    const getToken = jest.fn(() => Promise.resolve<AccessToken | null>(kept));
    getToken.mockResolvedValueOnce(kept).mockImplementationOnce(renewed);
    const view = stub.open(120_000, { getToken })();
    stub.on('GET /v1.0/a', refused).on('GET /v1.0/b', refused).on('GET /v1.0/c', { body: 'C' });
    expect(failure(await ask(view, '/a'))).toMatchObject({ cause: 'unavailable', status: 401 });
    expect(failure(await ask(view, '/b'))).toMatchObject({ cause: 'unavailable', status: 401 });
    expect(bodies([await ask(view, '/c')])).toEqual(['C']);
    expect(getToken).toHaveBeenCalledTimes(2);
  });
});

describe('an error beside an answer', () => {
  const spoiled = { value: [{ id: 'a' }], error: { code: 'UnknownError', message: 'Broken off.' } };

  it('makes it malformed, and it is not asked for again', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/a', { body: spoiled, headers: { 'request-id': 'r-1' } });
    expect(failure(await ask(view, '/a'))).toEqual({
      cause: 'malformed',
      status: 200,
      code: 'UnknownError',
      requestId: 'r-1',
      message: 'Could not read the domains: the answer holds an error beside what was asked for.',
    });
    expect(stub.sent).toHaveLength(1);
  });

  it('makes a part of a batch malformed, and no other', async () => {
    const view = stub.open()();
    stub.on('GET /v1.0/a', { body: spoiled }).on('GET /v1.0/b', { body: 'B' });
    expect(bodies(await Promise.all([ask(view, '/a'), ask(view, '/b')]))).toEqual(['malformed', 'B']);
  });

  it('makes every part malformed beside the parts of a batch', async () => {
    const view = stub.open()();
    const responses = ['0', '1'].map((id) => ({ id, status: 200, body: id }));
    stub.on('POST /v1.0/$batch', { body: { responses, error: spoiled.error } });
    expect(bodies(await Promise.all([ask(view, '/a'), ask(view, '/b')]))).toEqual(['malformed', 'malformed']);
    expect(stub.sent).toHaveLength(1);
  });

  it.each([
    ['null', { id: 'a', error: null }],
    ['deeper inside', { id: 'a', licenseAssignmentStates: [{ error: 'None' }] }],
    ['a word', 'error'],
  ])('is none when it is %s', async (_what, body) => {
    const view = stub.open()();
    stub.on('GET /v1.0/a', { body });
    expect(await ask(view, '/a')).toMatchObject({ ok: true });
  });
});
