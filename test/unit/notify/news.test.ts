import * as fc from 'fast-check';
import type { Evaluation } from '../../../src/lib/controls/control';
import type { BriefTransition } from '../../../src/lib/model/finding';
import { type ControlId, controlIds } from '../../../src/lib/model/verdict';
import { isSilent, newsOf } from '../../../src/lib/notify/news';
import type { Present } from '../../../src/lib/notify/present';
import { keyOf, openOf, toldOf } from '../../../src/lib/notify/told';
import { noHistory, type PresentTarget, presentOf } from '../../support/digest-models';
import { at, evaluation, unreadable, violation } from '../../support/storage';

const broken = evaluation([violation('license.none')]);
const otherwise = evaluation([violation('license.suspended')]);
const unknown = evaluation([unreadable]);

const someFound = fc.constantFrom<Evaluation | undefined>(undefined, undefined, broken, otherwise, unknown);
const someTargets = fc.uniqueArray(
  fc.record({
    targetId: fc.constantFrom('a', 'b', 'c', 'd', 'constructor'),
    paused: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
    found: fc
      .tuple(...controlIds.map(() => someFound))
      .map((all) =>
        Object.fromEntries(controlIds.flatMap((id, index) => (all[index] ? [[id, all[index]]] : []))),
      ),
    never: fc.subarray([...controlIds], { maxLength: 2 }),
  }),
  { selector: ({ targetId }) => targetId, maxLength: 5 },
);

const keysOf = (present: Present) => present.targets.flatMap(({ row }) => openOf(row)).map(keyOf);
const next = (before: Present, now: Present) =>
  newsOf(noHistory, now, toldOf(before), before.at.toISOString());

describe('what was told', () => {
  it('and what is new add up to what is open, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(someTargets, someTargets, async (first, second) => {
        const [before, now] = [presentOf(first, 10), presentOf(second, 34)];
        const news = await next(before, now);
        const told = new Set(keysOf(before));
        const open = keysOf(now);
        const isNew = news.open.map(keyOf);
        const isStill = news.stillOpen.map(keyOf);
        expect([...isNew, ...isStill].sort()).toEqual(open.toSorted());
        // Whatever was not told so before is told now.
        expect(open.filter((key) => !told.has(key)).every((key) => isNew.includes(key))).toBe(true);
        // Whatever was told has got better, or nobody looks any more, or it is open.
        const gone = [...told].filter((key) => !open.includes(key));
        const better = news.better.map(({ row, change }) =>
          keyOf({ targetId: row.targetId, control: change?.control ?? '' }),
        );
        const unwatched = news.unwatched.map(({ targetId }) => targetId);
        const rest = gone.filter((key) => !unwatched.includes(key.split(' ')[0] ?? ''));
        expect(better.filter((key) => told.has(key)).sort()).toEqual(better.toSorted());
        expect(rest.every((key) => better.includes(key))).toBe(true);
        expect(better.filter((key) => open.includes(key))).toEqual([]);
      }),
    );
  });

  it('is not told again', async () => {
    await fc.assert(
      fc.asyncProperty(someTargets, async (targets) => {
        const now = presentOf(targets, 10);
        expect(isSilent(await newsOf(noHistory, now, toldOf(now), now.at.toISOString()))).toBe(true);
      }),
    );
  });

  it('is nothing before the first digest: then all that is open is new', async () => {
    await fc.assert(
      fc.asyncProperty(someTargets, async (targets) => {
        const now = presentOf(targets, 10);
        const news = await newsOf(noHistory, now);
        expect(news.open.map(keyOf)).toEqual(keysOf(now));
        expect([news.stillOpen, news.better, news.passed, news.unwatched]).toEqual([[], [], [], []]);
      }),
    );
  });
});

const one = (found: Partial<Record<ControlId, Evaluation>>, more: Partial<PresentTarget> = {}) => [
  { targetId: 'a', found, ...more },
];

