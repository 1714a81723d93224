import { getFinding, pageOfFindings } from '../../../src/lib/api/findings';
import { pageOfHistory } from '../../../src/lib/api/history';
import { deleteTarget, getTarget, pageOfTargets, putTarget } from '../../../src/lib/api/targets';
import { dispatchNight } from '../../../src/lib/audit/dispatch';
import { recordOne } from '../../support/record';
import { control } from '../../../src/lib/controls';
import { InputError, NotFoundError } from '../../../src/lib/errors';
import { type ControlId, controlIds, type Reason, type Verdict } from '../../../src/lib/model/verdict';
import type { FindingStatus, StoredFinding } from '../../../src/lib/storage/findings';
import { HealthCheck, isHealthy } from '../../../src/lib/watch/health';
import { removeOldHistory } from '../../../src/lib/watch/retention';
import { score, worstVerdict } from '../../../src/lib/watch/target-status';
import { watch } from '../../../src/lib/watch/watchdog';
import {
  at,
  evaluation,
  homeTenant,
  target,
  TestStorage,
  TestTelemetry,
  unreadable,
  violation,
} from '../../support/storage';

let storage: TestStorage;
let telemetry: TestTelemetry;
let hours: number;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(() => {
  telemetry = new TestTelemetry();
  hours = 0;
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const services = () => storage.services(() => at(hours));

async function putFindings(targetId: string, verdicts: Partial<Record<ControlId, Verdict>>): Promise<void> {
  for (const [control, verdict] of Object.entries(verdicts))
    await storage.putFinding(targetId, control as ControlId, {
      verdict,
      openCodes: verdict === 'nonCompliant' ? [`${control}.any`] : [],
    });
}
const accepted = { by: 'Ada', reason: 'Next week.', expiresAt: at(1000).toISOString() };
const everywhere = (verdict: Verdict) =>
  Object.fromEntries(controlIds.map((id) => [id, verdict])) as Record<ControlId, Verdict>;

describe('the watchdog', () => {
  it('says nothing of what is verified, and sends scores once a day', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b');
    await putFindings('a', everywhere('compliant'));
    await putFindings('b', { ...everywhere('compliant'), license: 'nonCompliant', consent: 'unknown' });
    hours = 10;
    expect(await watch(services(), telemetry)).toEqual({
      targets: 2,
      unreadable: 0,
      announced: 0,
      reopened: 0,
      expiring: 0,
      stale: 0,
      poisoned: 0,
      scored: 2,
      missed: 0,
    });
    expect(telemetry.scores).toEqual([
      { value: 1, properties: { targetId: 'a', customerTenantId: homeTenant } },
      {
        value: (controlIds.length - 2) / controlIds.length,
        properties: { targetId: 'b', customerTenantId: homeTenant },
      },
    ]);
    expect(telemetry.events.map(({ name }) => name)).toEqual(['ConditionOpen']);
    hours = 11;
    expect(await watch(services(), telemetry)).toMatchObject({ scored: 0 });
    hours = 25;
    expect(await watch(services(), telemetry)).toMatchObject({ scored: 2 });
  });

  const told = (condition: string) =>
    telemetry.named('ConditionOpen').filter((open) => open['condition'] === condition);

  it('says in each round what is still non-compliant and not accepted, and since when', async () => {
    await storage.putTarget('a');
    await putFindings('a', { account: 'compliant', license: 'nonCompliant', consent: 'unknown' });
    await storage.putFinding('a', 'rooms', { verdict: 'nonCompliant', waived: true, waiver: accepted });
    await storage.putTarget('b', { paused: true });
    await putFindings('b', { license: 'nonCompliant' });
    for (hours of [10, 11]) await watch(services(), telemetry);
    const { since } = await getFinding(services(), 'a', 'license', undefined);
    const open = { targetId: 'a', control: 'license', code: 'license.any', severity: 'high', since };
    expect(told('noncompliant')).toMatchObject([
      { ...open, at: at(10).toISOString() },
      { ...open, at: at(11).toISOString() },
    ]);
  });

  it('says it in words, and where the page shows it', async () => {
    await storage.putTarget('a');
    await storage.putFinding('a', 'license', { openCodes: ['license.none'] });
    await watch(services(), telemetry);
    expect(told('noncompliant')).toMatchObject([
      {
        text: `a: ${control('license').codes['license.none']?.title ?? ''} (license, high).`,
        link: 'https://syncwarden.contoso.com/api/report?targetId=a#license',
      },
    ]);
  });

  it('goes on saying it while the tenant cannot be read, and of each code since it is there', async () => {
    const target = await storage.putTarget('a');
    const found = (reasons: Reason[], began: number) => {
      const run = { target, control: control('rooms'), evaluation: evaluation(reasons), requests: 1 };
      return recordOne({ ...run, runId: `run-${began}`, checkedAt: at(began) }, storage, telemetry);
    };
    const opened = async (hour: number) => {
      telemetry = new TestTelemetry();
      hours = hour;
      await watch(services(), telemetry);
      return told('noncompliant').map(({ code, since }) => [code, since]);
    };
    const [one, other] = [violation('rooms.notInRoomList'), violation('rooms.any')];
    await found([one], 1);
    const first = ['rooms.notInRoomList', at(1).toISOString()];
    expect(await opened(2)).toEqual([first]);
    await found([one, other], 10);
    await found([unreadable], 20);
    expect(await opened(54)).toEqual([['rooms.any', at(10).toISOString()], first]);
    await found([other], 55);
    expect(await opened(56)).toEqual([['rooms.any', at(10).toISOString()]]);
    await found([], 57);
    await found([unreadable], 58);
    expect(await opened(60)).toEqual([]);
    await found([one], 61);
    expect(await opened(62)).toEqual([['rooms.notInRoomList', at(61).toISOString()]]);
  });

  it('does not say it of what was accepted while it could not be read', async () => {
    await storage.putTarget('a');
    const open: Partial<StoredFinding> = { verdict: 'unknown', openCodes: ['license.none'] };
    await storage.putFinding('a', 'license', { ...open, waived: true, waiver: accepted });
    await storage.putFinding('a', 'consent', open);
    await watch(services(), telemetry);
    expect(told('noncompliant')).toMatchObject([{ control: 'consent' }]);
  });

  it('reports after each round, with what it watches', async () => {
    await watch(services(), telemetry);
    await storage.putTarget('a');
    await storage.putTarget('b', { paused: true });
    await watch(services(), telemetry);
    await telemetry.flush();
    const rounds = telemetry.events.filter(({ name }) => name === 'WatchdogCompleted');
    expect(rounds.map(({ properties, measurements }) => [properties['at'], measurements['targets']])).toEqual(
      [
        [at(0).toISOString(), 0],
        [at(0).toISOString(), 1],
      ],
    );
  });

  it('says that nights have not come that were due, where there is anything to audit', async () => {
    const missedAt = async (hour: number) => {
      hours = hour;
      return (await watch(services(), telemetry)).missed;
    };
    await watch(services(), telemetry);
    // Due at two.
    expect(await missedAt(4.5)).toBe(0);
    await storage.putTarget('a', { paused: true }, at(4.5));
    expect(await missedAt(4.6)).toBe(0);
    await storage.putTarget('a', {}, at(4.7));
    expect(await missedAt(4.7)).toBe(controlIds.length);
    await dispatchNight(services(), telemetry, { controls: ['license'], schedule: '0 0 2 * * *' });
    expect(await missedAt(5)).toBe(controlIds.length - 1);
    // On another schedule it is waited for anew.
    await dispatchNight(services(), telemetry, { controls: ['license'], schedule: '0 0 3 * * *' });
    expect(await missedAt(5.1)).toBe(controlIds.length - 1);
    expect(await missedAt(28.1)).toBe(controlIds.length);
  });

  it('says which findings are stale, and for how long', async () => {
    await storage.putTarget('a');
    await storage.putFinding('a', 'account', { verdict: 'nonCompliant', verifiedAt: at(1).toISOString() });
    await storage.putFinding('a', 'license', { verifiedAt: at(20).toISOString() });
    hours = 28;
    expect(await watch(services(), telemetry)).toMatchObject({ stale: controlIds.length - 1 });
    expect(telemetry.named('AuditStale').slice(0, 4)).toMatchObject([
      {
        ...{ targetId: 'a', control: 'account', verdict: 'nonCompliant' },
        ...{ verifiedAt: at(1).toISOString(), at: at(1).toISOString() },
      },
      { control: 'sign-in', verdict: 'unknown', severity: 'critical' },
      {
        ...{ control: 'password-expiry', verdict: 'unknown', severity: 'high', codes: '' },
        ...{ verifiedAt: '', at: at(0).toISOString() },
      },
      { control: 'consent', verdict: 'unknown', customerTenantId: homeTenant },
    ]);
  });

  it('leaves paused targets alone', async () => {
    await storage.putTarget('a', { paused: true });
    hours = 100;
    expect(await watch(services(), telemetry)).toMatchObject({ stale: 0, scored: 0 });
  });

  it('gives a target whose findings do not apply no score', async () => {
    await storage.putTarget('a');
    await putFindings('a', everywhere('notApplicable'));
    expect(await watch(services(), telemetry)).toMatchObject({ scored: 0 });
  });

  it('names messages that failed, also those that nobody can read', async () => {
    await storage.putTarget('a');
    await storage.poison(JSON.stringify({ targetId: 'a', control: 'license', runId: '2026-11-01' }));
    await storage.poison('not JSON');
    expect(await watch(services(), telemetry)).toMatchObject({ poisoned: 2 });
    await telemetry.flush();
    expect(telemetry.named('AuditPoisoned')).toMatchObject([
      { targetId: 'a', control: 'license', customerTenantId: homeTenant, severity: 'high' },
      { targetId: '', control: '', customerTenantId: '', severity: '' },
    ]);
  });

  it('names every control of a visit that failed', async () => {
    await storage.poison(JSON.stringify({ targetId: 'a', controls: ['license', 'rooms'], runId: 'r' }));
    expect(await watch(services(), telemetry)).toMatchObject({ poisoned: 1 });
    await telemetry.flush();
    expect(telemetry.named('AuditPoisoned').map(({ control: id }) => id)).toEqual(['license', 'rooms']);
  });

  it('announces what was left behind, but not what is being announced right now', async () => {
    await storage.putTarget('a');
    const finding = await storage.putFinding('a', 'account');
    const transition = {
      transitionId: '1',
      targetId: 'a',
      tenantId: homeTenant,
      control: 'account' as const,
      severity: 'critical' as const,
      previousVerdict: null,
      verdict: 'compliant' as const,
      waived: false,
      resumed: false,
      summary: 'Fine.',
      reasons: [],
      codes: [],
      at: at(1).toISOString(),
      runId: '2026-11-01',
    };
    await storage.findings.put({ ...finding, pending: [transition] }, finding);
    hours = 1.05;
    expect(await watch(services(), telemetry)).toMatchObject({ announced: 0 });
    hours = 1.5;
    expect(await watch(services(), telemetry)).toMatchObject({ announced: 1 });
    expect(telemetry.named('ComplianceTransition')).toMatchObject([{ transitionId: '1' }]);
    expect((await storage.history.page('a', undefined, { limit: 10 })).items).toHaveLength(1);
    expect(await watch(services(), telemetry)).toMatchObject({ announced: 0 });
  });
});

describe('a standing', () => {
  const statuses = (verdicts: Partial<Record<ControlId, Verdict>>, waived: ControlId[] = []) =>
    Object.entries(verdicts).map(
      ([control, verdict]) =>
        ({ control, verdict, waived: waived.includes(control as ControlId) }) as FindingStatus,
    );

  it.each<[string, FindingStatus[], Verdict, number | undefined]>([
    ['nothing has run', [], 'unknown', 0],
    ['all is well', statuses(everywhere('compliant')), 'compliant', 1],
    [
      'one never ran',
      statuses(everywhere('compliant')).filter(({ control }) => control !== 'password-expiry'),
      'unknown',
      (controlIds.length - 1) / controlIds.length,
    ],
    ['one is broken', statuses({ ...everywhere('unknown'), license: 'nonCompliant' }), 'nonCompliant', 0],
    [
      'what is broken is waived',
      statuses({ ...everywhere('compliant'), license: 'nonCompliant' }, ['license']),
      'compliant',
      1,
    ],
    ['some do not apply', statuses({ ...everywhere('notApplicable'), license: 'compliant' }), 'compliant', 1],
    ['nothing applies', statuses(everywhere('notApplicable')), 'notApplicable', undefined],
  ])('is known when %s', (_case, given, worst, share) => {
    expect(worstVerdict(given)).toBe(worst);
    expect(score(given)).toBe(share);
  });
});

describe('health', () => {
  it('is fine without targets, and with paused ones alone', async () => {
    hours = 1000;
    expect(await isHealthy(services())).toBe(true);
    await storage.putTarget('a', { paused: true });
    expect(await isHealthy(services())).toBe(true);
  });

  it('is counted from the creation of the first target', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b', {}, at(100));
    hours = 25;
    expect(await isHealthy(services())).toBe(true);
    hours = 101;
    expect(await isHealthy(services())).toBe(false);
  });

  it('needs one verified finding of a target that is watched', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b', { paused: true });
    hours = 50;
    await storage.putFinding('b', 'account', { verifiedAt: at(49).toISOString() });
    expect(await isHealthy(services())).toBe(false);
    await storage.putFinding('a', 'account', { verifiedAt: at(49).toISOString() });
    expect(await isHealthy(services())).toBe(true);
  });

  it('is remembered for half a minute', async () => {
    const check = new HealthCheck(services());
    expect(await check.isHealthy()).toBe(true);
    await storage.putTarget('a', {}, at(-100));
    hours = 0.005;
    expect(await check.isHealthy()).toBe(true);
    hours = 0.01;
    expect(await check.isHealthy()).toBe(false);
  });

  it('is bad when storage does not answer', async () => {
    const broken = {
      ...services(),
      targets: {
        all: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('down')) }) }),
      },
    };
    expect(await new HealthCheck(broken as never).isHealthy()).toBe(false);
  });
});

