import { pageOfTargets } from '../../../src/lib/api/targets';
import { recordOne } from '../../support/record';
import { control } from '../../../src/lib/controls';
import type { Evaluation } from '../../../src/lib/controls/control';
import { type ControlId, controlIds } from '../../../src/lib/model/verdict';
import { mostBetter } from '../../../src/lib/report/model';
import { collectOverview } from '../../../src/lib/report/overview';
import {
  at,
  evaluation,
  TestStorage,
  TestTelemetry,
  unreadable,
  violation,
  staleness,
} from '../../support/storage';

let storage: TestStorage;
let telemetry: TestTelemetry;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(() => {
  telemetry = new TestTelemetry();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
}, 60_000);
afterAll(() => storage.stop());

function services() {
  const { targets, findings, history, state } = storage;
  return { targets, findings, history, state, staleness };
}

/** As the page is right after the watchdog has looked. */
const collect = async (hours: number) => {
  await storage.state.setLastRound(at(hours));
  return collectOverview(services(), at(hours));
};

/** What a reading of a target in this hour came to, kept as an audit keeps it. */
async function keep(
  targetId: string,
  id: ControlId,
  hours: number,
  of: Evaluation = evaluation(),
): Promise<void> {
  const target = await storage.targets.get(targetId);
  if (target === undefined) throw new Error(`There is no target ${targetId}.`);
  const run = {
    target,
    control: control(id),
    evaluation: of,
    runId: 'run',
    checkedAt: at(hours),
    requests: 3,
  };
  await recordOne(run, storage, telemetry);
}

const broken = evaluation([violation('license.none', { resource: 'svc@contoso.com', actual: 'none' })]);
const everywhere = async (targetId: string, hours: number) => {
  for (const id of controlIds) await keep(targetId, id, hours);
};
const told = ({ better }: Awaited<ReturnType<typeof collect>>) =>
  better.map(({ targetId, control: id, verdict, at: time }) => [targetId, id, verdict, time]);