it.each<[string, PresentTarget[], PresentTarget[], object]>([
  ['nothing', [], [], {}],
  ['a target that is fine', [], one({}), {}],
  ['a target that was never audited', [], one({}, { never: controlIds }), { open: 8 }],
  ['something that breaks', one({}), one({ license: broken }), { open: 1 }],
  ['something that is mended', one({ license: broken }), one({}), { better: 1 }],
  ['another violation', one({ license: broken }), one({ license: otherwise }), { open: 1 }],
  ['what cannot be read any more', one({ license: broken }), one({ license: unknown }), { open: 1 }],
  ['what can be read again, and is broken', one({ license: unknown }), one({ license: broken }), { open: 1 }],
  ['what still cannot be read', one({ license: unknown }), one({ license: unknown }), { stillOpen: 1 }],
  [
    'a target that is paused',
    one({ license: broken }),
    one({ license: broken }, { paused: true }),
    { unwatched: 1 },
  ],
  ['a target that is deleted', one({ license: broken, consent: broken }), [], { unwatched: 1 }],
  ['a target that is deleted and was fine', one({}), [], {}],
  ['a first audit', one({}, { never: ['license'] }), one({}), { better: 1 }],
  [
    'a first audit that finds something',
    one({}, { never: ['license'] }),
    one({ license: broken }),
    { open: 1 },
  ],
])('tells of %s', async (_case, before, now, expected) => {
  const news = await next(presentOf(before, 10), presentOf(now, 34));
  const { open, stillOpen, better, passed, unwatched } = news;
  const counts = Object.entries({ open, stillOpen, better, passed, unwatched })
    .map(([name, all]) => [name, all.length] as const)
    .filter(([, count]) => count > 0);
  expect(Object.fromEntries(counts)).toEqual(expected);
  expect(isSilent(news)).toBe(Object.keys(expected).every((name) => name === 'stillOpen'));
});

it('does not tell again what came back as it was after it could not be read', async () => {
  const before = presentOf(one({ license: broken }), 10);
  const now = presentOf(one({ license: broken }), 58);
  const since = before.targets[0]?.row.cells.find(({ control }) => control === 'license')?.since;
  for (const { row } of now.targets) for (const cell of row.cells) Object.assign(cell, { since });
  const found = now.targets[0]?.status.statuses.find(({ control }) => control === 'license');
  Object.assign(found ?? {}, {
    changedFrom: { previousVerdict: 'unknown', previousWaived: false, resumed: true },
  });
  expect(isSilent(await next(before, now))).toBe(true);
  Object.assign(found ?? {}, { changedFrom: { previousVerdict: 'compliant', resumed: false } });
  expect((await next(before, now)).open).toHaveLength(1);
});

it('tells of other violations, also where they could not be read for a while after', async () => {
  const before = presentOf(one({ license: broken }), 10);
  const now = presentOf(one({ license: broken }), 58);
  for (const { row, status } of now.targets) {
    const later = { since: at(20).toISOString(), changedAt: at(57).toISOString() };
    for (const cell of row.cells) if (cell.control === 'license') Object.assign(cell, later);
    const found = status.statuses.find(({ control }) => control === 'license');
    Object.assign(found ?? {}, later, { changedFrom: { previousVerdict: 'unknown', resumed: true } });
  }
  expect((await next(before, now)).open).toHaveLength(1);
});

it('tells that a target is paused to whoever it belongs to, under its name', async () => {
  const before = presentOf(one({ license: broken }, { customer: 'contoso', displayName: 'Contoso' }), 10);
  const now = presentOf(
    one({ license: broken }, { customer: 'fabrikam', displayName: 'Fabrikam', paused: true }),
    34,
  );
  expect((await next(before, now)).unwatched).toEqual([
    { targetId: 'a', name: 'Fabrikam', customer: 'fabrikam', isPaused: true },
  ]);
});

