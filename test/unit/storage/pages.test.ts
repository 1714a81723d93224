import { TableClient } from '@azure/data-tables';
import { InputError } from '../../../src/lib/errors';
import { largestPage, readAll, readPage } from '../../../src/lib/storage/pages';

interface Answer {
  /** 200 unless told. */
  status?: number;
  keys: string[];
  /** Next partition and row. */
  next?: [string, string?];
}
type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof TableClient>[2]>['httpClient']>;

/** A table of the real SDK that gets these answers in turn, and what it was asked. */
function tableOf(...answers: Answer[]) {
  const asked: URLSearchParams[] = [];
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      asked.push(new URL(request.url).searchParams);
      const { status = 200, keys, next } = answers.shift() ?? { keys: ['not expected'] };
      const headers = request.headers.constructor;
      const given = new (headers as new () => typeof request.headers)();
      given.set('content-type', 'application/json;odata=minimalmetadata');
      if (next !== undefined) given.set('x-ms-continuation-NextPartitionKey', next[0]);
      if (next?.[1] !== undefined) given.set('x-ms-continuation-NextRowKey', next[1]);
      const value = keys.map((RowKey) => ({ PartitionKey: 'p', RowKey }));
      return Promise.resolve({
        request,
        status,
        headers: given,
        bodyAsText: JSON.stringify({ value }),
      });
    },
  };
  const table = new TableClient('https://account.table.core.windows.net', 'things', { httpClient });
  return { table, asked };
}

const read = (table: TableClient, limit: number, continuation?: string) =>
  readPage(table, { filter: "PartitionKey eq 'p'" }, { limit, continuation }, ({ rowKey }) => rowKey);

describe('a page', () => {
  it('is all there is when there is no more', async () => {
    const { table, asked } = tableOf({ keys: ['a', 'b'] });
    expect(await read(table, 10)).toEqual({ items: ['a', 'b'] });
    expect(asked[0]?.get('$filter')).toBe("PartitionKey eq 'p'");
    expect(asked[0]?.get('$top')).toBe('10');
  });

  it('may be empty at the end', async () => {
    expect(await read(tableOf({ keys: [] }).table, 10)).toEqual({ items: [] });
  });

  it('asks for no more rows than the service gives at once', async () => {
    const { table, asked } = tableOf({ keys: [] });
    await read(table, 5_000);
    expect(asked[0]?.get('$top')).toBe(String(largestPage));
  });

  it('says how to go on, in letters that need no escaping, and goes on there', async () => {
    const next: [string, string] = ['1!8!cA--', '1!12!YT9iPj8-'];
    const { table, asked } = tableOf({ keys: ['a'], next }, { keys: ['b'] });
    const { items, continuation } = await read(table, 1);
    expect(items).toEqual(['a']);
    expect(continuation).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(await read(table, 1, continuation)).toEqual({ items: ['b'] });
    expect([asked[1]?.get('NextPartitionKey'), asked[1]?.get('NextRowKey')]).toEqual(next);
    expect(asked).toHaveLength(2);
  });

  it('skips pages that are empty though there is more', async () => {
    const { table, asked } = tableOf(
      { keys: [], next: ['p1', 'r1'] },
      { keys: [], next: ['p2'] },
      { keys: ['a'], next: ['p3'] },
    );
    const { items, continuation } = await read(table, 1);
    expect(items).toEqual(['a']);
    expect(continuation).toBeDefined();
    expect(asked.map((query) => query.get('NextPartitionKey'))).toEqual([null, 'p1', 'p2']);
  });

  it('is the last one when only empty pages are left', async () => {
    const { table } = tableOf({ keys: [], next: ['p1'] }, { keys: [] });
    expect(await read(table, 1)).toEqual({ items: [] });
  });
});

