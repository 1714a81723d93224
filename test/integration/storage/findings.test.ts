import { TableClient } from '@azure/data-tables';
import type { Verdict } from '../../../src/lib/model/verdict';
import type { FindingFilter, StoredFinding } from '../../../src/lib/storage/findings';
import type { StoredTransition } from '../../../src/lib/storage/schemas';
import { at, evaluation, storedFinding, TestStorage, unreadable, violation } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
});
afterAll(() => storage.stop());

const bad = evaluation([violation('license.none', { resource: 'svc@contoso.com', actual: 'none' })]);

const transition: StoredTransition = {
  transitionId: 'id',
  targetId: 'a',
  tenantId: 'tenant',
  control: 'license',
  severity: 'high',
  previousVerdict: null,
  verdict: 'nonCompliant',
  waived: false,
  resumed: false,
  summary: 'It is wrong.',
  reasons: bad.reasons,
  codes: ['license.none'],
  at: at(1).toISOString(),
  runId: '2026-11-01',
};

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('stored findings', () => {
  it('come back as they were put, with everything that they may hold', async () => {
    const finding: Omit<StoredFinding, 'etag'> = {
      ...storedFinding('a', 'license', bad),
      waived: true,
      waiver: { by: 'Ada', reason: 'Known.', expiresAt: at(99).toISOString() },
      evidence: { sku: null, nested: [{ 'a/b': 'ü' }] },
      counts: { resources: 7, violations: 1 },
      rowCounts: {
        rooms: { nonCompliant: 1, unknown: 2, compliant: 3, notApplicable: 0 },
        mailboxes: { nonCompliant: 1, unknown: 0, compliant: 0, notApplicable: 0 },
      },
      changedAt: at(0.5).toISOString(),
      pending: [transition, { ...transition, transitionId: 'later' }],
    };
    const etag = await storage.findings.put(finding, undefined);
    expect(await storage.findings.get('a', 'license')).toEqual({ ...finding, etag });
  });

  it('come back without what they never had', async () => {
    const never = storedFinding('a', 'license', evaluation([unreadable]));
    const stored = await storage.putFinding('a', 'license', never);
    const nothing = { verifiedAt: null, known: null, waiver: null, rowCounts: null, pending: [] };
    expect(stored).toMatchObject(nothing);
    expect(await storage.findings.get('a', 'license')).toEqual(stored);
  });

  it('come back whole when their parts fill many properties', async () => {
    const reasons = Array.from({ length: 50 }, (_nothing, number) =>
      violation('rooms.missing', { message: '"a\\n'.repeat(600), resource: `room-${number}` }),
    );
    await storage.putFinding('a', 'license', { reasons });
    expect((await storage.findings.get('a', 'license'))?.reasons).toEqual(reasons);
  });

  it.each([
    ['its newest transition', [{ ...transition, at: at(3).toISOString() }], 3],
    ['the beginning of what is there now', [], 1],
  ])('that were kept without the time of a change tell that of %s', async (_what, pending, hours) => {
    await storage.putFinding('a', 'license', { pending });
    const table = await storage.table('SyncwardenFindings');
    const { etag, timestamp, changedAt, rowCounts, ...older } = await table.getEntity('a', 'license');
    expect(changedAt).toBe(at(1).toISOString());
    await table.updateEntity({ partitionKey: 'a', rowKey: 'license', ...older }, 'Replace');
    expect((await storage.findings.get('a', 'license'))?.changedAt).toBe(at(hours).toISOString());
    const [status] = await all(storage.findings.statuses('a', 'a'));
    expect(status?.changedAt).toBe(at(1).toISOString());
  });

  it('lose the rest of a part that has become shorter', async () => {
    const long = await storage.putFinding('a', 'license', { evidence: { text: 'x'.repeat(100_000) } });
    await storage.findings.put({ ...long, evidence: { text: 'short' } }, long);
    expect((await storage.findings.get('a', 'license'))?.evidence).toEqual({ text: 'short' });
  });

  it.each(['a/b', 'a\\b', 'a#b?c', '50%', "o'hara", 'ä🏢', 'x'.repeat(1000)])(
    'are kept under any text: %s',
    async (targetId) => {
      const stored = await storage.putFinding('a', 'license', { targetId });
      expect(await storage.findings.get(targetId, 'license')).toEqual(stored);
      const { items } = await storage.findings.page({ targetId }, { limit: 10 });
      expect(items).toEqual([stored]);
      await storage.findings.deleteAll(targetId);
      expect(await storage.findings.get(targetId, 'license')).toBeUndefined();
    },
  );

  it('fail aloud when they cannot be understood', async () => {
    await storage.putFinding('a', 'license');
    const table = await storage.table('SyncwardenFindings');
    await table.updateEntity({ partitionKey: 'a', rowKey: 'license', verdict: 'fine' }, 'Merge');
    await expect(storage.findings.get('a', 'license')).rejects.toThrow('verdict');
  });
});

