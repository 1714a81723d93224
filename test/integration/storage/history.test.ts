import { TableClient } from '@azure/data-tables';
import { removeOldHistory } from '../../../src/lib/audit/retention';
import type { ControlId } from '../../../src/lib/controls/control';
import type { Transition } from '../../../src/lib/finding';
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

async function add(...transitions: Transition[]): Promise<void> {
  for (const each of transitions) await storage.history.add(each);
}

async function ids(targetId: string, control?: ControlId): Promise<string[]> {
  const { items } = await storage.history.page(targetId, control, { limit: 1000 });
  return items.map(({ transitionId }) => transitionId);
}

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
      const page = await storage.history.page('a', control, { continuation, limit: 4 });
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ transitionId }) => transitionId));
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(seen).toEqual(await ids('a', control));
    expect(seen).toHaveLength(count);
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
