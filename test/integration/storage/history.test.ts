import { TableClient } from '@azure/data-tables';
import type { Transition } from '../../../src/lib/model/finding';
import type { ControlId } from '../../../src/lib/model/verdict';
import type { HistoryFilter } from '../../../src/lib/storage/history-rows';
import { removeOldHistory } from '../../../src/lib/watch/retention';
import { at, TestStorage, violation } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
});
afterAll(() => storage.stop());

function transition(
  targetId: string,
  control: ControlId,
  hours: number,
  more: Partial<Transition> = {},
): Transition {
  return {
    transitionId: `${targetId} ${control} ${hours}`,
    targetId,
    tenantId: 'tenant',
    control,
    severity: 'high',
    previousVerdict: 'compliant',
    verdict: 'nonCompliant',
    waived: false,
    resumed: false,
    summary: 'It is wrong.',
    reasons: [violation('x.y', { resource: 'a/b', actual: 'c' })],
    codes: ['x.y'],
    at: at(hours).toISOString(),
    runId: 'run',
    ...more,
  };
}

/** All that an iterator gives. */
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function add(...transitions: Transition[]): Promise<void> {
  for (const each of transitions) await storage.history.add(each);
}

async function ids(targetId: string, control?: ControlId): Promise<string[]> {
  const { items } = await storage.history.page(targetId, { control }, { limit: 1000 });
  return items.map(({ transitionId }) => transitionId);
}

const fail = () => {
  throw new Error('All of them can be understood.');
};

describe('history', () => {
  it('comes back as it was kept', async () => {
    const first = transition('a', 'license', 1, { previousVerdict: null });
    await add(first);
    expect((await storage.history.page('a', undefined, { limit: 10 })).items).toEqual([first]);
  });

  it('comes newest first, of one target, and of one control where that is asked', async () => {
    await add(transition('a', 'license', 2), transition('a', 'account', 3), transition('a', 'license', 1));
    await add(transition('b', 'license', 4));
    expect(await ids('a')).toEqual(['a account 3', 'a license 2', 'a license 1']);
    expect(await ids('a', 'license')).toEqual(['a license 2', 'a license 1']);
    expect(await ids('c')).toEqual([]);
  });

  it('keeps transitions of several controls at the same moment', async () => {
    await add(transition('a', 'license', 1), transition('a', 'account', 1));
    expect((await ids('a')).sort()).toEqual(['a account 1', 'a license 1']);
  });

  it('keeps a transition once, as it came first', async () => {
    await add(transition('a', 'license', 1), transition('a', 'license', 1, { reasons: [] }));
    const { items } = await storage.history.page('a', undefined, { limit: 10 });
    expect(items).toEqual([transition('a', 'license', 1)]);
  });

  it('is kept under any text', async () => {
    await add(transition("a/b#?'", 'license', 1));
    expect(await ids("a/b#?'")).toHaveLength(1);
    expect(await ids('a')).toEqual([]);
  });

  it('fails when anything else goes wrong', async () => {
    const refused = Object.assign(new Error('The account is full.'), { statusCode: 507 });
    jest.spyOn(TableClient.prototype, 'createEntity').mockRejectedValueOnce(refused);
    await expect(add(transition('a', 'license', 1))).rejects.toBe(refused);
  });

  it.each([
    ['of all controls', undefined, 12],
    ['of one control', 'license', 6],
  ] as const)('comes page by page, none lost and none twice: %s', async (_of, control, count) => {
    for (let hours = 1; hours <= 6; hours++)
      await add(transition('a', 'license', hours), transition('a', 'account', hours + 0.5));
    const seen: string[] = [];
    let continuation: string | undefined;
    do {
      const page = await storage.history.page('a', { control }, { continuation, limit: 4 });
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ transitionId }) => transitionId));
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(seen).toEqual(await ids('a', control));
    expect(seen).toHaveLength(count);
  });
});