describe('writing a finding', () => {
  it('gives the etag that the next write needs', async () => {
    const first = await storage.putFinding('a', 'license');
    const etag = await storage.findings.put({ ...first, runId: 'second' }, first);
    expect(etag).not.toBe(first.etag);
    expect(await storage.findings.get('a', 'license')).toMatchObject({ runId: 'second', etag });
  });

  it('is refused when someone else made the first one', async () => {
    await storage.putFinding('a', 'license', { runId: 'theirs' });
    expect(await storage.findings.put(storedFinding('a', 'license'), undefined)).toBeUndefined();
    expect((await storage.findings.get('a', 'license'))?.runId).toBe('theirs');
  });

  it('is refused when someone else wrote in between', async () => {
    const last = await storage.putFinding('a', 'license');
    await storage.findings.put({ ...last, runId: 'theirs' }, last);
    expect(await storage.findings.put({ ...last, runId: 'mine' }, last)).toBeUndefined();
    expect((await storage.findings.get('a', 'license'))?.runId).toBe('theirs');
  });

  it('does not bring back one that was deleted', async () => {
    const last = await storage.putFinding('a', 'license');
    await storage.findings.delete('a', 'license');
    expect(await storage.findings.put(last, last)).toBeUndefined();
    expect(await storage.findings.get('a', 'license')).toBeUndefined();
  });

  it('fails when anything else goes wrong', async () => {
    const refused = Object.assign(new Error('The account is full.'), { statusCode: 507 });
    jest.spyOn(TableClient.prototype, 'createEntity').mockRejectedValueOnce(refused);
    await expect(storage.findings.put(storedFinding('a', 'license'), undefined)).rejects.toBe(refused);
  });
});

describe('a list of findings', () => {
  beforeEach(async () => {
    for (const id of ['a', 'b', 'c'])
      for (const control of ['license', 'account'] as const)
        await storage.putFinding(id, control, storedFinding(id, control, id === 'b' ? bad : evaluation()));
  });

  it.each<[FindingFilter, string[]]>([
    [{}, ['a account', 'a license', 'b account', 'b license', 'c account', 'c license']],
    [{ targetId: 'b' }, ['b account', 'b license']],
    [{ control: 'license', verdict: 'compliant' }, ['a license', 'c license']],
    [{ targetId: 'a', control: 'account', verdict: 'compliant' }, ['a account']],
    [{ targetId: 'a', verdict: 'nonCompliant' }, []],
    [{ targetId: "a' or PartitionKey eq 'b" }, []],
    [{ verdict: "x' or verdict ne '" as Verdict }, []],
  ])('is filtered by %j', async (filter, found) => {
    const { items } = await storage.findings.page(filter, { limit: 100 });
    expect(items.map(({ targetId, control }) => `${targetId} ${control}`)).toEqual(found);
  });

  it('goes on where the page before ended, with the same filter', async () => {
    const first = await storage.findings.page({ control: 'license' }, { limit: 2 });
    expect(first.items.map(({ targetId }) => targetId)).toEqual(['a', 'b']);
    const { continuation } = first;
    const rest = await storage.findings.page({ control: 'license' }, { limit: 2, continuation });
    expect(rest.items.map(({ targetId, control }) => [targetId, control])).toEqual([['c', 'license']]);
    expect(rest).not.toHaveProperty('continuation');
  });

  it('tells where targets stand, from the first to the last one', async () => {
    await storage.putFinding('c', 'consent', storedFinding('c', 'consent', evaluation([unreadable])));
    const statuses = await all(storage.findings.statuses('b', 'c'));
    expect(statuses.map(({ targetId, control, codes }) => [targetId, control, codes])).toEqual([
      ['b', 'account', ['license.none']],
      ['b', 'license', ['license.none']],
      ['c', 'account', []],
      ['c', 'consent', []],
      ['c', 'license', []],
    ]);
    const times = { since: at(1).toISOString(), changedAt: at(1).toISOString(), requests: 1 };
    expect(statuses).toMatchObject(statuses.map(() => times));
    expect(statuses.map(({ verifiedAt }) => verifiedAt)).toEqual([
      ...Array<string>(3).fill(at(1).toISOString()),
      null,
      at(1).toISOString(),
    ]);
  });

  it('finds what was verified between two times, which count themselves, and nothing that never was', async () => {
    await storage.putFinding('d', 'license', storedFinding('d', 'license', evaluation(), 5));
    await storage.putFinding('e', 'license', storedFinding('e', 'license', evaluation([unreadable]), 6));
    const between = (from: number, to: number) =>
      all(storage.findings.targetsVerifiedBetween(at(from), at(to)));
    expect(await between(5, 5)).toEqual(['d']);
    expect(await between(5.001, 7)).toEqual([]);
    expect(new Set(await between(1, 7))).toEqual(new Set(['a', 'b', 'c', 'd']));
    expect(new Set(await between(1, 4.999))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('loses those of one target when they are deleted, and none of its neighbours', async () => {
    await storage.putFinding('a-1', 'license');
    await storage.findings.deleteAll('a');
    const { items } = await storage.findings.page({ control: 'license' }, { limit: 100 });
    expect(items.map(({ targetId }) => targetId)).toEqual(['a-1', 'b', 'c']);
    await storage.findings.deleteAll('a');
  });
});
