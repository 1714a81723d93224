import { controlIds, type Verdict } from '../../../src/lib/model/verdict';
import { removeOldScores } from '../../../src/lib/watch/retention';
import { watch } from '../../../src/lib/watch/watchdog';
import { at, TestStorage, TestTelemetry } from '../../support/storage';

let storage: TestStorage;
let hours: number;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(() => {
  hours = 1;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
});
afterAll(() => storage.stop());

function services() {
  return storage.services(() => at(hours));
}

const keep = () => watch(services(), new TestTelemetry());
const kept = () => storage.state.dayScores('2026-01-01', '2026-12-31');

/** A target with all controls compliant, but for one. */
async function putTarget(targetId: string, license: Verdict, options = {}): Promise<void> {
  await storage.putTarget(targetId, options);
  for (const id of controlIds) {
    await storage.putFinding(targetId, id, { verdict: id === 'license' ? license : 'compliant' });
  }
}

describe('the scores of all targets', () => {
  it('are summed up once a day', async () => {
    await putTarget('a', 'compliant');
    await putTarget('b', 'nonCompliant');
    await keep();
    expect(await kept()).toEqual([
      { date: '2026-11-01', sum: 1 + (controlIds.length - 1) / controlIds.length, count: 2 },
    ]);
    hours = 23.9;
    await keep();
    hours = 24;
    await keep();
    expect((await kept()).map(({ date }) => date)).toEqual(['2026-11-01', '2026-11-02']);
  });

  it('take no second look at the targets', async () => {
    await putTarget('a', 'compliant');
    await keep();
    hours = 24;
    const first = await storage.requestsOf(keep);
    // The row of the day is looked for and written, and how far the scores were sent.
    expect(first - (await storage.requestsOf(keep))).toBe(3);
  });

  it('leave out targets that are paused, and those to which nothing applies', async () => {
    await putTarget('a', 'nonCompliant', { paused: true });
    await storage.putTarget('b');
    for (const id of controlIds) await storage.putFinding('b', id, { verdict: 'notApplicable' });
    await keep();
    expect(await kept()).toEqual([{ date: '2026-11-01', sum: 0, count: 0 }]);
  });

  it('count a target once, whatever dies on the way, and whoever does the same', async () => {
    await putTarget('a', 'compliant');
    await putTarget('b', 'compliant');
    jest.spyOn(storage.state, 'addDayScores').mockRejectedValueOnce(new Error('died'));
    await expect(keep()).rejects.toThrow('died');
    expect(await kept()).toEqual([]);
    await Promise.all([keep(), keep()]);
    await keep();
    expect(await kept()).toEqual([{ date: '2026-11-01', sum: 2, count: 2 }]);
  });

  it('are kept by the watchdog, also while telemetry is down', async () => {
    await putTarget('a', 'compliant');
    const telemetry = new TestTelemetry();
    telemetry.failures = 1;
    await expect(watch(services(), telemetry)).rejects.toThrow('Telemetry');
    expect(await kept()).toEqual([{ date: '2026-11-01', sum: 1, count: 1 }]);
    expect(telemetry.scores).toEqual([]);
    telemetry.die();
    await watch(services(), telemetry);
    expect(telemetry.scores).toHaveLength(1);
    expect(await kept()).toHaveLength(1);
  });

  it('are taken anew on a day that a clock which ran ahead has scored before it came', async () => {
    await putTarget('a', 'compliant');
    hours = 24 * 2 + 1;
    await keep();
    hours = 1;
    await keep();
    expect(storage.said).toEqual(['The scores of a day lay ahead of the clock {"date":"2026-11-03"}']);
    const license = await storage.findings.get('a', 'license');
    if (license === undefined) throw new Error('There is no finding.');
    await storage.findings.put({ ...license, verdict: 'nonCompliant' }, license);
    for (const days of [1, 2]) {
      hours = 24 * days + 1;
      await keep();
      // Once that is done it stays: what is written is that the watchdog has looked.
      expect(await storage.writesOf(keep)).toBe(1);
    }
    expect((await kept()).map(({ date, sum }) => [date, sum])).toEqual([
      ['2026-11-01', 1],
      ['2026-11-02', (controlIds.length - 1) / controlIds.length],
      ['2026-11-03', (controlIds.length - 1) / controlIds.length],
    ]);
    expect(storage.said).toHaveLength(1);
  });

  it('are not lost when the clock that doubts them is the one that is wrong', async () => {
    await putTarget('a', 'compliant');
    for (const days of [0, 1, 2]) {
      hours = 24 * days + 1;
      await keep();
    }
    hours = 1;
    await keep();
    hours = 24 * 3 + 1;
    await keep();
    expect((await kept()).map(({ date, sum }) => [date, sum])).toEqual([
      ['2026-11-01', 1],
      ['2026-11-02', 1],
      ['2026-11-03', 1],
      ['2026-11-04', 1],
    ]);
  });

  it('go away when they are older than history may be', async () => {
    for (const days of [0, 1, 2]) {
      hours = 24 * days + 1;
      await keep();
    }
    expect(await removeOldScores(storage.state, 10, at(24 * 12))).toBe(2);
    expect((await kept()).map(({ date }) => date)).toEqual(['2026-11-03']);
  });
});
