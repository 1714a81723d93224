import * as z from 'zod';
import type { Cmdlet } from '../../../../src/lib/microsoft365/admin-api';
import type { Read, ReadFailure } from '../../../../src/lib/microsoft365/wire/read';
import {
  base,
  endpoint,
  exchangeError,
  pageLink,
  StubExchange,
  tenantId,
} from '../../../support/stub-exchange';
import { tokens } from '../../../support/stub-graph';

let stub: StubExchange;
beforeEach(() => {
  stub = new StubExchange();
});
afterEach(() => stub.close());

const Row = z.object({ Name: z.string() });
const reading = { what: 'the rows', permission: 'Exchange.ManageAsApp' };
const rows: Cmdlet = { name: 'Get-Rows', parameters: { ResultSize: 'Unlimited' } };
const one = (Identity: string): Cmdlet => ({ name: 'Get-Row', parameters: { Identity } });

const list = (view = stub.open()()) => view.adminApi.list(rows, Row, reading);
const get = (Identity = 'a', view = stub.open()()) => view.adminApi.get(one(Identity), Row, reading);

/** A page with these names, and the link to the next one. */
function page(names: string[], next?: string) {
  const value = names.map((Name) => ({ Name, More: 1 }));
  return {
    body: { '@odata.context': 'x', ...(next === undefined ? {} : { '@odata.nextLink': next }), value },
  };
}
function failure(read: Read<unknown>): ReadFailure {
  if (read.ok) throw new Error('This reading should have failed.');
  return read.failure;
}

describe('a cmdlet', () => {
  it('is posted to the API of the tenant, with a token for Exchange', async () => {
    const credential = tokens('token-1');
    stub.on('Get-Rows', page(['a']));
    expect(await list(stub.open(60_000, credential)())).toEqual({ ok: true, value: [{ Name: 'a' }] });
    expect(stub.sent).toMatchObject([
      {
        ...{ method: 'POST', url: `${base}/InvokeCommand` },
        body: { CmdletInput: { CmdletName: 'Get-Rows', Parameters: { ResultSize: 'Unlimited' } } },
      },
    ]);
    expect(credential.asked).toEqual([[`${endpoint}/.default`, tenantId]]);
  });

  it.each([
    ['authorization', 'Bearer token-1'],
    ['x-anchormailbox', `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`],
    ['prefer', 'odata.maxpagesize=1000'],
    ['x-cmdletname', 'Get-Rows'],
    ['content-type', 'application/json; charset=utf-8'],
    ['accept', 'application/json'],
  ])('carries the header %s', async (name, value) => {
    stub.on('Get-Rows', page([], pageLink('2'))).on('Get-Rows 2', page([]));
    await list();
    expect(stub.sent.map(({ headers }) => headers.get(name))).toEqual([value, value]);
  });

  it('asks only for the properties that are wanted', async () => {
    stub.on('Get-Rows', page([]));
    await stub
      .open()()
      .adminApi.list({ ...rows, select: ['Name', 'Guid'] }, Row, reading);
    expect(stub.sent[0]?.url).toBe(`${base}/InvokeCommand?$select=Name,Guid`);
  });

  it('is sent once per invocation, whoever asks and whenever', async () => {
    const open = stub.open();
    const [first, second] = [open(), open()];
    stub.on('Get-Rows', page(['a']), page(['b']), page(['c']));
    const [one, other] = await Promise.all([list(first), list(second)]);
    expect(other).toBe(one);
    expect(await list(second)).toBe(one);
    expect([first.usage.requests, second.usage.requests]).toEqual([1, 0]);
    await first.adminApi.list({ ...rows, parameters: {} }, Row, reading);
    await first.adminApi.list(rows, z.object({ Name: z.string() }), reading);
    expect(stub.sent).toHaveLength(3);
  });

  it('is remembered when it failed, and forgotten with the invocation', async () => {
    const view = stub.open()();
    stub.on('Get-Rows', exchangeError(403, 'No.'), page([]));
    expect((await list(view)).ok).toBe(false);
    expect((await list(view)).ok).toBe(false);
    expect((await list()).ok).toBe(true);
  });
});