describe('the overview', () => {
  it('of nothing is empty', async () => {
    expect(await collect(1)).toEqual({
      generatedAt: at(1).toISOString(),
      concerns: [],
      better: [],
      betterCount: 0,
      rows: [],
      trend: [],
      score: undefined,
    });
  });

  it('shows every target with every control, the worst first', async () => {
    for (const id of ['a', 'b', 'c']) await storage.putTarget(id);
    await everywhere('a', 1);
    await everywhere('b', 1);
    await keep('b', 'license', 2, broken);
    const { rows, score } = await collect(3);
    expect(rows.map(({ targetId, worstVerdict }) => [targetId, worstVerdict])).toEqual([
      ['b', 'nonCompliant'],
      ['c', 'unknown'],
      ['a', 'compliant'],
    ]);
    expect(rows[0]?.cells[controlIds.indexOf('license')]).toMatchObject({
      verdict: 'nonCompliant',
      since: at(2).toISOString(),
      codes: ['license.none'],
      requests: 3,
    });
    expect(rows[1]?.cells.map(({ verdict, checkedAt }) => [verdict, checkedAt])).toEqual(
      controlIds.map(() => ['unknown', null]),
    );
    expect(score).toBeCloseTo((1 + (controlIds.length - 1) / controlIds.length + 0) / 3);
  });

  it('says of targets what the API says of them', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b', { paused: true });
    await keep('b', 'license', 1, broken);
    const { targets, findings, resources, waivers } = storage;
    const tables = { targets, findings, resources, waivers, tenants: undefined as never };
    const listed = await pageOfTargets({ ...tables, now: () => at(2) }, { limit: 10 });
    const { rows } = await collect(2);
    const worstOf = (items: readonly { targetId: string; worstVerdict: string }[]) =>
      Object.fromEntries(items.map(({ targetId, worstVerdict }) => [targetId, worstVerdict]));
    expect(worstOf(rows)).toEqual(worstOf(listed.items));
    expect(worstOf(rows)).toEqual({ a: 'unknown', b: 'nonCompliant' });
  });

  it('shows paused targets, which are never stale, and counts them for nothing', async () => {
    await storage.putTarget('a', { paused: true });
    await keep('a', 'license', 1, broken);
    const { rows, score } = await collect(9000);
    expect(rows).toMatchObject([{ targetId: 'a', paused: true, worstVerdict: 'nonCompliant' }]);
    expect(rows[0]?.cells.some(({ stale }) => stale)).toBe(false);
    expect(score).toBeUndefined();
  });

  it('does not show what is left of a target that was deleted', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b');
    await keep('a', 'license', 1, broken);
    await storage.targets.delete('a');
    expect(await collect(2)).toMatchObject({ rows: [{ targetId: 'b' }], concerns: [{ kind: 'never' }] });
  });

  it('reads many targets in ranges, and mixes none of them up', async () => {
    const ids = Array.from({ length: 145 }, (_nothing, index) => `target-${String(index).padStart(3, '0')}`);
    await Promise.all(ids.map((id) => storage.putTarget(id)));
    const chosen = ids.filter((_id, index) => [0, 1, 141, 142, 144].includes(index));
    // From before rows repeated anything.
    await storage.forgetStatuses(ids);
    for (const id of chosen) await storage.putFinding(id, 'license', { tenantId: `of ${id}` });
    const { rows } = await collect(2);
    expect(rows.map(({ targetId }) => targetId).sort()).toEqual(ids);
    const known = rows.filter(({ cells }) => cells.some(({ checkedAt }) => checkedAt !== null));
    expect(known.map(({ targetId }) => targetId).sort()).toEqual(chosen);
  }, 60_000);

  it('takes few requests of storage', async () => {
    for (const id of ['a', 'b', 'c']) await storage.putTarget(id);
    await everywhere('a', 1);
    await collect(100);
    const requestsAt = async (hours: number) => {
      await storage.state.setLastRound(at(hours));
      return storage.requestsOf(() => collectOverview(services(), at(hours)));
    };
    // Targets, scores, nights, and when the watchdog looked, whatever has changed.
    expect(await requestsAt(100)).toBe(4);
    expect(await requestsAt(2)).toBe(4);
  });

  it('goes by the findings themselves when the watchdog is silent, because nobody has told what is stale', async () => {
    await storage.putTarget('a');
    await everywhere('a', 1);
    const staleIn = ({ rows }: Awaited<ReturnType<typeof collect>>) =>
      rows.flatMap(({ cells }) => cells).filter(({ stale }) => stale).length;
    expect(staleIn(await collect(1000))).toBe(0);
    expect(staleIn(await collectOverview(services(), at(1003.001)))).toBe(controlIds.length);
    await storage.state.setLastRound(at(5000));
    expect(staleIn(await collectOverview(services(), at(1002)))).toBe(controlIds.length);
  });

  it('shows the same, whether rows repeat what was found or not', async () => {
    for (const id of ['a', 'b', 'c']) await storage.putTarget(id);
    await everywhere('a', 1);
    await keep('b', 'license', 1, broken);
    await keep('b', 'license', 2, evaluation([unreadable]));
    const repeated = await collect(3);
    await storage.forgetStatuses(['a', 'b', 'c']);
    expect(await collect(3)).toEqual(repeated);
  });

  it('shows what cannot be understood as that', async () => {
    await storage.putTarget('a');
    await storage.putFinding('a', 'license');
    const table = await storage.table('SyncwardenFindings');
    await table.updateEntity({ partitionKey: 'a', rowKey: 'license', verdict: 'fine' }, 'Merge');
    await storage.forgetStatuses(['a']);
    const [found] = (await collect(2)).rows;
    expect(found?.worstVerdict).toBe('unknown');
    expect(found?.cells.find(({ control }) => control === 'license')).toMatchObject({
      ...{ verdict: 'unknown', unreadable: true, checkedAt: null },
    });
  });
});

