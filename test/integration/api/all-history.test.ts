import * as fc from 'fast-check';
import { type HistoryChoice, mostDays, pageOfAllHistory } from '../../../src/lib/api/history';
import { deleteTarget } from '../../../src/lib/api/targets';
import { InputError } from '../../../src/lib/errors';
import type { Transition } from '../../../src/lib/model/finding';
import type { ControlId } from '../../../src/lib/model/verdict';
import { newestFirst } from '../../../src/lib/storage/keys';
import { damage } from '../../support/damage';
import { at, homeTenant, TestStorage, violation } from '../../support/storage';

jest.setTimeout(120_000);

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterAll(() => storage.stop());

const day = 24;
/** Hours after the first of November at which is asked. */
const asked = 40 * day;
const services = () => storage.services(() => at(asked));

/** All that there is, in no order. */
let kept: Transition[] = [];
const customerOf: Readonly<Record<string, string | undefined>> = {
  a: 'acme',
  b: undefined,
  c: 'beta',
  d: 'acme',
};
const targetIds = [...Object.keys(customerOf), 'gone'];
const controlsUsed = ['account', 'license', 'rooms'] as const;

async function keep(targetId: string, control: ControlId, hours: number): Promise<void> {
  const transition: Transition = {
    transitionId: `${targetId} ${control} ${hours}`,
    ...{ targetId, tenantId: homeTenant, control, severity: 'high' },
    ...{ previousVerdict: null, verdict: 'nonCompliant', waived: false, resumed: false },
    summary: 'It is wrong.',
    reasons: [violation('x.y')],
    codes: ['x.y'],
    at: at(hours).toISOString(),
    runId: 'run',
  };
  if (kept.some(({ transitionId }) => transitionId === transition.transitionId)) return;
  await storage.history.add(transition);
  kept.push(transition);
}

beforeEach(async () => {
  await storage.clear();
  kept = [];
  for (const [targetId, customer] of Object.entries(customerOf))
    await storage.putTarget(targetId, customer === undefined ? {} : { customer });
  await storage.putTarget('gone', { customer: 'acme' });
  // Of all targets in the same millisecond, on some days each, and one that a clock that ran ahead has dated.
  for (const targetId of targetIds) {
    for (const control of controlsUsed) await keep(targetId, control, 38 * day);
    for (const days of [1, 20, 33, 39, 39.5, 39.99])
      await keep(targetId, 'license', days * day + (targetId.charCodeAt(0) % 3));
  }
  await keep('b', 'account', 45 * day);
  await deleteTarget(services(), 'gone');
});

/** The same from all that there is, in memory. */
function expected({ since, until, customer, control }: HistoryChoice, among = kept): string[] {
  const from = since ?? new Date((until ?? at(asked)).getTime() - 7 * day * 3_600_000);
  return among
    .filter((one) => one.at >= from.toISOString() && (until === undefined || one.at < until.toISOString()))
    .filter(
      (one) => customer === undefined || (one.targetId !== 'gone' && customerOf[one.targetId] === customer),
    )
    .filter((one) => control === undefined || one.control === control)
    .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
    .map(({ transitionId }) => transitionId);
}

function placeOf({ at, control, targetId }: Transition): string {
  return `${newestFirst(new Date(at), control)} ${targetId}`;
}

/** All that the pages give; something may happen after each. */
async function pages(choice: HistoryChoice, limit: number, meanwhile = () => Promise.resolve()) {
  const found: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await pageOfAllHistory(services(), choice, { limit, continuation });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    if (page.continuation !== undefined) expect(page.items).toHaveLength(limit);
    found.push(...page.items.map(({ transitionId }) => transitionId));
    ({ continuation } = page);
    await meanwhile();
  } while (continuation !== undefined);
  return found;
}

const choices: fc.Arbitrary<HistoryChoice> = fc.record({
  since: fc.constantFrom(undefined, at(0), at(20 * day), at(33.5 * day), at(38 * day)),
  until: fc.constantFrom(undefined, at(38 * day), at(38 * day + 0.001), at(39.2 * day), at(60 * day)),
  customer: fc.constantFrom(undefined, undefined, 'acme', 'beta', 'nobody'),
  control: fc.constantFrom(undefined, undefined, ...controlsUsed),
});

it('is that of all targets, newest first, page by page, none lost and none twice', async () => {
  await fc.assert(
    fc.asyncProperty(choices, fc.constantFrom(1, 2, 3, 5, 8, 1000), async (choice, limit) => {
      expect(await pages(choice, limit)).toEqual(expected(choice));
    }),
    { numRuns: 80 },
  );
});

