import { auditTarget } from '../../../src/lib/audit/run';
import { control } from '../../../src/lib/controls';
import type { Control } from '../../../src/lib/controls/control';
import type { StoredTarget } from '../../../src/lib/model/target';
import { controlIds, type Reason } from '../../../src/lib/model/verdict';
import { collectOverview } from '../../../src/lib/report/overview';
import { collectTargetReport } from '../../../src/lib/report/target-report';
import { acceptRisk } from '../../../src/lib/waivers/accept';
import { takeBack } from '../../../src/lib/waivers/waivers';
import { HealthCheck, isHealthy } from '../../../src/lib/watch/health';
import { watch } from '../../../src/lib/watch/watchdog';
import {
  at,
  evaluation,
  overdueAt,
  TestStorage,
  TestTelemetry,
  unreadable,
  violation,
} from '../../support/storage';

jest.setTimeout(60_000);

const day = 24;
/** How far ahead a clock is, in hours. */
const ahead = [5 / 60, day, 400 * day];
/** Too far to be an ordinary difference of clocks. */
const farAhead = [day, 400 * day];

let storage: TestStorage;
let telemetry: TestTelemetry;
let target: StoredTarget;
/** The time as it is, in hours after the beginning … */
let hours: number;
/** … and how far from it the clock is that is looked at. */
let skew: number;
let present: Reason[];
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(async () => {
  telemetry = new TestTelemetry();
  [hours, skew, present] = [30 * day, 0, []];
  target = await storage.putTarget('a');
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

/** Every look at the clock comes a millisecond after the one before. */
const now = () => at((hours += 1 / 3_600_000) + skew);
const services = () => storage.services(now);
const license: Control<unknown> = {
  ...control('license'),
  collect: () => Promise.resolve(present),
  evaluate: (facts) => evaluation(facts as Reason[]),
};

/** Looks at the target so many hours later, by a clock that is so many hours ahead. Gives what is there. */
async function audit(reasons: Reason[], { later = 0.02, by = 0 } = {}) {
  hours += later;
  [skew, present] = [by, reasons];
  const [finding] = await auditTarget(services(), telemetry, target, [license], 'night');
  await telemetry.flush();
  skew = 0;
  if (finding === undefined) throw new Error('There is no finding.');
  return finding;
}
/** The process dies once everything is recorded, and before anything was announced. */
async function dieAnnouncing(reasons: Reason[], by: number) {
  telemetry.failures = 2;
  await expect(audit(reasons, { by })).rejects.toThrow('Telemetry was not delivered');
  telemetry.die();
  skew = 0;
}
async function accept(reasons: Reason[], { by = 0, days = 100 } = {}) {
  [skew, present] = [by, reasons];
  const risk = { reason: 'Next week.', expiresAt: at(hours + by + days * day).toISOString() };
  await acceptRisk(services(), telemetry, 'a', license, risk, { name: 'Ada', objectId: 'ada' });
  await telemetry.flush();
  skew = 0;
}
async function watchAfter(later: number) {
  hours += later;
  const round = await watch(services(), telemetry);
  await telemetry.flush();
  return round;
}

const [none, suspended] = [violation('license.none'), violation('license.suspended')];
const stored = () => storage.findings.get('a', 'license');
const history = async () => (await storage.history.page('a', undefined, { limit: 100 })).items;
/** What the history tells, oldest first. */
const story = async () =>
  (await history())
    .reverse()
    .map(({ verdict, codes, waived }) => [verdict, ...codes, ...(waived ? ['waived'] : [])].join(' '));
const announced = () => telemetry.named('ComplianceTransition').map(({ codes, verdict }) => codes || verdict);
const thisMoment = () => at(hours).toISOString();
const isLicenseStale = async () => overdue().isStale(target, 'license', await stored());
const overdue = () => overdueAt(at(hours));

describe.each(ahead)('after an audit by a clock that was %f h ahead', (by) => {
  it('a violation is recorded and announced by the next audit', async () => {
    await audit([]);
    await audit([], { by });
    const found = await audit([none]);
    expect(found).toMatchObject({
      verdict: 'nonCompliant',
      checkedAt: found.verifiedAt,
      since: found.checkedAt,
    });
    expect(found.checkedAt <= thisMoment()).toBe(true);
    expect(await stored()).toMatchObject({
      verdict: 'nonCompliant',
      checkedAt: found.checkedAt,
      pending: [],
    });
    expect(await story()).toEqual(['compliant', 'nonCompliant license.none']);
    expect(announced()).toEqual(['compliant', 'license.none']);
    expect(storage.said).toEqual([
      expect.stringMatching(/^The times of a finding lay ahead of the clock and were put right \{/) as string,
    ]);
  });

  it('another violation than it found is recorded, and so is that nothing is left', async () => {
    await audit([none], { by });
    await audit([suspended]);
    await audit([]);
    expect(await story()).toEqual([
      'nonCompliant license.none',
      'nonCompliant license.suspended',
      'compliant',
    ]);
    expect(announced()).toEqual(['license.none', 'license.suspended', 'compliant']);
    const times = (await history()).map((transition) => transition.at);
    expect(times).toEqual([...times].sort().reverse());
    expect(times.every((time) => time <= thisMoment())).toBe(true);
  });

  it('the same violation is no transition, and is known since it was seen by a clock that is right', async () => {
    await audit([none], { by });
    const found = await audit([none]);
    const again = await audit([none], { later: day });
    expect([found.since, again.since]).toEqual([found.checkedAt, found.checkedAt]);
    expect(await story()).toEqual(['nonCompliant license.none']);
    expect(announced()).toEqual(['license.none']);
  });

  it('what was known before it keeps its time', async () => {
    const first = await audit([none]);
    await audit([none], { by, later: day });
    expect(await audit([none])).toMatchObject({ since: first.checkedAt });
    expect(await story()).toEqual(['nonCompliant license.none']);
  });

  it('the transitions that it found say when that was noticed, and what the clock said', async () => {
    await audit([], { later: day });
    const wrong = [];
    for (const reasons of [[none], [suspended]]) wrong.push((await audit(reasons, { by })).checkedAt);
    const ids = (await history()).map(({ transitionId }) => transitionId);
    const right = await audit([]);
    const transitions = await history();
    expect(transitions.map(({ statedAt }) => statedAt)).toEqual([undefined, wrong[1], wrong[0], undefined]);
    // Whoever counts them by their ids has counted them before.
    expect(transitions.map(({ transitionId }) => transitionId).slice(1)).toEqual(ids);
    expect(transitions[0]).toMatchObject({ at: right.checkedAt });
    expect((await stored())?.changedAt).toBe(right.checkedAt);
  });

  it('what cannot be read is unknown, and leaves what was known', async () => {
    const before = await audit([none]);
    await audit([none], { by, later: 1 });
    const evidence = (await stored())?.evidence;
    const found = await audit([unreadable]);
    expect(found).toMatchObject({ verdict: 'unknown', verifiedAt: before.verifiedAt });
    expect(found.evidence).toMatchObject({ ...evidence, collectedAt: '' });
    expect(await audit([none])).toMatchObject({ since: before.since });
    expect(await story()).toEqual(['nonCompliant license.none', 'unknown', 'nonCompliant license.none']);
    expect(telemetry.named('ComplianceTransition').at(-1)).toMatchObject({ resumed: 'true' });
  });

  it('a transition that it died before announcing is announced, once, by the next audit', async () => {
    await dieAnnouncing([none], by);
    await audit([none]);
    expect(announced()).toEqual(['license.none']);
    const [transition, ...more] = await history();
    expect(more).toEqual([]);
    expect(telemetry.named('ComplianceTransition')).toMatchObject([
      { at: transition?.at, transitionId: transition?.transitionId },
    ]);
    expect((await stored())?.pending).toEqual([]);
  });

  it('a transition that it died before announcing is announced by the watchdog', async () => {
    await dieAnnouncing([none], by);
    await watchAfter(1);
    expect(announced()).toEqual(['license.none']);
    await watchAfter(1);
    await audit([none]);
    expect(announced()).toEqual(['license.none']);
    expect(await story()).toEqual(['nonCompliant license.none']);
  });

  it('an audit after another one finds nothing to put right', async () => {
    await audit([none], { by });
    await audit([none]);
    storage.said.splice(0);
    hours += day;
    expect(await storage.writesOf(() => audit([none]))).toBe(1);
    expect(storage.said).toEqual([]);
  });

  it('it is stale when nothing verifies it, and is not when something does', async () => {
    for (const id of controlIds)
      if (id !== 'license')
        await storage.putFinding('a', id, {
          checkedAt: at(hours).toISOString(),
          verifiedAt: at(hours + 26).toISOString(),
        });
    await audit([], { by });
    const isPossible = by < 1;
    expect(await isLicenseStale()).toBe(!isPossible);
    // The watchdog comes round.
    for (const later of [1, 12, 12]) await watchAfter(later);
    expect(await isLicenseStale()).toBe(!isPossible);
    await watchAfter(2);
    expect(await isLicenseStale()).toBe(true);
    // Nor is it believed once its time has come.
    await watchAfter(by < day ? by : by + 1);
    expect(await isLicenseStale()).toBe(true);
    await audit([]);
    expect(await isLicenseStale()).toBe(false);
    hours += 25;
    expect(await isLicenseStale()).toBe(false);
    hours += 2;
    expect(await isLicenseStale()).toBe(true);
  });

  it('the app is not healthy for longer than by any other', async () => {
    await audit([], { by });
    hours += 27;
    expect(await isHealthy(services())).toBe(by === day);
    await watchAfter(1);
    hours += 27;
    expect(await isHealthy(services())).toBe(false);
    await audit([]);
    expect(await isHealthy(services())).toBe(true);
  });
});

describe.each(ahead)('a risk that was accepted by a clock that was %f h ahead', (by) => {
  it('stays accepted, and no longer than it is there', async () => {
    await accept([none, suspended], { by });
    expect(await audit([none, suspended])).toMatchObject({ waived: true });
    expect(await audit([none])).toMatchObject({ waived: true });
    // What has gone and comes back is news.
    expect(await audit([none, suspended])).toMatchObject({ waived: false });
    expect((await storage.waivers.get('a', 'license'))?.pinned).toBe(1);
    expect(await story()).toEqual([
      'nonCompliant license.none license.suspended waived',
      'nonCompliant license.none waived',
      'nonCompliant license.none license.suspended',
    ]);
  });

  it('says when that was noticed', async () => {
    await accept([none], { by });
    const { checkedAt } = await audit([none]);
    expect(await storage.waivers.get('a', 'license')).toMatchObject({ createdAt: checkedAt, pinned: 1 });
    expect(storage.said).toContainEqual(
      expect.stringMatching(/^The time of an accepted risk lay ahead of the clock and was put right \{/),
    );
  });

  it('is open again at once when it is taken back', async () => {
    await accept([none], { by });
    await takeBack(services(), telemetry, 'a', 'license');
    expect(await stored()).toMatchObject({ waived: false, verdict: 'nonCompliant' });
    expect(await story()).toEqual(['nonCompliant license.none waived', 'nonCompliant license.none']);
    const times = (await history()).map((transition) => transition.at);
    expect(times.every((time) => time <= thisMoment())).toBe(true);
    expect(announced()).toEqual(['license.none', 'license.none']);
  });
});

describe.each(ahead)('a clock that is %f h ahead', (by) => {
  it('loses no accepted risk for good, whatever it takes for ended', async () => {
    await accept([none], { days: 30 });
    const before = await storage.waivers.get('a', 'license');
    await audit([none], { by });
    skew = by;
    await watchAfter(0.1);
    skew = 0;
    expect(await audit([none])).toMatchObject({ waived: true, verdict: 'nonCompliant' });
    const { remindedOn: _day, etag: _etag, ...after } = (await storage.waivers.get('a', 'license')) ?? {};
    expect(before).toMatchObject(after);
    hours += 30 * day;
    expect(await audit([none])).toMatchObject({ waived: false });
  });
});

describe.each(farAhead)('a target that was put by a clock that was %f h ahead', (by) => {
  beforeEach(async () => {
    target = await storage.putTarget('b', {}, at(hours + by));
    await storage.targets.delete('a');
  });

  it('is stale until it is verified, and makes the app unhealthy', async () => {
    expect(overdue().isStale(target, 'license', undefined)).toBe(true);
    expect(await isHealthy(services())).toBe(false);
    expect(await watchAfter(0.1)).toMatchObject({ targets: 1, stale: controlIds.length });
    expect(telemetry.named('AuditStale')[0]).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      verifiedAt: '',
    });
    await audit([]);
    expect(await isHealthy(services())).toBe(true);
    expect(await watchAfter(0.1)).toMatchObject({ stale: controlIds.length - 1 });
  });

  it('shows its changes, and its trend from the first of them', async () => {
    await audit([]);
    await audit([none], { later: day / 2 });
    const report = await collectTargetReport(services(), 'b');
    const shown = report.controls.find((one) => one.control === 'license');
    expect(shown?.transitions).toHaveLength(2);
    expect(report.trend.map(({ date }) => date)).toEqual([thisMoment().slice(0, 10)]);
    const { concerns, betterCount } = await collectOverview(services(), at(hours));
    expect([concerns.filter(({ control: id }) => id === 'license').length, betterCount]).toEqual([1, 0]);
  });
});

it('an answer about health does not hold until a clock that was set back has caught up', async () => {
  const check = new HealthCheck(services());
  hours += 400 * day;
  expect(await check.isHealthy()).toBe(false);
  hours -= 400 * day;
  await audit([]);
  expect(await check.isHealthy()).toBe(true);
});

describe.each([5 / 60, day, 400 * day])('a clock that is %f h behind', (by) => {
  it('loses nothing that was found before or after it, and no accepted risk', async () => {
    await audit([none]);
    await accept([none], { days: 300 });
    await audit([none, suspended], { by: -by });
    await audit([none], { by: -by });
    await audit([], { later: day });
    expect(await story()).toEqual([
      'nonCompliant license.none',
      'nonCompliant license.none waived',
      'nonCompliant license.none license.suspended',
      'nonCompliant license.none waived',
      'compliant',
    ]);
    expect(announced()).toEqual([
      'license.none',
      'license.none',
      'license.none,license.suspended',
      'license.none',
      'compliant',
    ]);
    const times = (await history()).map((transition) => transition.at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('finds no transition where nothing has changed', async () => {
    await audit([none]);
    await accept([none], { days: 300 });
    await audit([none], { by: -by });
    const last = await audit([none], { later: day });
    expect(last).toMatchObject({ verdict: 'nonCompliant', waived: true });
    expect(await story()).toEqual(['nonCompliant license.none', 'nonCompliant license.none waived']);
    expect((await storage.waivers.get('a', 'license'))?.pinned).toBe(1);
  });
});

it('nothing is lost when the clock goes to and fro while a finding is being kept', async () => {
  const to = [0.5, 0, 0.4, 0.1, 0.3, 0.2];
  let look = 0;
  const restless = { ...services(), now: () => at(hours + (to[look++ % to.length] ?? 0)) };
  const nights = [[none], [], [suspended]];
  for (const reasons of nights) {
    present = reasons;
    await auditTarget(restless, telemetry, target, [license], 'night');
  }
  await audit([none, suspended], { later: 1 });
  expect(announced()).toEqual([
    'license.none',
    'compliant',
    'license.suspended',
    'license.none,license.suspended',
  ]);
  expect(new Set(await story()).size).toBe(nights.length + 1);
  expect(await stored()).toMatchObject({ counts: { violations: 2 }, checkedAt: (await history())[0]?.at });
});

it('a reading is not dated later than it is kept, should the clock be set right in between', async () => {
  const collect = () => {
    skew = 0;
    return Promise.resolve([none]);
  };
  skew = 400 * day;
  const [found] = await auditTarget(services(), telemetry, target, [{ ...license, collect }], 'night');
  expect(found?.checkedAt).toBe(found?.since);
  expect((found?.checkedAt ?? '') <= thisMoment()).toBe(true);
});