describe('that nobody is looking', () => {
  const blind = [{ kind: 'nights', sentence: 'Nobody is looking.' } as const];

  it('is said once a day, as long as it lasts', async () => {
    const before = presentOf([], 10, { blind });
    expect((await next(before, presentOf([], 12, { blind }))).blind).toEqual([]);
    expect((await next(before, presentOf([], 34, { blind }))).blind).toEqual(blind);
    expect(isSilent(await next(before, presentOf([], 34, { blind })))).toBe(false);
  });
});

describe('messages that failed', () => {
  const poison = (count: number, ...messageIds: string[]) => ({ poison: { count, messageIds } });

  it('are told when there is a new one', async () => {
    const before = presentOf([], 10, poison(1, 'x'));
    expect((await next(before, presentOf([], 34, poison(1, 'x')))).poison).toBe(0);
    expect((await next(before, presentOf([], 34, poison(2, 'x', 'y')))).poison).toBe(2);
    expect((await next(before, presentOf([], 34))).poison).toBe(0);
  });

  it('are told by their number where not all of them can be looked at', async () => {
    const before = presentOf([], 10, poison(2, 'x'));
    expect((await next(before, presentOf([], 34, poison(2, 'x')))).poison).toBe(0);
    expect((await next(before, presentOf([], 34, poison(3, 'x')))).poison).toBe(3);
  });
});

describe('what ends soon', () => {
  const ends = (days: number): Pick<Present, 'ends'> => ({
    ends: presentOf(one({})).targets.map(({ row }) => ({
      ...{ key: 'waiver a license', kind: 'waiver', row, control: 'license', words: 'it ends.', days },
    })),
  });
  const told = async (before: Partial<Present>, now: Partial<Present>) =>
    (await next(presentOf(one({}), 10, before), presentOf(one({}), 34, now))).ends.length;

  it('is told each time that it has come closer', async () => {
    expect(await told({}, ends(14))).toBe(1);
    expect(await told(ends(14), ends(14))).toBe(0);
    expect(await told(ends(14), ends(7))).toBe(1);
    // It was prolonged: from then on it is told anew.
    expect(await told(ends(7), ends(14))).toBe(0);
  });
});

describe('what came and went', () => {
  const transition: BriefTransition = {
    ...{ targetId: 'a', control: 'license', severity: 'high', previousVerdict: 'compliant' },
    ...{ verdict: 'nonCompliant', waived: false, resumed: false, summary: 'It was so.', codes: [] },
    at: at(20).toISOString(),
  };
  const since = at(10).toISOString();
  const passed = async (verdict: 'nonCompliant' | 'unknown' | 'compliant', now: Present) => {
    const asked: [string, Date | undefined][] = [];
    const history = {
      async *brief(targetId: string, from?: Date) {
        await Promise.resolve();
        asked.push([targetId, from]);
        yield { ...transition, verdict };
      },
    };
    const news = await newsOf({ history }, now, toldOf(presentOf(one({}), 10)), since);
    return { passed: news.passed.map(({ broke }) => broke.verdict), asked };
  };
  const changedFrom = (previousVerdict: 'nonCompliant' | null) => {
    const now = presentOf(one({}), 34);
    for (const found of now.targets[0]?.status.statuses ?? [])
      Object.assign(
        found,
        found.control === 'license'
          ? { changedFrom: { previousVerdict, resumed: false } }
          : { changedAt: since },
      );
    return now;
  };

  it('is found in the history of what has changed and is fine', async () => {
    const asked = [['a', new Date(since)]];
    expect(await passed('nonCompliant', changedFrom('nonCompliant'))).toEqual({
      passed: ['nonCompliant'],
      asked,
    });
    expect(await passed('unknown', changedFrom('nonCompliant'))).toEqual({ passed: ['unknown'], asked });
    expect(await passed('compliant', changedFrom('nonCompliant'))).toEqual({ passed: [], asked });
  });

  it('is not looked for where a first audit was fine', async () => {
    expect(await passed('nonCompliant', changedFrom(null))).toEqual({ passed: [], asked: [] });
  });
});
