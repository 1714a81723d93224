import { control } from '../../../src/lib/controls';
import type { StoredWaiver } from '../../../src/lib/model/waiver';
import { mostPins } from '../../../src/lib/storage/pins';
import { at, TestStorage, violation } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const rooms = (count: number) =>
  Array.from({ length: count }, (_room, number) => violation('rooms.denied', { resource: `r${number}` }));

async function stored(): Promise<StoredWaiver> {
  const waiver = await storage.waivers.get('contoso', 'license');
  if (waiver === undefined) throw new Error('There is no waiver.');
  return waiver;
}

describe('a stored waiver', () => {
  it.each([
    ['of everything', {}],
    ['of some codes', { codes: ['license.none', 'license.suspended'] }],
    ['as long as can be', { reason: '☃'.repeat(2000), by: '☃'.repeat(2000) }],
  ])('comes back as it was put: %s', async (_case, more) => {
    const waiver = storedWaiver(rooms(3), more);
    expect(await storage.waivers.put(waiver)).toEqual({ created: true });
    expect(await stored()).toEqual({ ...waiver, etag: expect.any(String) as string });
    expect(await storage.waivers.get('contoso', 'account')).toBeUndefined();
  });

  it('pins as many violations as there may be', async () => {
    const waiver = storedWaiver(rooms(mostPins), { reason: '☃'.repeat(2000), by: '☃'.repeat(2000) });
    await storage.waivers.put(waiver);
    const { pins, pinned } = await stored();
    expect(pinned).toBe(mostPins);
    expect(pins).toEqual(waiver.pins);
    // What the service counts against 1 MiB: two bytes for each UTF-16 unit, and bytes as they are.
    const table = await storage.table('SyncwardenWaivers');
    const entity = await table.getEntity('contoso', 'license');
    const sizes = Object.values(entity).map((value) =>
      value instanceof Uint8Array ? value.length : String(value).length * 2,
    );
    for (const size of sizes) expect(size).toBeLessThanOrEqual(65_536);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000);
  }, 60_000);

  it('is replaced by the next, of which nothing is left over', async () => {
    await storage.waivers.put(storedWaiver(rooms(20_000), { codes: ['rooms.denied'] }));
    const next = storedWaiver(rooms(1), { by: 'Grace' });
    expect(await storage.waivers.put(next)).toEqual({ created: false });
    expect(await stored()).toEqual({ ...next, etag: expect.any(String) as string });
  });

  it('is one of them when two are put at once', async () => {
    const two = ['Ada', 'Grace'].map((by) => storage.waivers.put(storedWaiver(rooms(2), { by })));
    const created = (await Promise.all(two)).filter((one) => one.created);
    expect(created).toHaveLength(1);
    expect(['Ada', 'Grace']).toContain((await stored()).by);
  });

  it('is shrunk, and removed when nothing is left', async () => {
    await storage.waivers.put(storedWaiver(rooms(20_000)));
    const { pins } = storedWaiver(rooms(2));
    await storage.waivers.shrink(await stored(), pins);
    expect(await stored()).toMatchObject({ pins, pinned: 2 });
    await storage.waivers.shrink(await stored(), new Set());
    expect(await storage.waivers.get('contoso', 'license')).toBeUndefined();
  });

  it('is left alone by whoever has seen an earlier one', async () => {
    await storage.waivers.put(storedWaiver(rooms(2)));
    const earlier = await stored();
    await storage.waivers.put(storedWaiver(rooms(2), { by: 'Grace' }));
    await storage.waivers.shrink(earlier, new Set());
    await storage.waivers.shrink(earlier, storedWaiver(rooms(1)).pins);
    await storage.waivers.markReminded(earlier, '2026-11-01');
    expect(await stored()).toMatchObject({ by: 'Grace', pinned: 2, remindedOn: '' });
    await storage.waivers.delete('contoso', 'license');
    await storage.waivers.shrink(earlier, new Set());
    await storage.waivers.markReminded(earlier, '2026-11-01');
    expect(await storage.waivers.get('contoso', 'license')).toBeUndefined();
  });

  it('keeps its pins when it is marked', async () => {
    const waiver = storedWaiver(rooms(9000));
    await storage.waivers.put(waiver);
    await storage.waivers.markReminded(await stored(), '2026-11-01');
    expect(await stored()).toMatchObject({ pins: waiver.pins, remindedOn: '2026-11-01' });
  });

  it('is deleted once', async () => {
    await storage.waivers.put(storedWaiver(rooms(1)));
    expect(await storage.waivers.delete('contoso', 'license')).toBe(true);
    expect(await storage.waivers.delete('contoso', 'license')).toBe(false);
  });
});

describe('the waivers', () => {
  const ids = ['account', 'license', 'rooms'] as const;

  it('of a target are listed page by page, without what is not to be seen', async () => {
    for (const id of ids) await storage.waivers.put(storedWaiver(rooms(2), { control: id }));
    await storage.waivers.put(storedWaiver(rooms(2), { targetId: 'contoso-2' }));
    const first = await storage.waivers.page('contoso', { limit: 2 });
    expect(first.items.map(({ control }) => control)).toEqual(['account', 'license']);
    expect(first.items[0]).toEqual({
      targetId: 'contoso',
      control: 'account',
      by: 'Ada',
      reason: 'The licence comes next week.',
      createdAt: at(0).toISOString(),
      expiresAt: at(100).toISOString(),
      controlVersion: control('account').version,
      pinned: 2,
    });
    const second = await storage.waivers.page('contoso', { limit: 2, continuation: first.continuation });
    expect(second).toEqual({ items: [expect.objectContaining({ control: 'rooms' })] });
  });

  it('of a target are deleted together, and those of its neighbours stay', async () => {
    for (const id of ids) await storage.waivers.put(storedWaiver(rooms(2), { control: id }));
    await storage.waivers.put(storedWaiver(rooms(2), { targetId: 'contoso-2' }));
    await storage.waivers.deleteAll('contoso');
    expect((await storage.waivers.page('contoso', { limit: 10 })).items).toEqual([]);
    expect((await storage.waivers.page('contoso-2', { limit: 10 })).items).toHaveLength(1);
  });

  const fail = () => {
    throw new Error('All of them can be understood.');
  };

  it('that end within a time are found, wherever they are', async () => {
    for (const hours of [1, 2, 3, 4]) {
      const more = { targetId: `t${hours}`, expiresAt: at(hours).toISOString() };
      await storage.waivers.put(storedWaiver(rooms(2), more));
    }
    const found: string[] = [];
    for await (const { targetId } of storage.waivers.endingBetween(at(1), at(3), fail)) found.push(targetId);
    expect(found).toEqual(['t2', 't3']);
  });
});
