import { TableClient } from '@azure/data-tables';
import type { ResourceRow } from '../../../src/lib/model/verdict';
import type { Page } from '../../../src/lib/storage/pages';
import { numbered, row, TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
}, 30_000);
afterAll(() => storage.stop());

const replace = (rows: readonly ResourceRow[], targetId = 'a', control = 'rooms') =>
  storage.resources.replace(targetId, control, rows);

const page = (options: { verdict?: ResourceRow['verdict']; limit?: number; continuation?: string } = {}) =>
  storage.resources.page('a', 'rooms', options.verdict, { limit: 1000, ...options });

async function rowsOf(targetId = 'a', control = 'rooms'): Promise<ResourceRow[]> {
  return (await storage.resources.page(targetId, control, undefined, { limit: 1000 })).items;
}

const addresses = async (targetId?: string, control?: string) =>
  (await rowsOf(targetId, control)).map(({ resource }) => resource);

/** All pages, one after the other. */
async function pages(verdict?: ResourceRow['verdict']): Promise<Page<ResourceRow>[]> {
  const read: Page<ResourceRow>[] = [];
  for (let continuation: string | undefined = ''; continuation !== undefined;) {
    const chosen = verdict === undefined ? {} : { verdict };
    const next: Page<ResourceRow> = await page(continuation === '' ? chosen : { ...chosen, continuation });
    read.push(next);
    continuation = next.continuation;
  }
  return read;
}

/** Notes how many changes each transaction makes, and how long they are; `before` runs ahead of each one. */
function watchTransactions(before: () => Promise<unknown> = () => Promise.resolve()) {
  const transactions: { changes: number; bytes: number }[] = [];
  const submit: unknown = Reflect.get(TableClient.prototype, 'submitTransaction');
  jest.spyOn(TableClient.prototype, 'submitTransaction').mockImplementation(async function (
    this: TableClient,
    actions,
    options,
  ) {
    transactions.push({ changes: actions.length, bytes: Buffer.byteLength(JSON.stringify(actions)) });
    await before();
    return (submit as TableClient['submitTransaction']).call(this, actions, options);
  });
  return transactions;
}

describe('rows', () => {
  it('come back as they were put, in the order of their addresses', async () => {
    const full = row('b@contoso.com', {
      kind: 'mailbox',
      displayName: 'Größe "B"\n🏢',
      verdict: 'nonCompliant',
      codes: ['rooms.a', 'rooms.b,c'],
      path: 'ApplicationImpersonation',
      scope: "Rooms of O'Hara",
      detail: 'It is reached, and must not be.',
    });
    const bare = row('a@contoso.com', { displayName: '', codes: [] });
    await replace([full, bare]);
    expect(await rowsOf()).toEqual([bare, full]);
  });

  it.each([
    'a/b@contoso.com',
    'a\\b',
    'a#b?c%',
    "o'hara@contoso.com",
    'ä🏢',
    '',
    `${'x'.repeat(1000)}@contoso.com`,
  ])('are kept under any address: %s', async (resource) => {
    expect(await replace([row(resource)])).toBe(1);
    expect(await rowsOf()).toEqual([row(resource)]);
    expect(await replace([row(resource)])).toBe(0);
    expect(await replace([])).toBe(1);
    expect(await rowsOf()).toEqual([]);
  });

  it('with addresses longer than a key are told apart', async () => {
    const long = 'x'.repeat(1000);
    await replace([row(`${long}a`), row(`${long}b`)]);
    expect(await addresses()).toHaveLength(2);
  });

  it('keep addresses in lower case', async () => {
    await replace([row('Room@Contoso.com', { displayName: 'Room' })]);
    expect(await addresses()).toEqual(['room@contoso.com']);
    expect(await replace([row('room@CONTOSO.com', { displayName: 'Room' })])).toBe(0);
  });

  it('keep 2,000 characters of a text, and no half of a character', async () => {
    const long = `${'x'.repeat(1998)}🏢🏢`;
    await replace([row('a', { displayName: long, path: long, scope: long, detail: long })]);
    const short = `${'x'.repeat(1998)}…`;
    expect(await rowsOf()).toMatchObject([{ displayName: short, path: short, scope: short, detail: short }]);
  });

  it.each([
    ['rooms', 'a|b', 'a'],
    ['b|rooms', 'a', 'a|b'],
    ['rooms', 'a/rooms', 'a'],
    ['rooms', `${'x'.repeat(600)}1`, `${'x'.repeat(600)}2`],
  ])('of one finding are none of another: %s of %s', async (control, targetId, other) => {
    await replace([row('mine')], targetId, control);
    await replace([row('theirs')], other, 'rooms');
    expect(await addresses(targetId, control)).toEqual(['mine']);
    expect(await addresses(other)).toEqual(['theirs']);
  });

  it('are unknown with the cause where they cannot be understood', async () => {
    await replace([row('a')]);
    const table = await storage.table('SyncwardenResources');
    await table.updateEntity({ partitionKey: 'a|rooms', rowKey: 'a', row: '{"resource":"a"}' }, 'Merge');
    const [found] = await rowsOf();
    expect(found).toMatchObject({ resource: 'a', verdict: 'unknown' });
    expect(found?.detail).toContain('The row of a cannot be read: row.kind');
  });
});

