import * as fc from 'fast-check';
import { pageOfFindings } from '../../../src/lib/api/findings';
import type { TargetChoice } from '../../../src/lib/api/target-choice';
import { InputError } from '../../../src/lib/errors';
import {
  type ControlId,
  controlIds,
  severities,
  type Verdict,
  verdicts,
} from '../../../src/lib/model/verdict';
import type { FindingFilter } from '../../../src/lib/storage/findings';
import { damage } from '../../support/damage';
import {
  at,
  evaluation,
  overdueAt,
  storedFinding,
  storedTarget,
  TestStorage,
  unreadable,
  violation,
} from '../../support/storage';

jest.setTimeout(120_000);

/** Hours after the first of November at which is asked. */
const noon = 60;
const customers = ['acme', 'beta', undefined] as const;
const tagged = [['gold'], ['gold', 'emea'], undefined] as const;

/** What storage holds of one control on one target, as far as filters go by it. */
interface Kept {
  name: string;
  targetId: string;
  control: ControlId;
  verdict?: Verdict;
  severity?: (typeof severities)[number];
  waived?: boolean;
  changedAt?: string;
  verifiedAt: string | null;
  checkedAt: string;
  isDamaged: boolean;
}
interface KeptTarget {
  targetId: string;
  customer: string | undefined;
  tags: readonly string[] | undefined;
  paused: boolean;
  isDamaged: boolean;
}

let storage: TestStorage;
const targets: KeptTarget[] = [];
const kept: Kept[] = [];

const reasonsOf: Record<Verdict, ReturnType<typeof evaluation>> = {
  nonCompliant: evaluation([violation('license.none')]),
  unknown: evaluation([unreadable]),
  compliant: evaluation(),
  notApplicable: evaluation([], { verdict: 'notApplicable' }),
};

/** Numbers that look random, and are the same each time. */
function* numbers(seed = 7): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield Math.floor(state / 65_536);
  }
}

beforeAll(async () => {
  storage = await TestStorage.start();
  const draw = numbers();
  const of = <T>(some: readonly T[]) => some[draw.next().value % some.length] as T;
  for (let number = 0; number < 14; number++) {
    const targetId = `t-${String(number).padStart(2, '0')}`;
    const [customer, tags, paused] = [of(customers), of(tagged), number === 5];
    await storage.putTarget(targetId, {
      ...(customer === undefined ? {} : { customer }),
      ...(tags === undefined ? {} : { tags: [...tags] }),
      paused,
    });
    targets.push({ targetId, customer, tags, paused, isDamaged: false });
    // Each target lacks some: these controls never ran on it.
    for (const control of controlIds.filter((_id, index) => (number + index) % 4 !== 0))
      await put(targetId, control, of);
  }
  await damageSome();
});
afterAll(() => storage.stop());

async function put(targetId: string, control: ControlId, of: <T>(some: readonly T[]) => T): Promise<void> {
  const verdict = of(verdicts);
  const hours = of([10, 33, 34, 35, 50]);
  const changedAt = at(of([1, 2, 3, 4])).toISOString();
  const finding = storedFinding(targetId, control, reasonsOf[verdict], hours);
  const waived = verdict === 'nonCompliant' && of([true, false]);
  await storage.putFinding(targetId, control, { ...finding, waived, changedAt });
  const { severity, verifiedAt, checkedAt } = finding;
  const name = `${targetId} ${control}`;
  const scalars = { verdict, severity, waived, changedAt, verifiedAt, checkedAt };
  kept.push({ name, targetId, control, ...scalars, isDamaged: false });
}

async function damageSome(): Promise<void> {
  const spoil = async (index: number, changes: Record<string, unknown>, isDamaged = true) => {
    const one = kept[index] as Kept;
    await damage(storage, 'SyncwardenFindings', [one.targetId, one.control], changes);
    for (const column of ['verdict', 'severity', 'waived', 'changedAt'] as const)
      if (column in changes) Object.assign(one, { [column]: undefined });
    return Object.assign(one, { isDamaged });
  };
  await spoil(3, { verdict: 'fine' });
  await spoil(17, { severity: undefined });
  await spoil(30, { waived: undefined });
  await spoil(44, { reasons: '{' });
  // Kept before it was noted: it counts as changed when what it finds began.
  const older = await spoil(51, { changedAt: undefined }, false);
  older.changedAt = older.checkedAt;
  await spoiltTarget(6, { definition: '{' }, {});
  await spoiltTarget(9, { updatedAt: undefined }, undefined);
}

async function spoiltTarget(index: number, changes: Record<string, unknown>, lost: object | undefined) {
  const target = targets[index] as KeptTarget;
  await damage(storage, 'SyncwardenTargets', ['target', target.targetId], changes);
  Object.assign(target, { isDamaged: true }, lost && { customer: undefined, tags: undefined });
}

type Filter = FindingFilter & TargetChoice;