it('loses none and gives none twice of what was there, while others come', async () => {
  const transitions = fc.tuple(
    fc.constantFrom(...targetIds),
    fc.constantFrom(...controlsUsed),
    fc.integer({ min: 33 * day * 4, max: 41 * day * 4 }).map((quarters) => quarters / 4),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(transitions, { minLength: 3, maxLength: 8 }),
      fc.integer({ min: 1, max: 6 }),
      async (coming, limit) => {
        const before = expected({ since: at(33 * day) });
        const waiting = [...coming];
        const found = await pages({ since: at(33 * day) }, limit, async () => {
          const next = waiting.shift();
          if (next !== undefined) await keep(...next);
        });
        expect(new Set(found).size).toBe(found.length);
        expect(found.filter((id) => before.includes(id))).toEqual(before);
        const inOrder = expected({ since: at(33 * day) }).filter((id) => found.includes(id));
        expect(found).toEqual(inOrder);
      },
    ),
    { numRuns: 15 },
  );
});

it('gives what cannot be understood at its place, whatever is asked for of its target', async () => {
  const spoilt = newestFirst(at(38 * day), 'license');
  await damage(storage, 'SyncwardenHistory', ['a', spoilt], { transition: '{' });
  await damage(storage, 'SyncwardenHistory', ['c', spoilt], { transition: '{', control: 'licence' });
  const choice = { since: at(38 * day), until: at(38 * day + 0.001) };
  const ask = (more: HistoryChoice, limit = 100) =>
    pageOfAllHistory(services(), { ...choice, ...more }, { limit });
  const control = 'license';
  const a = {
    targetId: 'a',
    control,
    what: `The transition of license on a at ${at(38 * day).toISOString()}`,
  };
  expect((await ask({ control })).unreadable).toMatchObject([a, { targetId: 'c', control }]);
  expect((await ask({ customer: 'acme' })).unreadable).toMatchObject([a]);
  expect(await ask({ control: 'rooms' })).not.toHaveProperty('unreadable');
  // It counts as one of the page, so that the next one begins after it.
  const first = await ask({ control }, 1);
  expect(first).toMatchObject({ items: [], unreadable: [a] });
  const { continuation } = first;
  const second = await pageOfAllHistory(services(), { ...choice, control }, { limit: 1, continuation });
  expect(second.items.map(({ targetId }) => targetId)).toEqual(['b']);
});

it("says nothing of others in a customer's answer, nor in where it goes on", async () => {
  let continuation: string | undefined;
  do {
    const page = await pageOfAllHistory(services(), { customer: 'acme' }, { limit: 1, continuation });
    expect(page.items.every(({ targetId }) => ['a', 'd'].includes(targetId))).toBe(true);
    ({ continuation } = page);
    if (continuation !== undefined) {
      const [, , target] = JSON.parse(Buffer.from(continuation, 'base64url').toString()) as string[];
      expect(['a', 'd']).toContain(target);
    }
  } while (continuation !== undefined);
});

it('says nothing to a customer of whom an id belonged to before', async () => {
  await deleteTarget(services(), 'd');
  await storage.putTarget('d', { customer: 'beta', tenantId: '44444444-4444-4444-8444-444444444444' });
  for (const limit of [1, 100]) {
    const page = await pageOfAllHistory(services(), { customer: 'beta' }, { limit });
    expect(page.items.map(({ targetId }) => targetId)).toEqual(
      limit === 1 ? ['c'] : expect.not.arrayContaining(['d']),
    );
  }
});

it('goes on from when it began, however long one takes to read it', async () => {
  const first = await pageOfAllHistory(services(), {}, { limit: 1 });
  const later = { ...services(), now: () => at(asked + 2 * day) };
  const { continuation } = first;
  const rest = await pageOfAllHistory(later, {}, { limit: 1000, continuation });
  expect([...first.items, ...rest.items].map(({ transitionId }) => transitionId)).toEqual(expected({}));
});

it('is found in one search where the last day has enough, and in three at most', async () => {
  const ask = (choice: HistoryChoice, limit: number) =>
    storage.requestsOf(() => pageOfAllHistory(services(), choice, { limit }));
  expect(await ask({}, 4)).toBe(1);
  expect(await ask({ since: at(0) }, 1000)).toBe(3);
  expect(await ask({ since: at(0), customer: 'acme' }, 1000)).toBe(4);
  expect(await ask({ customer: 'nobody' }, 1000)).toBe(1);
});

it('is read over a limited time, and says so', async () => {
  const tooLong = { since: at(asked - mostDays * day - 1) };
  const ask = (choice: HistoryChoice) => pageOfAllHistory(services(), choice, { limit: 1 });
  await expect(ask(tooLong)).rejects.toThrow('since: must lie at most 92 days before now');
  await expect(ask({ ...tooLong, until: at(asked) })).rejects.toThrow('before until');
  expect(await ask({ since: at(asked - mostDays * day) })).toHaveProperty('continuation');
});

it.each(['!', 'e30', Buffer.from('["x","a","b"]').toString('base64url')])(
  'refuses to go on from %s',
  async (continuation) => {
    await expect(pageOfAllHistory(services(), {}, { limit: 1, continuation })).rejects.toThrow(InputError);
  },
);
