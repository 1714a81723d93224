import type { Dispute } from '../../../src/lib/model/target';
import { at, target, TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const accountId = '0c0c0c0c-0000-4000-8000-000000000001';

async function ids(limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let continuation: string | undefined;
  do {
    const page = await storage.targets.page({ continuation, limit });
    pages.push(page.items.map(({ targetId }) => targetId));
    continuation = page.continuation;
  } while (continuation !== undefined);
  return pages;
}

/** Read from its row, a target has an etag. */
const asRead = (target: object) => ({ ...target, etag: expect.any(String) as string });

describe('stored targets', () => {
  it('come back as they were put', async () => {
    const options = {
      rooms: { source: 'mailboxes' as const, mailboxes: ['a@contoso.com', "o'hara@contoso.com"] },
      scopeGroups: { 'CN=Räume/1,OU=x\\y': 'rooms@contoso.com' },
      license: { skuPartNumber: 'STANDARDPACK', usageLocation: 'GB' },
      allowedExtraGrants: ['Place.Read.All'],
      paused: true,
    };
    const { stored, previous } = await storage.targets.put(target('a', options), at(5));
    expect(previous).toBeUndefined();
    const times = { createdAt: at(5).toISOString(), updatedAt: at(5).toISOString() };
    expect(stored).toEqual({ ...target('a', options), ...times });
    expect(await storage.targets.get('a')).toEqual(asRead(stored));
  });

  it('keep when they were made when they are replaced', async () => {
    const before = await storage.putTarget('a', {}, at(1));
    const { stored, previous } = await storage.targets.put(target('a', { paused: true }), at(2));
    expect(previous).toEqual(asRead(before));
    expect(stored).toMatchObject({
      createdAt: at(1).toISOString(),
      updatedAt: at(2).toISOString(),
      paused: true,
    });
    expect(await storage.targets.get('a')).toEqual(asRead(stored));
  });

  it('lose options that are put no more', async () => {
    await storage.putTarget('a', { allowedExtraGrants: ['Place.Read.All'] });
    await storage.putTarget('a');
    expect(await storage.targets.get('a')).not.toHaveProperty('allowedExtraGrants');
  });

  it('may be as long as a target may be', async () => {
    const mailboxes = Array.from(
      { length: 10_000 },
      (_nothing, number) => `room-${number}@rooms.contoso.com`,
    );
    await storage.putTarget('a', { rooms: { source: 'mailboxes', mailboxes } });
    expect((await storage.targets.get('a'))?.rooms).toEqual({ source: 'mailboxes', mailboxes });
  });

  it('are not there before they are put and after they are deleted', async () => {
    expect(await storage.targets.get('a')).toBeUndefined();
    await storage.putTarget('a');
    expect(await storage.targets.delete('a')).toBe(true);
    expect(await storage.targets.get('a')).toBeUndefined();
    expect(await storage.targets.delete('a')).toBe(false);
  });

  it('are listed by id, page by page', async () => {
    for (const id of ['c', 'a-2', 'a1', 'b', 'a']) await storage.putTarget(id);
    expect(await ids(2)).toEqual([['a', 'a-2'], ['a1', 'b'], ['c']]);
    expect(await ids(100)).toEqual([['a', 'a-2', 'a1', 'b', 'c']]);
  });

  it('are listed as an empty page when there are none', async () => {
    expect(await storage.targets.page({ limit: 10 })).toEqual({ items: [] });
  });

  it('all come, however many pages they fill', async () => {
    const table = await storage.table('SyncwardenTargets');
    await storage.putTarget('t0000');
    const { etag, timestamp, ...first } = await table.getEntity('target', 't0000');
    const numbers = Array.from({ length: 1100 }, (_nothing, number) => String(number + 1).padStart(4, '0'));
    for (let start = 0; start < numbers.length; start += 100) {
      await table.submitTransaction(
        numbers
          .slice(start, start + 100)
          .map((number) => {
            const definition = JSON.stringify(target(`t${number}`));
            return [
              'create',
              { ...first, partitionKey: 'target', rowKey: `t${number}`, definition },
            ] as const;
          })
          .map(([action, entity]) => [action, entity]),
      );
    }
    const seen: string[] = [];
    for await (const page of storage.targets.all()) seen.push(...page.map(({ targetId }) => targetId));
    expect(seen).toHaveLength(1101);
    expect(seen).toEqual([...seen].sort());
    await Promise.all(numbers.map((number) => storage.targets.delete(`t${number}`)));
  });

  it.each(['x', Buffer.from('{}').toString('base64url'), Buffer.from('"text"').toString('base64url')])(
    'are not listed from a continuation that was never given: %s',
    async (continuation) => {
      await expect(storage.targets.page({ continuation, limit: 10 })).rejects.toMatchObject({
        name: 'InputError',
        errors: [{ path: 'continuation' }],
      });
    },
  );

  it('are put by two at once without one getting lost between the other’s steps', async () => {
    const puts = await Promise.all([
      storage.targets.put(target('a', { acceptRetiredRole: true }), at(1)),
      storage.targets.put(target('a', { access: 'rooms-only' }), at(2)),
    ]);
    expect(puts.filter(({ previous }) => previous === undefined)).toHaveLength(1);
    const again = await Promise.all([
      storage.targets.put(target('a', { acceptRetiredRole: true }), at(3)),
      storage.targets.put(target('a', { access: 'rooms-only' }), at(4)),
    ]);
    const previous = again.map(({ previous: last }) => last && 'updatedAt' in last && last.updatedAt);
    expect(new Set(previous).size).toBe(2);
  });

  it('are told apart when they are put at the same moment', async () => {
    const times: string[] = [];
    for (const access of ['rooms-only', 'vendor-default', 'rooms-only'] as const)
      times.push((await storage.targets.put(target('a', { access }), at(0))).stored.updatedAt);
    const both = ['rooms-only', 'vendor-default'] as const;
    const puts = await Promise.all(both.map((access) => storage.targets.put(target('b', { access }), at(0))));
    expect(new Set(times).size).toBe(3);
    expect(new Set(puts.map(({ stored }) => stored.updatedAt)).size).toBe(2);
    expect((await storage.targets.get('a'))?.createdAt).toBe(at(0).toISOString());
  });

  it('say when the storage account cannot take them', async () => {
    const broken = target('a', { rooms: { source: 'mailboxes', mailboxes: ['x'.repeat(400_000)] } });
    await expect(storage.targets.put(broken, at(0))).rejects.toThrow('definition is too long to be stored');
  });
});

describe('what is in dispute about the rooms of a target', () => {
  const disputes: Dispute[] = [{ room: 'amber@contoso.com', protocol: 'graph', isInScope: false }];

  it('is remembered until it is settled, also when the definition is put again', async () => {
    const stored = await storage.putTarget('a');
    await storage.targets.learnDisputes(stored, disputes);
    expect(await storage.targets.get('a')).toEqual(asRead({ ...stored, disputes }));
    const { stored: again } = await storage.targets.put(target('a', { paused: true }), at(1));
    expect(again.disputes).toEqual(disputes);
    expect((await storage.targets.get('a'))?.disputes).toEqual(disputes);
    await storage.targets.learnDisputes(again, []);
    expect((await storage.targets.get('a'))?.disputes).toEqual([]);
  });

  it.each([
    ['application', { clientAppId: '0a0a0a0a-0000-4000-8000-000000000003' }],
    ['tenant', { tenantId: '0a0a0a0a-0000-4000-8000-000000000002' }],
  ])('is forgotten with another %s', async (_what, options) => {
    await storage.targets.learnDisputes(await storage.putTarget('a'), disputes);
    await storage.putTarget('a', options, at(1));
    expect(await storage.targets.get('a')).not.toHaveProperty('disputes');
  });

  it('is not learnt from a reading of an earlier definition', async () => {
    const earlier = await storage.putTarget('a', {}, at(0));
    await storage.putTarget('a', { paused: true }, at(1));
    await storage.targets.learnDisputes(earlier, disputes);
    expect(await storage.targets.get('a')).not.toHaveProperty('disputes');
  });

  it('gets lost to nothing else that is learnt at the same time', async () => {
    const stored = await storage.putTarget('a');
    await Promise.all([
      ...[1, 2, 3].map(() => storage.targets.learnServiceAccountId(stored, accountId)),
      storage.targets.learnDisputes(stored, disputes),
    ]);
    expect(await storage.targets.get('a')).toEqual(
      asRead({ ...stored, serviceAccountId: accountId, disputes }),
    );
  });

  it('is kept as far as there is room for it', async () => {
    const stored = await storage.putTarget('a');
    const many = Array.from({ length: 5000 }, (_, index) => ({
      ...{ room: `${'r'.repeat(200)}${index}@contoso.com`, protocol: 'ews' as const, isInScope: true },
    }));
    await storage.targets.learnDisputes(stored, many);
    await storage.targets.learnDisputes(stored, disputes);
    expect((await storage.targets.get('a'))?.disputes).toEqual(disputes);
  });
});

describe('the service account of a target', () => {
  it('is remembered, also when the definition is put again', async () => {
    const stored = await storage.putTarget('a');
    await storage.targets.learnServiceAccountId(stored, accountId);
    expect(await storage.targets.get('a')).toEqual(asRead({ ...stored, serviceAccountId: accountId }));
    const { stored: again } = await storage.targets.put(
      target('a', { paused: true, serviceAccount: 'SVC-Condeco@contoso.com' }),
      at(1),
    );
    expect(again.serviceAccountId).toBe(accountId);
    expect((await storage.targets.get('a'))?.serviceAccountId).toBe(accountId);
  });

  it.each([
    ['account', { serviceAccount: 'other@contoso.com' }],
    ['tenant', { tenantId: '0a0a0a0a-0000-4000-8000-000000000002' }],
  ])('is forgotten with another %s', async (_what, options) => {
    await storage.targets.learnServiceAccountId(await storage.putTarget('a'), accountId);
    await storage.putTarget('a', options, at(1));
    expect(await storage.targets.get('a')).not.toHaveProperty('serviceAccountId');
  });

  it('is not learnt from a reading of an earlier definition, nor for a target that is gone', async () => {
    const earlier = await storage.putTarget('a', {}, at(0));
    await storage.putTarget('a', { serviceAccount: 'other@contoso.com' }, at(1));
    await storage.targets.learnServiceAccountId(earlier, accountId);
    expect(await storage.targets.get('a')).not.toHaveProperty('serviceAccountId');
    await storage.targets.delete('a');
    await storage.targets.learnServiceAccountId(earlier, accountId);
    expect(await storage.targets.get('a')).toBeUndefined();
  });

  it('is remembered with what it was called then, as long as it is the same one', async () => {
    const stored = await storage.putTarget('a');
    const known = { serviceAccountId: accountId, serviceAccountUpn: 'svc@contoso.com' };
    await storage.targets.learnServiceAccountId(stored, known.serviceAccountId, known.serviceAccountUpn);
    expect(await storage.targets.get('a')).toEqual(asRead({ ...stored, ...known }));
    const { stored: again } = await storage.targets.put(target('a', { paused: true }), at(1));
    expect(again).toMatchObject(known);
    await storage.putTarget('a', { serviceAccount: accountId }, at(2));
    expect(await storage.targets.get('a')).not.toHaveProperty('serviceAccountUpn');
  });

  it('is learnt once, however many controls learn it at once', async () => {
    const stored = await storage.putTarget('a');
    await Promise.all([1, 2, 3, 4].map(() => storage.targets.learnServiceAccountId(stored, accountId)));
    expect(await storage.targets.get('a')).toEqual(asRead({ ...stored, serviceAccountId: accountId }));
  });
});

describe('a row that was understood before', () => {
  const read = async () => {
    const rows = [];
    for await (const page of storage.targets.allRows()) rows.push(...page);
    return rows.map(({ target: { targetId, paused }, statuses }) => ({ targetId, paused, statuses }));
  };

  it('is read as it is now, whoever has written it', async () => {
    await storage.putTarget('a');
    expect(await read()).toEqual([{ targetId: 'a', paused: false, statuses: [] }]);
    expect(await read()).toEqual([{ targetId: 'a', paused: false, statuses: [] }]);
    await storage.putFinding('a', 'license');
    expect(await read()).toMatchObject([{ statuses: [{ control: 'license', verdict: 'compliant' }] }]);
    const table = await storage.table('SyncwardenTargets');
    const elsewhere = { partitionKey: 'target', rowKey: 'a', status_license: '{}' };
    await table.updateEntity(elsewhere, 'Merge');
    expect(await read()).toMatchObject([{ statuses: [{ control: 'license', verdict: 'unknown' }] }]);
    await storage.targets.delete('a');
    expect(await read()).toEqual([]);
    await storage.putTarget('a', { paused: true });
    expect(await read()).toEqual([{ targetId: 'a', paused: true, statuses: [] }]);
  });
});
