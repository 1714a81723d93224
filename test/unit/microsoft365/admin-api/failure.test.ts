import * as z from 'zod';
import type { Cmdlet } from '../../../../src/lib/microsoft365/admin-api';
import type { Read, ReadFailure } from '../../../../src/lib/microsoft365/wire/read';
import { base, exchangeError, pageLink, StubExchange } from '../../../support/stub-exchange';
import { type Answer, graphError, tokens } from '../../../support/stub-graph';

let stub: StubExchange;
beforeEach(() => {
  stub = new StubExchange();
});
afterEach(() => stub.close());

type View = ReturnType<ReturnType<StubExchange['open']>>;

const Row = z.object({ Name: z.string() });
const reading = { what: 'the rows', permission: 'Exchange.ManageAsApp' };
const cmdlet = (Identity: string): Cmdlet => ({ name: 'Get-Row', parameters: { Identity } });
const get = (view = stub.open()()) => view.adminApi.get(cmdlet('a'), Row, reading);
const getEach = (identities: string[], view: View = stub.open()()) =>
  view.adminApi.getEach(identities.map(cmdlet), Row, reading);

const row = (Name: string): Answer => ({ body: { value: [{ Name }] } });
const gone = "Ex6F9304|Microsoft.Exchange.ManagementObjectNotFoundException|Object 'a' couldn't be found.";
const inWords = "The operation couldn't be performed because object 'a' couldn't be found on 'DC01'.";
const busy = (seconds?: number) =>
  exchangeError(429, 'Too many.', seconds === undefined ? {} : { 'Retry-After': String(seconds) });

function failure(read: Read<unknown> | undefined): ReadFailure {
  if (read?.ok !== false) throw new Error('This reading should have failed.');
  return read.failure;
}
const outcomes = (reads: Read<{ Name: string }>[]) =>
  reads.map((read) => (read.ok ? read.value.Name : read.failure.cause));

/** An error whose words stand in one of the places where Exchange puts them. */
const details = (message: string): unknown => ({
  error: { code: 'X', message: 'Error.', details: [{ message }] },
});
const inner = (message: string): unknown => ({
  error: { code: 'X', message: 'Error.', innererror: { internalexception: { message } } },
});
const innerMixed = (message: string): unknown => ({
  error: { code: 'X', message: 'Error.', innerError: { internalException: { message } } },
});
const plain = (message: string): unknown => ({ error: { code: 'X', message } });

describe('what Exchange does not find', () => {
  it.each([400, 404])('is a fact about the tenant, answered with %i', async (status) => {
    for (const body of [details(gone), inner(gone), innerMixed(gone), plain(gone), details(inWords)]) {
      stub.on('Get-Row a', { status, body });
      expect(failure(await get())).toMatchObject({ cause: 'notFound', status });
    }
  });

  it.each([
    ['a 404 without a word', { status: 404 }],
    ['a 404 of something in between', { status: 404, body: '<html>Not here</html>' }],
    ['a 404 for another reason', exchangeError(404, "There is no resource '/InvokeComand'.")],
    ['a 400 for another reason', exchangeError(400, 'A parameter cannot be bound.')],
  ])('is not %s', async (_case, answer) => {
    stub.on('Get-Row a', answer);
    expect(failure(await get()).cause).toBe('unavailable');
  });

  it.each([
    ['unavailable', 401],
    ['permission', 403],
    ['throttled', 429],
    ['unavailable', 500],
    ['unavailable', 503],
  ])('is not what a failure of the service itself could not find: %s, %i', async (cause, status) => {
    const answer = exchangeError(status, "The server for the mailbox couldn't be found.");
    // After a 401 a new token is tried.
    stub.on('Get-Row a', ...Array<Answer>(status === 401 ? 2 : 1).fill(answer));
    expect(failure(await get(stub.open(400)())).cause).toBe(cause);
  });
});

