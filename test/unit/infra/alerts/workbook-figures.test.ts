import { workbookQueries } from '../../../support/alert-rules';
import { workspaceAt } from '../../../support/alerts/azure';
import { component, World } from '../../../support/alerts/world';
import { runQuery } from '../../../support/kusto/evaluate';
import { analyze } from '../../../support/kusto/service';
import type { Row } from '../../../support/kusto/values';
import { at } from '../../../support/storage';

jest.mock('../../../../src/lib/audit/visit', () => ({ visit: jest.fn() }));

let world: World;

/**
 * Two nights of four targets, of which each has eight controls. One lacks a licence; what another lacks was accepted for ten days;
 * the third had something wrong, and was deleted before the second night; the fourth cannot be read.
 */
beforeAll(async () => {
  world = new World()
    .at(0.1, async () => {
      for (const targetId of ['a', 'b', 'c', 'd']) await world.put(targetId);
      world.break('a', 'license', 'license.none');
      world.break('b', 'consent', 'consent.missing');
      world.break('c', 'rooms', 'rooms.any');
      world.unreadable.add('d');
      world.rooms.set('a', [10, 10]).set('b', [6, 3]).set('c', [4, 0]);
    })
    .at(10, () => world.accept('b', 'consent', 10))
    .at(20, () => world.delete('c'));
  await world.run(40);
});

/** What a step of the workbook shows at forty hours, of the last thirty days. */
function shown(step: string, told = world.told): readonly Row[] {
  const text = workbookQueries.find(({ name }) => name === step)?.text ?? '';
  const { root, problems } = analyze(text.replaceAll('{applicationInsightsId}', component));
  expect(problems).toEqual([]);
  return runQuery(root, workspaceAt(told, 40, 30 * 24 * 3_600_000));
}

it('shows what is open, and nothing that was accepted or deleted', () => {
  expect(shown('violations-open')).toMatchObject([
    {
      ...{ severity: 'high', targetId: 'a', control: 'license', code: 'license.none' },
      link: 'https://syncwarden.contoso.com/api/report?targetId=a#license',
    },
  ]);
});

it('shows when the watchdog last looked, and what else is open', () => {
  expect(shown('freshness-round')).toEqual([
    { lookedAt: at(39.5), hoursAgo: 1, targets: 3, unreadable: 0, stale: 8, poisoned: 0, missed: 0 },
  ]);
  const rows = shown('freshness-table');
  expect(rows.map(({ condition, targetId }) => [condition, targetId])).toEqual([
    ...Array.from({ length: 8 }, () => ['unverified', 'd']),
    ['waiver', 'b'],
  ]);
  expect(rows.slice(0, 3).map(({ severity }) => severity)).toEqual(['critical', 'critical', 'critical']);
  // Never verified since it was put, at six minutes past midnight.
  expect(rows[0]).toMatchObject({ since: at(0.1), hours: 40 });
});

it('shows the compliance of each target that is there, and of all of them by day', () => {
  expect(shown('compliance-targets').map(({ targetId, percent }) => [targetId, percent])).toEqual([
    ['d', 0],
    ['a', 88],
    ['b', 100],
  ]);
  // On the first day nothing had been audited when the scores were taken.
  expect(shown('compliance-chart')).toEqual([
    { TimeGenerated: at(0), mean: 0, worst: 0 },
    { TimeGenerated: at(24), mean: (100 * (7 / 8 + 1 + 0)) / 3, worst: 0 },
  ]);
});

it('shows each change once, the newest first', () => {
  const changes = shown('changes');
  // Eight first findings of each target, and what was accepted.
  expect(changes).toHaveLength(4 * 8 + 1);
  expect(changes[0]).toMatchObject({ targetId: 'b', control: 'consent', waived: 'true', at: at(10) });
  const twice = [...world.told, ...world.told];
  expect(shown('changes', twice)).toHaveLength(changes.length);
});

it('shows how many rooms are in order', () => {
  expect(shown('rooms-chart')).toEqual([
    { day: at(0), control: 'rooms', covered: (100 * (10 + 3 + 0)) / (10 + 6 + 4) },
    { day: at(24), control: 'rooms', covered: (100 * (10 + 3)) / (10 + 6) },
  ]);
  const missing = shown('rooms-targets').map(({ targetId, rooms, roomsMissing }) => [
    targetId,
    rooms,
    roomsMissing,
  ]);
  expect(missing).toEqual([
    ['b', 6, 3],
    ['a', 10, 0],
  ]);
});

it('shows what audits take, also where only one of four events was kept', () => {
  const license = () => shown('cost-controls').filter(({ control }) => control === 'license');
  // Four targets in the first night, three in the second; one request each.
  const figures = { audits: 7, requests: 7, requestsPerAudit: 1 };
  expect(license()).toMatchObject([figures]);
  const consent = shown('cost-chart').filter(({ control }) => control === 'consent');
  expect(consent.map(({ requests }) => requests)).toEqual([5, 3]);
  const sampled = world.told.map((told) => ({ ...told, row: { ...told.row, ItemCount: 4 } }));
  expect(shown('cost-controls', sampled).find(({ control }) => control === 'license')).toMatchObject({
    ...{ audits: 28, requests: 28, requestsPerAudit: 1 },
  });
});