describe('retention', () => {
  it('removes old history, and never the newest transition of a control', async () => {
    const add = (targetId: string, control: ControlId, hour: number) =>
      storage.history.add({
        transitionId: `${targetId} ${control} ${hour}`,
        targetId,
        tenantId: homeTenant,
        control,
        severity: 'high',
        previousVerdict: null,
        verdict: 'compliant',
        waived: false,
        resumed: false,
        summary: '',
        reasons: [],
        codes: [],
        at: at(hour).toISOString(),
        runId: '',
      });
    for (const hour of [1, 2, 3]) await add('a', 'account', hour);
    await add('a', 'license', 1);
    await add('a', 'license', 24 * 20);
    await add('b', 'account', 1);
    const twice = [1, 2].map(() => removeOldHistory(storage.history, 10, at(24 * 15)));
    await Promise.all(twice);
    const left = async (targetId: string) =>
      (await storage.history.page(targetId, undefined, { limit: 100 })).items.map(
        ({ transitionId }) => transitionId,
      );
    expect(await left('a')).toEqual([`a license ${24 * 20}`, 'a account 3']);
    expect(await left('b')).toEqual(['b account 1']);
    expect(await removeOldHistory(storage.history, 10, at(24 * 15))).toBe(0);
  });
});

describe('targets', () => {
  it('show when they were made, and their worst verdict', async () => {
    const made = await putTarget(services(), target('a'));
    expect(made).toMatchObject({
      created: true,
      target: { targetId: 'a', worstVerdict: 'unknown', createdAt: at(0).toISOString() },
    });
    await putFindings('a', { ...everywhere('compliant'), consent: 'nonCompliant' });
    expect(await getTarget(services(), 'a')).toMatchObject({ worstVerdict: 'nonCompliant' });
    await putTarget(services(), target('b'));
    const { items } = await pageOfTargets(services(), { limit: 10 });
    expect(items.map(({ targetId, worstVerdict: worst }) => [targetId, worst])).toEqual([
      ['a', 'nonCompliant'],
      ['b', 'unknown'],
    ]);
    expect(items[0]).not.toHaveProperty('updatedAt');
  });

  it('keep their findings through a change of options, and lose them with another account', async () => {
    await putTarget(services(), target('a'));
    await putFindings('a', everywhere('compliant'));
    expect(await putTarget(services(), target('a', { paused: true }))).toMatchObject({
      created: false,
      target: { worstVerdict: 'compliant' },
    });
    const other = target('a', { serviceAccount: 'other@contoso.com' });
    expect(await putTarget(services(), other)).toMatchObject({ target: { worstVerdict: 'unknown' } });
    expect((await pageOfFindings(services(), {}, { limit: 10 })).items).toEqual([]);
  });

  it('are refused in a tenant that cannot be reached', async () => {
    const foreign = target('a', { tenantId: '0f0f0f0f-0000-4000-8000-000000000001' });
    await expect(putTarget(services(), foreign)).rejects.toThrow(InputError);
    expect(await storage.targets.get('a')).toBeUndefined();
  });

  it('are deleted with their findings', async () => {
    await putTarget(services(), target('a'));
    await putFindings('a', everywhere('compliant'));
    await deleteTarget(services(), 'a');
    expect((await pageOfFindings(services(), {}, { limit: 10 })).items).toEqual([]);
    await expect(getTarget(services(), 'a')).rejects.toThrow(NotFoundError);
    await expect(deleteTarget(services(), 'a')).rejects.toThrow(NotFoundError);
  });
});