describe('a refusal', () => {
  it('is a matter of permission, with the reason of the header when the body is padding', async () => {
    const reason = 'The role assigned to application is not supported in this scenario.';
    stub.on('Get-Row a', {
      ...{ status: 403, body: '\0'.repeat(64) },
      headers: { 'x-ms-diagnostics': reason, 'request-id': 'r-1' },
    });
    const view = stub.open()();
    const found = failure(await get(view));
    expect(found).toMatchObject({ cause: 'permission', permission: reading.permission, requestId: 'r-1' });
    expect(found.message).toContain(reason);
    expect(found.message).toContain('Global Reader');
    expect(view.usage).toEqual({ requests: 1, requestIds: ['r-1'] });
  });

  describe('that is 401', () => {
    const refused: Answer = { status: 401, body: '' };
    const used = () => stub.sent.map(({ headers }) => headers.get('authorization'));
    const open = () => stub.open(120_000, tokens('token-1', 'token-2'))();

    it('is a matter of the token: a new one is asked for, once', async () => {
      stub.on('Get-Row a', refused, row('a'));
      expect(await get(open())).toMatchObject({ ok: true, value: { Name: 'a' } });
      expect(used()).toEqual(['Bearer token-1', 'Bearer token-2']);
      expect(stub.timers.waits).toEqual([]);
    });

    it('may be a role that has not spread yet, and is no missing permission', async () => {
      stub.on('Get-Row a', refused, refused).on('Get-Row b', refused);
      const view = open();
      const { cause, message, permission } = failure(await get(view));
      expect([cause, permission]).toEqual(['unavailable', undefined]);
      expect(message).toMatch(
        /15 to 60 minutes.* after Exchange\.ManageAsApp or a role in Exchange was granted/,
      );
      expect(failure(await view.adminApi.get(cmdlet('b'), Row, reading)).cause).toBe('unavailable');
      expect(stub.sent).toHaveLength(3);
    });

    it('inside a batch makes that part alone be asked again', async () => {
      stub
        .on('Get-Row a', row('a'))
        .on('Get-Row b', refused, row('b'))
        .on('Get-Row c', exchangeError(403, 'No.'));
      expect(outcomes(await getEach(['a', 'b', 'c'], open()))).toEqual(['a', 'b', 'permission']);
      expect(stub.batches.map((parts) => parts.length)).toEqual([3, 1]);
      expect(used()).toEqual(['Bearer token-1', 'Bearer token-2']);
    });
  });

  it('beside rows makes them malformed, alone and in a batch', async () => {
    const spoiled = { body: { value: [{ Name: 'a' }], error: { code: 'X', message: 'Broken off.' } } };
    stub.on('Get-Row a', spoiled, spoiled).on('Get-Row b', row('b'));
    expect(failure(await get())).toMatchObject({ cause: 'malformed', status: 200, code: 'X' });
    expect(outcomes(await getEach(['a', 'b']))).toEqual(['malformed', 'b']);
  });

  it('of the identity sends nothing, and is not tried again', async () => {
    const credential = { getToken: () => Promise.reject(new Error('AADSTS7000215: Invalid secret.')) };
    expect(failure(await get(stub.open(60_000, credential)()))).toMatchObject({ cause: 'permission' });
    expect(stub.sent).toEqual([]);
    expect(stub.timers.waits).toEqual([]);
  });

  it('says why in one line of bearable length', async () => {
    stub.on('Get-Row a', {
      status: 400,
      body: plain(`One\r\ntwo\0\0three\u001b[31m\u0085${'x'.repeat(999)}`),
    });
    const { message } = failure(await get());
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message).toContain('(One two three');
    expect(message.length).toBeLessThan(400);
  });

  it.each([details('Why.'), inner('Why.'), innerMixed('Why.'), plain('Why.')])(
    'says why, wherever that stands: %j',
    async (body) => {
      stub.on('Get-Row a', { status: 400, body });
      expect(failure(await get()).message).toBe('Could not read the rows: Exchange answered 400 (Why.).');
    },
  );

  it('is not taken for a list when it is a redirect', async () => {
    stub.on('Get-Row a', { status: 302, headers: { location: 'https://evil.test/' } });
    expect(failure(await get())).toMatchObject({ cause: 'unavailable', status: 302 });
    expect(stub.sent).toHaveLength(1);
  });
});

describe('trying again', () => {
  it.each([429, 500, 502, 503, 504])('is done after %i', async (status) => {
    stub.on('Get-Row a', exchangeError(status, 'Busy.'), row('a'));
    const view = stub.open()();
    expect(await get(view)).toMatchObject({ ok: true });
    expect(view.usage.requests).toBe(2);
    expect(stub.timers.waits).toEqual([500]);
  });

  it('is done after a broken connection, and for the page that broke alone', async () => {
    const next = { body: { value: [{ Name: 'a' }], '@odata.nextLink': pageLink('2') } };
    stub.on('Get-Rows', next).on('Get-Rows 2', new Error('ECONNRESET'), { body: { value: [] } });
    const rows = { name: 'Get-Rows', parameters: {} };
    expect(await stub.open()().adminApi.list(rows, Row, reading)).toMatchObject({ ok: true });
    expect(stub.requests).toEqual(['Get-Rows', 'Get-Rows 2', 'Get-Rows 2']);
  });

  it('waits as long as Retry-After says', async () => {
    stub.on('Get-Row a', busy(40), row('a'));
    await get();
    expect(stub.timers.waits).toEqual([40_000]);
  });

  it('ends within the budget, as throttled, and says so', async () => {
    stub.on('Get-Row a', busy(60));
    const { cause, message } = failure(await get(stub.open(60_000)()));
    expect(cause).toBe('throttled');
    expect(message).toContain('Given up within the 60 s of one audit.');
    stub.on('Get-Row a', ...Array<Answer>(5).fill(exchangeError(503, 'Busy.')));
    expect(failure(await get(stub.open(10_000)())).cause).toBe('unavailable');
    expect(stub.timers.waits).toEqual([500, 1_000, 2_000, 4_000]);
  });
});