describe('what has changed', () => {
  beforeEach(async () => {
    await storage.putTarget('a');
    await storage.putTarget('b');
  });
  const concerns = async (hours: number) =>
    (await collect(hours)).concerns.filter(({ kind }) => kind !== 'never');

  it('for the better is the last change of each finding within the last 24 hours, newest first', async () => {
    await keep('b', 'license', 10);
    await keep('a', 'license', 30, broken);
    await keep('b', 'account', 33);
    await keep('a', 'license', 34);
    const { better, betterCount } = await collect(54);
    expect(better).toEqual([
      {
        targetId: 'a',
        control: 'license',
        severity: 'high',
        previousVerdict: 'nonCompliant',
        previousWaived: false,
        verdict: 'compliant',
        waived: false,
        resumed: false,
        summary: 'It is compliant.',
        codes: [],
        at: at(34).toISOString(),
      },
      expect.objectContaining({ targetId: 'b', control: 'account', previousVerdict: null }),
    ]);
    expect(betterCount).toBe(2);
    expect((await collect(57.001)).better).toHaveLength(1);
  });

  it('for the worse is there until it is mended, with what was found and since when', async () => {
    await keep('a', 'license', 1);
    await keep('a', 'license', 2, broken);
    await keep('a', 'license', 26, broken);
    for (const hours of [3, 50]) {
      expect(await concerns(hours)).toMatchObject([
        {
          ...{ kind: 'violation', control: 'license', severity: 'high', sentence: 'It is nonCompliant.' },
          ...{ codes: ['license.none'], since: at(2).toISOString(), targets: [{ targetId: 'a' }] },
        },
      ]);
    }
    await keep('a', 'license', 51);
    expect(await concerns(52)).toEqual([]);
  });

  it('is told when the same comes back after it could not be read', async () => {
    await keep('a', 'license', 1, broken);
    await keep('a', 'license', 25, evaluation([unreadable]));
    expect(await concerns(26)).toMatchObject([{ kind: 'unknown', codes: [unreadable.code] }]);
    await keep('a', 'license', 49, broken);
    expect(await concerns(50)).toMatchObject([
      { kind: 'violation', since: at(1).toISOString(), changedAt: at(49).toISOString() },
    ]);
  });

  it('is told while telemetry is down, and when whoever found it died before it came into the history', async () => {
    telemetry.failures = 9;
    await keep('a', 'license', 1, broken);
    await keep('a', 'license', 2);
    expect(told(await collect(3))).toEqual([['a', 'license', 'compliant', at(2).toISOString()]]);
    jest.spyOn(storage.history, 'add').mockRejectedValueOnce(new Error('died'));
    await expect(keep('b', 'license', 3, broken)).rejects.toThrow('died');
    expect(await concerns(4)).toMatchObject([
      { sentence: 'It is nonCompliant.', targets: [{ targetId: 'b' }] },
    ]);
  });

  it('is not what happened to another target of the same id that was deleted', async () => {
    await keep('a', 'license', 1, broken);
    await storage.targets.delete('a');
    await storage.findings.deleteAll('a');
    await storage.putTarget('a', {}, at(2));
    await keep('a', 'license', 3);
    expect(await concerns(4)).toEqual([]);
    expect(told(await collect(4))).toEqual([['a', 'license', 'compliant', at(3).toISOString()]]);
  });

  it('is found in findings that were kept before they told when they changed', async () => {
    await keep('a', 'license', 1);
    const table = await storage.table('SyncwardenFindings');
    const { etag, timestamp, changedAt, rowCounts, ...older } = await table.getEntity('a', 'license');
    expect([changedAt, rowCounts]).toEqual([at(1).toISOString(), 'null']);
    await table.updateEntity({ partitionKey: 'a', rowKey: 'license', ...older }, 'Replace');
    await storage.forgetStatuses(['a']);
    expect(told(await collect(2))).toEqual([['a', 'license', 'compliant', at(1).toISOString()]]);
    expect(await storage.findings.get('a', 'license')).toMatchObject({
      changedAt: at(1).toISOString(),
      rowCounts: null,
    });
  });

  it('for the better is counted where it is more than is listed, and for the worse always told', async () => {
    const ids = Array.from(
      { length: mostBetter + 3 },
      (_nothing, index) => `t-${String(index).padStart(2, '0')}`,
    );
    const begin = async (id: string, index: number) => {
      await storage.putTarget(id);
      await keep(id, 'account', 3 + index / 100);
      await keep(id, 'license', 1, broken);
    };
    await Promise.all(ids.map(begin));
    const { better, betterCount } = await collect(10);
    expect(better.map(({ targetId }) => targetId)).toEqual(ids.slice(3).reverse());
    expect(betterCount).toBe(ids.length);
    expect(await concerns(10)).toMatchObject([
      { isShared: true, count: ids.length, codes: ['license.none'] },
    ]);
  }, 60_000);
});

describe('the trend', () => {
  const dateOf = (days: number) =>
    at(24 * days)
      .toISOString()
      .slice(0, 10);

  it('has the days that were scored, and this moment in place of today', async () => {
    await storage.putTarget('a');
    await everywhere('a', 1);
    await storage.state.addDayScores({ date: dateOf(2), sum: 3, count: 4 });
    await storage.state.addDayScores({ date: dateOf(4), sum: 0.5, count: 1 });
    await storage.state.addDayScores({ date: dateOf(5), sum: 0, count: 1 });
    expect((await collect(5 * 24 + 8)).trend).toEqual([
      { date: dateOf(2), score: 0.75 },
      { date: dateOf(4), score: 0.5 },
      { date: dateOf(5), score: 1 },
    ]);
  });

  it('has no day on which no target had a score', async () => {
    await storage.state.addDayScores({ date: dateOf(2), sum: 0, count: 0 });
    expect((await collect(3 * 24)).trend).toEqual([]);
  });

  it('goes back ninety days, and no further', async () => {
    for (const days of [100, 101, 102])
      await storage.state.addDayScores({ date: dateOf(days), sum: 1, count: 1 });
    const { trend } = await collect(190 * 24 + 1);
    expect(trend.map(({ date }) => date)).toEqual([dateOf(101), dateOf(102)]);
  });
});