describe('replacing rows', () => {
  const rooms = numbered(5);

  it('writes those that are new or have changed, and deletes those that are gone', async () => {
    expect(await storage.writesOf(() => replace(rooms))).toBe(5);
    const [first, second, , ...others] = rooms as [ResourceRow, ResourceRow, ...ResourceRow[]];
    const changed = { ...second, detail: 'Its policy has changed.' };
    const next = [...others, row('new@contoso.com'), changed, first];
    expect(await storage.writesOf(async () => expect(await replace(next)).toBe(3))).toBe(3);
    expect(await rowsOf()).toEqual([row('new@contoso.com'), first, changed, ...others]);
  });

  it('writes nothing when nothing has changed, whatever their order and that of their codes', async () => {
    const codes = (...of: string[]) => row('x@contoso.com', { codes: of });
    await replace([...rooms, codes('rooms.a', 'rooms.b')]);
    const again = [codes('rooms.b', 'rooms.a', 'rooms.b'), ...rooms.toReversed()];
    expect(await storage.writesOf(async () => expect(await replace(again)).toBe(0))).toBe(0);
  });

  it.each<Partial<ResourceRow>>([
    { kind: 'mailbox' },
    { displayName: 'Other' },
    { verdict: 'unknown' },
    { codes: ['rooms.other'] },
    { path: 'Other' },
    { scope: 'Other' },
    { detail: 'Other' },
  ])('sees %j', async (change) => {
    await replace([row('a')]);
    expect(await replace([{ ...row('a'), ...change }])).toBe(1);
    expect(await rowsOf()).toEqual([{ ...row('a'), ...change }]);
    expect(await replace([row('a')])).toBe(1);
    expect(await rowsOf()).toEqual([row('a')]);
  });

  it('keeps the worst of several rows about one resource, in whatever order they come', async () => {
    const verdicts = ['notApplicable', 'nonCompliant', 'compliant', 'unknown'] as const;
    const same = verdicts.map((verdict) => row('A@contoso.com', { verdict }));
    expect(await replace(same)).toBe(1);
    expect(await rowsOf()).toMatchObject([{ resource: 'a@contoso.com', verdict: 'nonCompliant' }]);
    expect(await replace(same.toReversed())).toBe(0);
    const scopes = ['x', 'y', 'z'].map((scope) => row('a@contoso.com', { scope }));
    await replace(scopes);
    expect(await replace(scopes.toReversed())).toBe(0);
  });

  it('goes on where a run that ended in the middle left off', async () => {
    const many = numbered(350);
    let transactions = 0;
    watchTransactions(() => {
      if (++transactions === 2) return Promise.reject(new Error('The process has ended.'));
      return Promise.resolve();
    });
    await expect(replace(many)).rejects.toThrow('The process has ended.');
    jest.restoreAllMocks();
    const kept = (await rowsOf()).length;
    expect(kept).toBeLessThan(350);
    expect(await replace(many)).toBe(350 - kept);
    expect(await rowsOf()).toEqual(many);
  });

  it('begins no further transaction when one fails, and lets the others end first', async () => {
    const refused = Object.assign(new Error('The account is full.'), { statusCode: 507 });
    let [begun, underway] = [0, 0];
    jest.spyOn(TableClient.prototype, 'submitTransaction').mockImplementation(async () => {
      if (++begun === 1) throw refused;
      underway++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      underway--;
      return { status: 202, subResponses: [], getResponseForEntity: () => undefined };
    });
    await expect(replace(numbered(2_000))).rejects.toBe(refused);
    expect([begun, underway]).toEqual([4, 0]);
  });

  it('takes a row that someone else deleted meanwhile for gone', async () => {
    await replace(rooms);
    const table = await storage.table('SyncwardenResources');
    watchTransactions(async () => {
      await table.deleteEntity('a|rooms', 'room-00001=40contoso.com');
    });
    expect(await replace([row('new@contoso.com'), ...rooms.slice(3)])).toBe(4);
    expect(await addresses()).toEqual([
      'new@contoso.com',
      'room-00003@contoso.com',
      'room-00004@contoso.com',
    ]);
  });

  it('overwrites a row that someone else made or changed meanwhile', async () => {
    await replace(rooms);
    const changed = rooms.map((room) => ({ ...room, detail: 'mine' }));
    const mine = [row('new@contoso.com', { detail: 'mine' }), ...changed];
    let once = false;
    watchTransactions(async () => {
      if (once) return;
      once = true;
      await replace(mine.map((room) => ({ ...room, detail: 'theirs' })));
    });
    await replace(mine);
    expect(await rowsOf()).toEqual(mine);
  });
});