describe('a batch of cmdlets', () => {
  it('carries each with the headers of a request of its own', async () => {
    stub.on('Get-Row a', row('a')).on('Get-Row b', row('b'));
    expect(outcomes(await getEach(['a', 'b']))).toEqual(['a', 'b']);
    expect(stub.sent[0]).toMatchObject({ method: 'POST', url: `${base}/$batch` });
    expect(stub.sent[0]?.headers.get('x-anchormailbox')).toContain('SystemMailbox');
    expect(stub.batches[0]).toMatchObject([
      {
        ...{ id: '0', method: 'POST', url: `${base}/InvokeCommand` },
        headers: {
          'X-AnchorMailbox': expect.stringContaining('SystemMailbox') as string,
          'Content-Type': 'application/json; charset=utf-8',
        },
        body: { CmdletInput: { CmdletName: 'Get-Row', Parameters: { Identity: 'a' } } },
      },
      { id: '1' },
    ]);
    expect(JSON.stringify(stub.batches)).not.toContain('token-1');
  });

  it('is judged part by part, and only what failed is asked again', async () => {
    stub.on('Get-Row fine', row('fine')).on('Get-Row denied', exchangeError(403, 'No.'));
    stub.on('Get-Row gone', exchangeError(404, gone)).on('Get-Row none', { body: { value: [] } });
    stub.on('Get-Row two', { body: { value: [{ Name: 'x' }, { Name: 'y' }] } });
    stub.on('Get-Row odd', { body: { value: [{ Name: 7 }] } }).on('Get-Row bare', { body: { rows: [] } });
    stub
      .on('Get-Row busy', busy(3), row('busy'))
      .on('Get-Row broken', exchangeError(500, 'Oh.'), row('mended'));
    const view = stub.open()();
    const reads = await getEach(
      ['fine', 'denied', 'gone', 'none', 'two', 'odd', 'bare', 'busy', 'broken'],
      view,
    );
    expect(outcomes(reads)).toEqual([
      ...[
        'fine',
        'permission',
        'notFound',
        'notFound',
        'malformed',
        'malformed',
        'malformed',
        'busy',
        'mended',
      ],
    ]);
    expect(stub.batches.map((parts) => parts.length)).toEqual([9, 2]);
    expect(stub.timers.waits).toEqual([3_000]);
    expect(view.usage.requests).toBe(2);
  });

  it.each([
    ['throttled as a whole', busy(2), 2_000],
    ['broken off', new Error('ECONNRESET'), 500],
    ['answered with nonsense', { body: 'nonsense' }, 500],
    ['answered for nobody', { body: { responses: [] } }, 500],
  ])('is asked again as a whole when it was %s', async (_case, answer, wait) => {
    stub.on('$batch', answer).on('Get-Row a', row('a')).on('Get-Row b', row('b'));
    expect(outcomes(await getEach(['a', 'b']))).toEqual(['a', 'b']);
    expect(stub.timers.waits).toEqual([wait]);
  });

  it('whose token is not taken is asked again as a whole, once', async () => {
    stub.on('$batch', { status: 401 }, { status: 401 });
    expect(outcomes(await getEach(['a', 'b']))).toEqual(['unavailable', 'unavailable']);
  });

  it.each([
    [403, 'permission'],
    [400, 'unavailable'],
    [404, 'unavailable'],
  ])('that is refused with %i fails in every part', async (status, cause) => {
    stub.on('$batch', graphError(status, 'ManagementObjectNotFound'));
    expect(outcomes(await getEach(['a', 'b']))).toEqual([cause, cause]);
  });

  it('never takes a missing part for an empty answer', async () => {
    const responses = [{ id: '0', status: 200, body: { value: [{ Name: 'a' }] } }];
    stub.on('$batch', { body: { responses } });
    expect(outcomes(await getEach(['a', 'b'], stub.open(400)()))).toEqual(['a', 'unavailable']);
  });

  it('holds ten cmdlets at the most', async () => {
    await expect(getEach(Array.from({ length: 11 }, (_, index) => String(index)))).rejects.toThrow(
      RangeError,
    );
    expect(await getEach([])).toEqual([]);
    expect(stub.sent).toEqual([]);
  });
});