describe('findings', () => {
  it('are filtered and paged', async () => {
    await putFindings('a', { ...everywhere('compliant'), license: 'nonCompliant' });
    await putFindings('b', everywhere('unknown'));
    const page = (filter: object, limit = 100, continuation?: string) =>
      pageOfFindings(services(), filter, { limit, continuation });
    expect((await page({ targetId: 'a' })).items).toHaveLength(controlIds.length);
    expect((await page({ control: 'license' })).items).toHaveLength(2);
    expect((await page({ verdict: 'nonCompliant' })).items).toMatchObject([
      { targetId: 'a', control: 'license' },
    ]);
    const first = await page({}, 8);
    const second = await page({}, 8, first.continuation);
    expect([...first.items, ...second.items]).toHaveLength(2 * controlIds.length);
    expect(second.continuation).toBeUndefined();
    for (const forged of ['nonsense', '7', '{"nextPartitionKey":7}', '{"nextPartitionKey":"a","more":1}']) {
      const continuation = Buffer.from(forged).toString('base64url');
      await expect(page({}, 5, continuation)).rejects.toThrow(InputError);
    }
  });

  it('say what is missing', async () => {
    await expect(getFinding(services(), 'a', 'license')).rejects.toThrow('There is no target a.');
    await storage.putTarget('a');
    await expect(getFinding(services(), 'a', 'license')).rejects.toThrow('license has not run on a yet');
    await storage.putFinding('a', 'license');
    expect(await getFinding(services(), 'a', 'license')).not.toHaveProperty('digest');
  });

  it('have a history, which an unknown target has not', async () => {
    await expect(pageOfHistory(services(), 'a', {}, { limit: 10 })).rejects.toThrow(NotFoundError);
    await storage.putTarget('a');
    expect(await pageOfHistory(services(), 'a', { control: 'license' }, { limit: 10 })).toEqual({
      items: [],
    });
  });
});

it('puts a visit of every target that is not paused into the queue, and says so of a night', async () => {
  await storage.putTarget('a');
  await storage.putTarget('b', { paused: true });
  await storage.putTarget('c');
  await dispatchNight(services(), telemetry, { controls: ['account', 'license'], schedule: '0 0 2 * * *' });
  await telemetry.flush();
  const runId = services().now().toISOString().slice(0, 10);
  const messages = (await storage.messages('syncwarden-audits')).map((text) => JSON.parse(text) as object);
  expect(messages).toEqual(
    ['a', 'c'].map((targetId) => ({ targetId, controls: ['account', 'license'], runId })),
  );
  expect(telemetry.events.filter(({ name }) => name === 'NightDispatched')).toMatchObject([
    { properties: { runId, controls: 'account,license' }, measurements: { targets: 2 } },
  ]);
});