describe('a transaction', () => {
  it('holds at most a hundred rows', async () => {
    const transactions = watchTransactions();
    const many = numbered(250);
    expect(await storage.writesOf(() => replace(many))).toBe(250);
    expect(transactions.map(({ changes }) => changes)).toEqual([100, 100, 50]);
    expect(await storage.writesOf(() => replace([]))).toBe(250);
  });

  it('stays below 4 MiB, however long its rows', async () => {
    const transactions = watchTransactions();
    // Escaped twice, in the row and in the request: four characters for each one.
    const long = '"\\'.repeat(1_000);
    const codes = Array.from({ length: 20 }, (_code, number) => `rooms.${number}${long}`);
    await replace(numbered(50).map((room) => ({ ...room, path: long, scope: long, codes })));
    const bytes = transactions.map((transaction) => transaction.bytes);
    expect(bytes.reduce((sum, one) => sum + one)).toBeGreaterThan(2 * 4 * 1024 * 1024);
    expect(Math.max(...bytes)).toBeLessThan(4 * 1024 * 1024);
    expect(await addresses()).toHaveLength(50);
  });

  it('is counted by its changes, whatever their texts look like', async () => {
    const detail = 'First line\r\nDELETE http://127.0.0.1/room HTTP/1.1\r\n';
    expect(await storage.writesOf(() => replace([row('a', { detail }), row('b', { detail })]))).toBe(2);
  });
});

describe('many rows', () => {
  it('come in pages of 1,000, and by verdict', async () => {
    const many = numbered(2_500).map((room, index): ResourceRow =>
      index % 2 === 0 ? room : { ...room, verdict: 'nonCompliant', codes: ['rooms.denied'] },
    );
    expect(await storage.writesOf(() => replace(many))).toBe(2_500);
    const read = await pages();
    expect(read.map(({ items }) => items.length)).toEqual([1000, 1000, 500]);
    expect(read.flatMap(({ items }) => items)).toEqual(many);
    const wrong = await pages('nonCompliant');
    expect(wrong.flatMap(({ items }) => items)).toEqual(
      many.filter(({ verdict }) => verdict === 'nonCompliant'),
    );
    expect((await pages('unknown')).flatMap(({ items }) => items)).toEqual([]);
    // Reads three pages to compare, and writes one row.
    const [first, ...others] = many as [ResourceRow, ...ResourceRow[]];
    const requests = () => replace([{ ...first, detail: 'It is new.' }, ...others]);
    expect(await storage.requestsOf(requests)).toBe(4);
  }, 60_000);
});

describe('deleted rows', () => {
  beforeEach(async () => {
    for (const targetId of ['a', 'a-1', 'ab', 'b'])
      for (const control of ['rooms', 'ews-access']) await replace(numbered(3), targetId, control);
  });

  it('are those of one finding', async () => {
    expect(await storage.writesOf(() => storage.resources.deleteAll('a', 'rooms'))).toBe(3);
    expect(await addresses('a', 'rooms')).toEqual([]);
    expect(await addresses('a', 'ews-access')).toHaveLength(3);
  });

  it('are those of a target, and of none of its neighbours', async () => {
    expect(await storage.writesOf(() => storage.resources.deleteAll('a'))).toBe(6);
    for (const control of ['rooms', 'ews-access']) {
      expect(await addresses('a', control)).toEqual([]);
      for (const other of ['a-1', 'ab', 'b']) expect(await addresses(other, control)).toHaveLength(3);
    }
    await storage.resources.deleteAll('a');
  });
});