/** The same filter over all that there is, in memory: what is found, and what cannot be understood. */
function expected(filter: Filter): { found: string[]; lost: string[] } {
  const overdue = overdueAt(at(noon));
  const found: string[] = [];
  const lost: string[] = [];
  for (const one of kept) {
    const target = targets.find(({ targetId }) => targetId === one.targetId) as KeptTarget;
    if (filter.targetId !== undefined && filter.targetId !== one.targetId) continue;
    if (filter.control !== undefined && filter.control !== one.control) continue;
    if (filter.customer !== undefined && filter.customer !== target.customer) continue;
    if (filter.tag !== undefined && target.tags?.includes(filter.tag) !== true) continue;
    const isAnother = (['verdict', 'severity', 'waived'] as const).some(
      (column) => filter[column] !== undefined && one[column] !== undefined && one[column] !== filter[column],
    );
    if (isAnother) continue;
    const { changedSince } = filter;
    if (changedSince !== undefined && (one.changedAt ?? 'z') < changedSince.toISOString()) continue;
    const seen = { ...one, waived: one.waived ?? false };
    const isStale = target.isDamaged
      ? !target.paused
      : overdue.isStale(storedTarget(one.targetId, { paused: target.paused }), one.control, seen);
    if (one.isDamaged) {
      // What was seen only just is certainly not stale, whatever else stands there.
      if (filter.stale !== true || target.isDamaged || isOld(one)) lost.push(one.name);
    } else if (filter.stale === undefined || filter.stale === isStale) found.push(one.name);
  }
  return { found: found.sort(), lost: [...lost, ...undecided(filter)].sort() };
}

function isOld({ verifiedAt, checkedAt }: Kept): boolean {
  const fresh = at(noon - 26).toISOString();
  return checkedAt < fresh || (verifiedAt ?? '') < fresh;
}

/** Targets of which nobody can say whether they have the tag. */
function undecided({ customer, tag, targetId }: Filter): string[] {
  return targets
    .filter((target) => tag !== undefined && target.isDamaged && target.tags === undefined)
    .filter((target) => customer === undefined || target.customer === customer)
    .filter((target) => targetId === undefined || target.targetId === targetId)
    .map((target) => target.targetId);
}

/** All that the pages give, and how many there are. */
async function pages(filter: Filter, limit: number) {
  const services = storage.services(() => at(noon));
  const found: string[] = [];
  const lost: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await pageOfFindings(services, filter, { limit, continuation });
    const { items, unreadable: kept = [] } = page;
    expect(items.length).toBeLessThanOrEqual(limit);
    // An empty page only at the end.
    if (page.continuation !== undefined) expect(items.length + kept.length).toBeGreaterThan(0);
    found.push(...items.map(({ targetId, control }) => `${targetId} ${control}`));
    lost.push(...kept.map(({ targetId, control }) => [targetId, control ?? ''].join(' ').trim()));
    ({ continuation } = page);
  } while (continuation !== undefined);
  return { found, lost: lost.sort() };
}

const maybe = <T>(some: readonly T[]) => fc.option(fc.constantFrom(...some), { nil: undefined });
const filters: fc.Arbitrary<Filter> = fc.record({
  targetId: fc.option(fc.constantFrom('t-00', 't-06', 't-09', 'none'), { nil: undefined, freq: 8 }),
  control: maybe(controlIds),
  verdict: maybe(verdicts),
  severity: maybe(severities),
  waived: maybe([true, false]),
  stale: maybe([true, false]),
  changedSince: maybe([at(2), at(2.5), at(9), at(40)]),
  customer: maybe(['acme', 'beta', 'nobody']),
  tag: maybe(['gold', 'emea', 'none']),
});

it('gives what the filter finds among all there is, page by page, none lost and none twice', async () => {
  await fc.assert(
    fc.asyncProperty(filters, fc.constantFrom(1, 2, 3, 7, 20, 1000), async (filter, limit) => {
      expect(await pages(filter, limit)).toEqual(expected(filter));
    }),
    { numRuns: 150 },
  );
});

it.each<[string, Filter]>([
  ['nothing', {}],
  ['its severity', { severity: 'high' }],
  ['whether it is accepted', { waived: true }],
  ['its age', { stale: true }],
  ['its customer', { customer: 'acme' }],
  ['its tag', { tag: 'gold' }],
  ['when it has changed', { changedSince: at(2) }],
])('finds something by %s', async (_by, filter) => {
  const { found, lost } = await pages(filter, 10);
  expect({ found, lost }).toEqual(expected(filter));
  expect(found.length).toBeGreaterThan(0);
  expect(lost.length).toBeGreaterThan(0);
});

it("says nothing of others in a customer's answer, nor in where it goes on", async () => {
  const services = storage.services(() => at(noon));
  const others = targets.filter(({ customer }) => customer !== 'acme').map(({ targetId }) => targetId);
  expect(others.length).toBeGreaterThan(3);
  let continuation: string | undefined;
  do {
    const page = await pageOfFindings(services, { customer: 'acme' }, { limit: 1, continuation });
    ({ continuation } = page);
    const said = JSON.stringify(page) + Buffer.from(continuation ?? '', 'base64url').toString();
    expect(others.filter((targetId) => said.includes(targetId))).toEqual([]);
  } while (continuation !== undefined);
});

it('reads targets in one pass, and findings in a few requests', async () => {
  const services = storage.services(() => at(noon));
  const ask = (filter: Filter) => storage.requestsOf(() => pageOfFindings(services, filter, { limit: 1000 }));
  expect(await ask({ verdict: 'nonCompliant' })).toBe(1);
  // Targets, nights, and the findings of all targets in one part of the table, or around what cannot be understood in some.
  expect(await ask({ customer: 'acme' })).toBeLessThanOrEqual(4);
  expect(await ask({ tag: 'gold' })).toBeLessThanOrEqual(5);
});

it.each([
  ['another list', {}, Buffer.from('["t-00","account"]').toString('base64url')],
  ['a list that is put together by targets', { customer: 'acme' }, 'eyJuZXh0UGFydGl0aW9uS2V5IjoiYSJ9'],
  ['nothing', { tag: 'gold' }, '!'],
])('refuses to go on from a place of %s', async (_of, filter, continuation) => {
  const services = storage.services(() => at(noon));
  await expect(pageOfFindings(services, filter, { limit: 1, continuation })).rejects.toThrow(InputError);
});