describe('a list', () => {
  it('of more than 200,000 rows is not read on', async () => {
    const value = Array<object>(1000).fill({ Name: 'a' });
    for (let page = 1; page <= 201; page++) {
      const name = page === 1 ? 'Get-Rows' : `Get-Rows ${page}`;
      stub.on(name, { body: { value, '@odata.nextLink': pageLink(String(page + 1)) } });
    }
    expect(
      await stub.open()().adminApi.list({ name: 'Get-Rows', parameters: {} }, Row, reading),
    ).toMatchObject({
      failure: { cause: 'unavailable', message: expect.stringContaining('more than 200,000 rows') as string },
    });
  });

  it('goes on by posting the same again to the next page', async () => {
    stub.on('Get-Rows', page(['a'], pageLink('2')));
    stub.on('Get-Rows 2', page(['b'], pageLink('3'))).on('Get-Rows 3', page(['c']));
    const view = stub.open()();
    expect(await list(view)).toEqual({ ok: true, value: [{ Name: 'a' }, { Name: 'b' }, { Name: 'c' }] });
    expect(stub.sent.map(({ url }) => url)).toEqual([`${base}/InvokeCommand`, pageLink('2'), pageLink('3')]);
    expect(new Set(stub.sent.map(({ method, body }) => JSON.stringify([method, body]))).size).toBe(1);
    expect(view.usage.requests).toBe(3);
  });

  it.each([
    [403, 'permission'],
    [400, 'unavailable'],
    [404, 'unavailable'],
    [501, 'unavailable'],
  ])('is not given in part when a page is answered with %i', async (status, cause) => {
    stub.on('Get-Rows', page(['a'], pageLink('2'))).on('Get-Rows 2', exchangeError(status, 'No.'));
    expect(failure(await list())).toMatchObject({ cause, status });
  });

  it.each([
    ['a row that does not parse', { value: [{ Name: 'b' }, { Name: 7 }] }],
    ['no rows', { rows: [] }],
    ['a link that is no text', { value: [], '@odata.nextLink': 7 }],
    ['nothing', undefined],
    ['text', 'Service is busy.'],
  ])('is malformed when a page has %s', async (_case, body) => {
    stub
      .on('Get-Rows', page(['a'], pageLink('2')))
      .on('Get-Rows 2', { body, headers: { 'request-id': 'r-1' } });
    expect(failure(await list())).toMatchObject({ cause: 'malformed', requestId: 'r-1' });
  });

  it.each([
    'https://evil.test/adminapi/beta/tenant-1/InvokeCommand?$skiptoken=2',
    'http://exchange.test/adminapi/beta/tenant-1/InvokeCommand?$skiptoken=2',
    'https://exchange.test:8443/adminapi/beta/tenant-1/InvokeCommand?$skiptoken=2',
    'https://exchange.test@evil.test/adminapi/beta/tenant-1/InvokeCommand',
    'https://exchange.test.evil.test/adminapi/beta/tenant-1/InvokeCommand',
    'https://exchange.test/adminapi/beta/tenant-2/InvokeCommand?$skiptoken=2',
    'https://exchange.test/adminapi/beta/tenant-1evil/InvokeCommand?$skiptoken=2',
    'https://exchange.test/adminapi/beta/tenant-1/../tenant-2/InvokeCommand?$skiptoken=2',
    'https://exchange.test/adminapi/beta/tenant-1/%2e%2e/tenant-2/InvokeCommand',
    'https://exchange.test/owa/?$skiptoken=2',
    '//evil.test/adminapi/beta/tenant-1/InvokeCommand',
    'InvokeCommand?$skiptoken=2',
    '',
  ])('is malformed, and sends nothing, when its next page is %s', async (link) => {
    stub.on('Get-Rows', page(['a'], link));
    const credential = tokens('token-1');
    expect(failure(await list(stub.open(60_000, credential)()))).toMatchObject({ cause: 'malformed' });
    expect(stub.sent).toHaveLength(1);
    expect(credential.asked).toHaveLength(1);
  });

  it('is malformed when a page leads back to one that was read', async () => {
    stub.on('Get-Rows', page(['a'], pageLink('2'))).on('Get-Rows 2', page(['b'], pageLink('2')));
    expect(failure(await list()).cause).toBe('malformed');
  });

  it('is malformed when it leads back to its first page', async () => {
    stub.on('Get-Rows', page(['a'], `${base}/InvokeCommand`));
    expect(failure(await list()).cause).toBe('malformed');
  });

  it.each([
    exchangeError(400, 'The continuation token has expired.'),
    exchangeError(400, 'Invalid $skiptoken.'),
    exchangeError(410, 'Gone.'),
  ])('starts over when its link has expired (%#)', async (expired) => {
    stub.on('Get-Rows', page(['a'], pageLink('2')), page(['b'], pageLink('3')));
    stub.on('Get-Rows 2', expired).on('Get-Rows 3', page(['c']));
    expect(await list()).toEqual({ ok: true, value: [{ Name: 'b' }, { Name: 'c' }] });
  });

  it('is given up when its link expires twice', async () => {
    const expired = exchangeError(400, 'The continuation token has expired.');
    stub.on('Get-Rows', page(['a'], pageLink('2')), page(['a'], pageLink('2')));
    stub.on('Get-Rows 2', expired, expired);
    const { cause, message } = failure(await list());
    expect(cause).toBe('unavailable');
    expect(message).toContain('expired twice');
  });

  it('has no link that could expire before the first page', async () => {
    stub.on('Get-Rows', exchangeError(400, 'Your password has expired.'));
    expect(failure(await list())).toMatchObject({ cause: 'unavailable', status: 400 });
  });
});

describe('one object', () => {
  it('is the only row', async () => {
    stub.on('Get-Row a', page(['a']));
    expect(await get()).toEqual({ ok: true, value: { Name: 'a' } });
  });

  it('does not exist when there is no row', async () => {
    stub.on('Get-Row a', page([]));
    expect(failure(await get()).cause).toBe('notFound');
  });

  it('is malformed when there are several rows', async () => {
    stub.on('Get-Row a', page(['a', 'b']));
    expect(failure(await get())).toMatchObject({
      ...{ cause: 'malformed', message: expect.stringContaining('2 rows for one') as string },
    });
  });

  it('is malformed when there are several rows on several pages', async () => {
    stub.on('Get-Row a', page(['a'], pageLink('2'))).on('Get-Row a 2', page(['b']));
    expect(failure(await get()).cause).toBe('malformed');
  });
});