describe('a continuation', () => {
  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['nothing', ''],
    ['a word', 'next'],
    ['other letters', '!"§$%&/()=?'],
    ['a path', '../../etc'],
    ['cut off', token({ nextPartitionKey: 'p' }).slice(0, -4)],
    ['JSON of another shape', token({ page: 2 })],
    ['a list', token(['p', 'r'])],
    ['a number', token(7)],
    ['null', token(null)],
    ['a text', token('nextPartitionKey')],
    ['a partition that is no text', token({ nextPartitionKey: 7 })],
    ['a row that is no text', token({ nextPartitionKey: 'p', nextRowKey: {} })],
    ['more than a place', token({ nextPartitionKey: 'p', filter: '' })],
    ['half of a character', token({ nextPartitionKey: '\ud800' })],
    ['half of a character in the row', token({ nextPartitionKey: 'p', nextRowKey: 'r\udfff' })],
    ['a letter that no key has', token({ nextPartitionKey: 'ü' })],
    ['a control character', token({ nextPartitionKey: 'p', nextRowKey: '\u0000' })],
    ['an empty place', token({ nextPartitionKey: '', nextRowKey: '' })],
    ['letters that do not belong', `${token({ nextPartitionKey: 'p' })}$`],
    [
      'base64 of the other kind',
      Buffer.from(JSON.stringify({ nextPartitionKey: 'p??>' })).toString('base64'),
    ],
    ['no UTF-8', Buffer.from('{"nextPartitionKey":"\xff"}', 'latin1').toString('base64url')],
  ])('that is %s is bad input, and asks nothing', async (_case, continuation) => {
    const { table, asked } = tableOf();
    const page = read(table, 10, continuation);
    await expect(page).rejects.toThrow(InputError);
    await expect(page).rejects.toMatchObject({ errors: [{ path: 'continuation' }] });
    expect(asked).toEqual([]);
  });

  it('that the service can make nothing of is bad input as well', async () => {
    const { table } = tableOf({ status: 400, keys: [] });
    await expect(read(table, 10, token({ nextPartitionKey: 'nowhere' }))).rejects.toMatchObject({
      errors: [{ path: 'continuation' }],
    });
  });

  it.each([
    ['without one', 400, undefined],
    ['of another kind', 403, token({ nextPartitionKey: 'p' })],
  ])('is not to blame for a failure %s', async (_case, status, continuation) => {
    const { table } = tableOf({ status, keys: [] });
    await expect(read(table, 10, continuation)).rejects.toMatchObject({ statusCode: status });
  });
});

describe('a page of what the service cannot be asked for', () => {
  const wanted = (table: TableClient) =>
    readPage(
      table,
      {},
      { limit: 2 },
      ({ rowKey = '' }) => rowKey,
      (key) => key.startsWith('b'),
    );

  it('leaves out the rest, and skips pages on which nothing is wanted', async () => {
    const answers: Answer[] = [
      { keys: ['a1', 'a2'], next: ['p', 'x'] },
      { keys: ['a3', 'b1'], next: ['p', 'y'] },
    ];
    const { table, asked } = tableOf(...answers);
    const page = await wanted(table);
    expect(page.items).toEqual(['b1']);
    expect(asked).toHaveLength(2);
    expect(page.continuation).toBeDefined();
  });

  it('is empty when there is none to the end', async () => {
    const { table } = tableOf({ keys: ['a1'], next: ['p', 'x'] }, { keys: ['a2'] });
    expect(await wanted(table)).toEqual({ items: [] });
  });
});

describe('a whole list', () => {
  it('goes on to its end, however short its pages are', async () => {
    const { table, asked } = tableOf({ keys: ['a'], next: ['p', 'x'] }, { keys: ['b', 'c'] });
    const { items: keys } = await readAll((request) => readPage(table, {}, request, ({ rowKey }) => rowKey));
    expect(keys).toEqual(['a', 'b', 'c']);
    expect(asked.map((query) => query.get('$top'))).toEqual(['1000', '1000']);
  });
});
