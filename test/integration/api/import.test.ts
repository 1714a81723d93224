import { importTargets } from '../../../src/lib/api/import';
import { type ImportRow, mostRows } from '../../../src/lib/api/import-format';
import { InputError } from '../../../src/lib/errors';
import { at, homeTenant, target, TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const services = () => storage.services(() => at(1));
const idOf = (index: number) => `t-${String(index).padStart(3, '0')}`;
const rows = (count: number, change: (index: number) => Record<string, unknown> = () => ({})): ImportRow[] =>
  Array.from({ length: count }, (_row, index) => ({
    line: index + 2,
    value: { ...target(idOf(index)), ...change(index) },
  }));
const outcomes = async (given: readonly ImportRow[], isDryRun = false) =>
  Object.entries(
    Object.groupBy(await importTargets(services(), given, isDryRun), ({ outcome }) => outcome),
  ).map(([outcome, items]) => [outcome, items.length]);
const stored = async () => {
  const ids: string[] = [];
  for await (const page of storage.targets.all()) ids.push(...page.map(({ targetId }) => targetId));
  return ids;
};

it('five hundred with twenty bad ones: every bad one is named, and nothing is written; then all; then nothing changes', async () => {
  const isBad = (index: number) => index % 25 === 7;
  const bad = rows(500, (index) => (isBad(index) ? { clientAppId: 'not an id', colour: 'blue' } : {}));
  const refusal = await importTargets(services(), bad, false).catch((error: unknown) => error);
  if (!(refusal instanceof InputError)) throw new Error('It was not refused.');
  const places = refusal.errors.map(({ path }) => path);
  const expected = bad.filter((_row, index) => isBad(index)).map(({ line }) => line);
  expect(expected).toHaveLength(20);
  expect(places.toSorted()).toEqual(
    expected.flatMap((line) => [`line ${line}, clientAppId`, `line ${line}, colour`]).toSorted(),
  );
  expect(refusal.errors[0]?.message).toMatch(/GUID|known property/);
  expect(await stored()).toEqual([]);

  expect(await outcomes(rows(500), true)).toEqual([['created', 500]]);
  expect(await stored()).toEqual([]);
  expect(await outcomes(rows(500))).toEqual([['created', 500]]);
  expect(await stored()).toHaveLength(500);
  const writes = await storage.writesOf(async () => {
    expect(await outcomes(rows(500))).toEqual([['unchanged', 500]]);
  });
  expect(writes).toBe(0);
}, 120_000);

it('replaces what is to be otherwise, and leaves alone what is not named', async () => {
  await storage.putTarget('other');
  await outcomes(rows(3));
  expect(await outcomes(rows(3, (index) => (index === 1 ? { paused: true } : {})))).toEqual([
    ['unchanged', 2],
    ['replaced', 1],
  ]);
  expect(await stored()).toEqual(['other', ...rows(3).map((_row, index) => idOf(index))]);
  expect(await storage.targets.get(idOf(1))).toMatchObject({ paused: true });
});

it.each<[string, ImportRow[], string]>([
  [
    'the same target twice',
    [...rows(2), { line: 9, value: target(idOf(0)) }],
    'line 9, targetId: stands in line 2 already',
  ],
  [
    'a tenant that cannot be reached',
    rows(1, () => ({ tenantId: homeTenant.replace(/^./, 'f') })),
    "line 2, tenantId: is another tenant than the managed identity's own",
  ],
  ['nothing', [], 'the body: has no targets'],
  ['too many', rows(mostRows + 1), `has 2,001 targets, and ${mostRows} is the most`],
])('refuses %s', async (_what, given, words) => {
  await expect(importTargets(services(), given, false)).rejects.toThrow(words);
  expect(await stored()).toEqual([]);
});