describe('history that is asked for in part', () => {
  const millisecond = 1 / 3_600_000;
  const found = async (filter: HistoryFilter) =>
    (await storage.history.page('a', filter, { limit: 1000 })).items.map(({ transitionId }) => transitionId);

  beforeEach(async () => {
    await add(
      transition('a', 'license', 1),
      transition('a', 'account', 2, { verdict: 'unknown' }),
      transition('a', 'license', 3, { verdict: 'compliant' }),
      transition('b', 'license', 2),
    );
  });

  it.each<[HistoryFilter, string[]]>([
    [{}, ['a license 3', 'a account 2', 'a license 1']],
    [{ from: at(2) }, ['a license 3', 'a account 2']],
    [{ from: at(2 + millisecond) }, ['a license 3']],
    [{ to: at(2) }, ['a license 1']],
    [{ to: at(2 + millisecond) }, ['a account 2', 'a license 1']],
    [{ from: at(1), to: at(3) }, ['a account 2', 'a license 1']],
    [{ from: at(2), to: at(2) }, []],
    [{ from: at(3), to: at(1) }, []],
    [{ from: new Date(0), to: at(9000) }, ['a license 3', 'a account 2', 'a license 1']],
    [{ verdict: 'unknown' }, ['a account 2']],
    [{ verdict: 'notApplicable' }, []],
    [{ control: 'license', verdict: 'compliant', from: at(1), to: at(4) }, ['a license 3']],
    [{ control: 'license', verdict: 'unknown' }, []],
    [{ control: "license' or control eq 'account" }, []],
  ])('is what passes %j', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  it('skips pages on which nothing has the verdict, and goes on where it ended', async () => {
    const first = await storage.history.page('a', { verdict: 'nonCompliant' }, { limit: 1 });
    expect(first.items.map(({ transitionId }) => transitionId)).toEqual(['a license 1']);
    expect(first).not.toHaveProperty('continuation');
    const [newest] = (await storage.history.page('a', { from: at(2) }, { limit: 1 })).items;
    expect(newest?.transitionId).toBe('a license 3');
    const { continuation } = await storage.history.page('a', { from: at(2) }, { limit: 1 });
    const rest = await storage.history.page('a', { from: at(2) }, { limit: 1, continuation });
    expect(rest.items.map(({ transitionId }) => transitionId)).toEqual(['a account 2']);
  });

  it('comes of all targets in a range, also of those that are gone, or of one', async () => {
    const range = async (from: number, to: number, targetId?: string) =>
      (await all(storage.history.range(at(from), at(to), fail, targetId))).map(
        ({ transitionId }) => transitionId,
      );
    expect(await range(1, 3)).toEqual(['a account 2', 'a license 1', 'b license 2']);
    expect(await range(2, 3.5, 'a')).toEqual(['a license 3', 'a account 2']);
    expect(await range(3.5, 9)).toEqual([]);
  });

  it('comes whole in a range', async () => {
    expect(await all(storage.history.range(at(1), at(2), fail))).toEqual([transition('a', 'license', 1)]);
  });
});

describe('history in brief', () => {
  const { transitionId, tenantId, reasons, runId, ...brief } = transition('a', 'license', 1);
  const briefs = (from?: number) => all(storage.history.brief('a', from === undefined ? from : at(from)));

  it('comes without reasons, newest first', async () => {
    const first = transition('a', 'account', 2, { previousVerdict: null, codes: [], resumed: true });
    await add(transition('a', 'license', 1), first, transition('b', 'license', 3));
    const account = { control: 'account', previousVerdict: null, codes: [], resumed: true };
    expect(await briefs()).toEqual([{ ...brief, ...account, at: at(2).toISOString() }, brief]);
    expect(await briefs(2)).toHaveLength(1);
    expect(await briefs(2.001)).toEqual([]);
  });

  it('holds several codes', async () => {
    await add(transition('a', 'license', 1, { codes: ['x.y', 'x.z'] }));
    expect(await briefs()).toMatchObject([{ codes: ['x.y', 'x.z'] }]);
  });

  it('is the same of rows that were kept before they had columns for it', async () => {
    await add(transition('a', 'license', 1), transition('a', 'account', 2), transition('b', 'license', 1));
    const asNow = await briefs();
    const table = await storage.table('SyncwardenHistory');
    for await (const {
      partitionKey,
      rowKey,
      control: id,
      at: time,
      transition: json,
    } of table.listEntities()) {
      if (id === 'account') continue;
      const older = { partitionKey: partitionKey ?? '', rowKey: rowKey ?? '', control: id, at: time };
      await table.updateEntity({ ...older, transition: json }, 'Replace');
    }
    expect(await briefs()).toEqual(asNow);
    expect(await ids('a')).toEqual(['a account 2', 'a license 1']);
  });

  it('is unknown with the cause where it cannot be understood', async () => {
    await add(transition('a', 'license', 1));
    const table = await storage.table('SyncwardenHistory');
    for await (const { partitionKey = '', rowKey = '' } of table.listEntities())
      await table.updateEntity({ partitionKey, rowKey, verdict: 'fine' }, 'Merge');
    expect(await briefs()).toMatchObject([
      { targetId: 'a', control: 'license', verdict: 'unknown', codes: [], at: at(1).toISOString() },
    ]);
    expect((await briefs())[0]?.summary).toMatch(
      /^The transition of license on a at .* cannot be read: verdict /,
    );
  });
});

describe('retention', () => {
  const keep = (days: number, hours: number) => removeOldHistory(storage.history, days, at(hours));

  it('keeps what is exactly as old as it may be', async () => {
    await add(
      transition('a', 'license', 0),
      transition('a', 'license', 0.001),
      transition('a', 'license', 9),
    );
    expect(await keep(1, 24)).toBe(1);
    expect(await ids('a')).toEqual(['a license 9', 'a license 0.001']);
  });

  it('never removes the newest transition of a target and control, however old', async () => {
    await add(transition('a', 'license', 1), transition('a', 'license', 2), transition('a', 'account', 1));
    await add(transition('b', 'license', 1), transition('b', 'license', 3));
    expect(await keep(1, 24 * 365)).toBe(2);
    expect(await ids('a')).toEqual(['a license 2', 'a account 1']);
    expect(await ids('b')).toEqual(['b license 3']);
    expect(await keep(1, 24 * 700)).toBe(0);
  });

  it('removes all that is old of a control that has newer ones', async () => {
    await add(transition('a', 'license', 1), transition('a', 'license', 2), transition('a', 'license', 100));
    await add(transition('a', 'account', 1), transition('b', 'license', 1));
    expect(await keep(1, 48)).toBe(2);
    expect(await ids('a')).toEqual(['a license 100', 'a account 1']);
    expect(await ids('b')).toEqual(['b license 1']);
  });
});
