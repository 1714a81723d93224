import { getFinding } from '../../../src/lib/api/findings';
import { deleteTarget, putTarget } from '../../../src/lib/api/targets';
import { dispatchNight } from '../../../src/lib/audit/dispatch';
import { auditTarget } from '../../../src/lib/audit/run';
import { control } from '../../../src/lib/controls';
import type { Control, Evaluation } from '../../../src/lib/controls/control';
import type { StoredTarget } from '../../../src/lib/model/target';
import { controlIds, type Reason } from '../../../src/lib/model/verdict';
import { auditQueueName } from '../../../src/lib/storage/queue-names';
import { type Acceptance, acceptRisk } from '../../../src/lib/waivers/accept';
import { pageOfWaivers, takeBack } from '../../../src/lib/waivers/waivers';
import { watch } from '../../../src/lib/watch/watchdog';
import {
  at,
  evaluation,
  homeTenant,
  numbered,
  target as targetOf,
  TestStorage,
  TestTelemetry,
  unreadable,
  violation,
} from '../../support/storage';

let storage: TestStorage;
let telemetry: TestTelemetry;
let hours: number;
let target: StoredTarget;
beforeAll(async () => {
  storage = await TestStorage.start();
}, 60_000);
beforeEach(async () => {
  telemetry = new TestTelemetry();
  hours = 1;
  present = [];
  version = control('license').version;
  target = await storage.putTarget('a');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
}, 60_000);
afterAll(() => storage.stop());

const services = () => storage.services(now);
/** Every look at the clock comes a millisecond after the one before. */
const now = () => at((hours += 1 / 3_600_000));

/** What the tenant is like at the moment, and how the control looks at it. */
let present: Reason[];
let version: number;
let whileReading: () => Promise<unknown>;
let evaluated: Partial<Evaluation>;
beforeEach(() => {
  whileReading = () => Promise.resolve();
  evaluated = {};
});
function license(): Control<unknown> {
  const collect = async () => {
    const facts = present;
    await whileReading();
    return facts;
  };
  const evaluate = (facts: unknown) => evaluation(facts as Reason[], evaluated);
  return { ...control('license'), version, collect, evaluate };
}

const [a, b, c] = ['a', 'b', 'c'].map((resource) => violation('license.none', { resource })) as [
  Reason,
  Reason,
  Reason,
];
const federated: Reason = { code: 'password.managedElsewhere', level: 'unknown', message: 'Elsewhere.' };
const ada = { name: 'Ada', objectId: '0d0d0d0d-0000-4000-8000-000000000001' };

const accept = (more: Partial<Acceptance> = {}, by = ada) =>
  acceptRisk(
    services(),
    telemetry,
    'a',
    license(),
    { reason: 'The licence comes next week.', expiresAt: at(24 * 100).toISOString(), ...more },
    by,
  );
/** An audit in the following night, or after so many hours. */
const night = async (later = 24) => {
  hours += later;
  const [finding] = await auditTarget(services(), telemetry, target, [license()], 'night');
  await telemetry.flush();
  return finding;
};
const finding = () => getFinding(services(), 'a', 'license');
const waiver = () => storage.waivers.get('a', 'license');
const history = async () =>
  (await storage.history.page('a', undefined, { limit: 100 })).items.reverse().map((one) => ({
    ...one,
    story: `${one.verdict} ${one.reasons.map(({ resource = '' }) => resource).join('')}${one.waived ? ' waived' : ''}`,
  }));
const story = async () => (await history()).map((transition) => transition.story);
const watchNow = async () => {
  const round = await watch(services(), telemetry);
  await telemetry.flush();
  return round;
};

describe('an accepted risk', () => {
  it('is told as it was accepted, and shown by the finding', async () => {
    present = [a, b];
    const { created, waiver: made } = await accept();
    expect(created).toBe(true);
    const found = await finding();
    expect(made).toEqual({
      targetId: 'a',
      control: 'license',
      by: 'Ada',
      reason: 'The licence comes next week.',
      createdAt: found.checkedAt,
      expiresAt: at(24 * 100).toISOString(),
      controlVersion: control('license').version,
      pinned: 2,
    });
    expect(found).toMatchObject({
      verdict: 'nonCompliant',
      waived: true,
      waiver: { by: 'Ada', reason: made.reason, expiresAt: made.expiresAt },
      counts: { violations: 2 },
    });
    expect(await waiver()).toMatchObject({ byObjectId: ada.objectId });
    expect(await pageOfWaivers(services(), 'a', { limit: 10 })).toEqual({ items: [made] });
  });

  it('counts as compliant in the score, and is audited every night all the same', async () => {
    for (const id of controlIds.filter((one) => one !== 'license')) await storage.putFinding('a', id);
    present = [a];
    await night(1);
    await watchNow();
    expect(telemetry.scores.at(-1)?.value).toBe((controlIds.length - 1) / controlIds.length);
    await accept();
    expect(await night()).toMatchObject({ waived: true, runId: 'night' });
    await watchNow();
    expect(telemetry.scores.at(-1)?.value).toBe(1);
    expect(telemetry.named('AuditCompleted').map(({ waived }) => waived)).toEqual(['false', 'true', 'true']);
  });

  it('is a transition, which says who accepted it, and none of the violations', async () => {
    present = [a];
    await night();
    const since = (await finding()).since;
    await accept();
    expect(await finding()).toMatchObject({ since });
    expect(await story()).toEqual(['nonCompliant a', 'nonCompliant a waived']);
    expect((await history())[1]).toMatchObject({
      previousVerdict: 'nonCompliant',
      resumed: false,
      waiver: { by: 'Ada', reason: 'The licence comes next week.' },
    });
    await telemetry.flush();
    expect(telemetry.named('ComplianceTransition').map(({ waived }) => waived)).toEqual(['false', 'true']);
  });

  it('costs one write a night when nothing changes', async () => {
    present = [a, b];
    await accept();
    expect(await storage.writesOf(() => night())).toBe(1);
    expect(await storage.writesOf(() => night())).toBe(1);
    expect(await story()).toEqual(['nonCompliant ab waived']);
  });

  it('shrinks with what goes, and re-opens when that comes back', async () => {
    present = [a, b];
    await accept();
    const { since } = await finding();
    present = [a];
    expect(await night()).toMatchObject({ waived: true, counts: { violations: 1 } });
    expect(await waiver()).toMatchObject({ pinned: 1 });
    expect(await storage.writesOf(() => night())).toBe(1);
    present = [a, b];
    const again = await night();
    expect(again).toMatchObject({ waived: false, waiver: null });
    expect(again?.since).not.toBe(since);
    present = [a];
    expect(await night()).toMatchObject({ waived: true });
    expect(await story()).toEqual([
      'nonCompliant ab waived',
      'nonCompliant a waived',
      'nonCompliant ab',
      'nonCompliant a waived',
    ]);
  });

  it.each([
    ['another violation', () => [a, b, c]],
    ['another value', () => [a, { ...b, actual: 'kiosk' }]],
  ])('re-opens with %s', async (_case, next) => {
    present = [a, b];
    await accept();
    present = next();
    expect(await night()).toMatchObject({ verdict: 'nonCompliant', waived: false, waiver: null });
    expect(telemetry.named('ComplianceTransition').at(-1)).toMatchObject({ waived: 'false' });
  });

  it('re-opens with a new version of the control', async () => {
    present = [a];
    await accept();
    const { since } = await finding();
    version++;
    expect(await night()).toMatchObject({ waived: false, since });
    expect(await story()).toEqual(['nonCompliant a waived', 'nonCompliant a']);
    expect(await waiver()).toMatchObject({ pinned: 1 });
  });

  it('re-opens with an audit after its last moment', async () => {
    present = [a];
    await accept({ expiresAt: at(48).toISOString() });
    hours = 47;
    expect(await night(0)).toMatchObject({ waived: true });
    hours = 48;
    expect(await night(0)).toMatchObject({ waived: false, waiver: null });
  });

  it('has nothing left once the finding is compliant', async () => {
    present = [a];
    await accept();
    present = [];
    expect(await night()).toMatchObject({ verdict: 'compliant', waived: false, waiver: null });
    expect(await waiver()).toBeUndefined();
    present = [a];
    expect(await night()).toMatchObject({ verdict: 'nonCompliant', waived: false });
  });

  it('outlasts a spell in which nothing could be read', async () => {
    present = [a, b];
    await accept();
    const { since } = await finding();
    present = [unreadable];
    expect(await night()).toMatchObject({ verdict: 'unknown', waived: false });
    present = [a, unreadable];
    await night();
    expect(await waiver()).toMatchObject({ pinned: 2 });
    present = [a, b];
    expect(await night()).toMatchObject({ waived: true });
    expect((await finding()).since).toBe(since);
    present = [unreadable];
    await night();
    present = [a, b];
    await night();
    expect((await history()).at(-1)).toMatchObject({ resumed: true, waived: true });
  });

  it('may be of some codes, and holds once nothing else is left', async () => {
    const other = violation('license.suspended');
    present = [a, other];
    const { waiver: made } = await accept({ codes: ['license.none'] });
    expect(made).toMatchObject({ codes: ['license.none'], pinned: 1 });
    expect(await finding()).toMatchObject({ waived: false, waiver: null });
    present = [a];
    expect(await night()).toMatchObject({ waived: true });
    present = [a, other];
    expect(await night()).toMatchObject({ waived: false });
  });

  it('may be an unknown that says how the tenant is, which is not stale while it is looked at', async () => {
    present = [federated];
    await accept();
    expect(await finding()).toMatchObject({ verdict: 'unknown', waived: true, verifiedAt: null });
    for (let count = 0; count < 3; count++) await night();
    await watchNow();
    expect(telemetry.named('AuditStale').map((event) => event.control)).not.toContain('license');
    // A night that has not come to it, and is over.
    hours += 26;
    await dispatchNight(services(), telemetry, { controls: ['license'], schedule: '0 0 2 * * *' });
    hours += 9;
    await watchNow();
    expect(telemetry.named('AuditStale').map((event) => event.control)).toContain('license');
    present = [federated, unreadable];
    expect(await night()).toMatchObject({ waived: false });
    present = [a];
    expect(await night()).toMatchObject({ verdict: 'nonCompliant', waived: false });
  });

  it('is the one that was put last', async () => {
    present = [a];
    await accept();
    present = [a, b];
    const grace = { name: 'Grace', objectId: 'grace' };
    const { created, waiver: made } = await accept({ reason: 'Both of them, for now.' }, grace);
    expect(created).toBe(false);
    expect(made).toMatchObject({ by: 'Grace', pinned: 2 });
    expect(await finding()).toMatchObject({ waiver: { by: 'Grace', reason: 'Both of them, for now.' } });
  });

  it('can be had of a paused target', async () => {
    target = await storage.putTarget('a', { paused: true }, at(2));
    present = [a];
    await accept();
    expect(await finding()).toMatchObject({ waived: true });
  });

  it('keeps its rows', async () => {
    present = [a];
    evaluated = { resources: numbered(3) };
    await accept();
    expect(await finding()).toMatchObject({ waived: true, counts: { resources: 3 } });
  });
});

describe('nothing to accept', () => {
  const nothing = { code: 'waiver.nothingToAccept' };

  it.each([
    ['a finding that is compliant', () => [], {}, 'license is compliant'],
    ['one that does not apply', () => [], { verdict: 'notApplicable' as const }, 'license is notApplicable'],
    ['what could not be read', () => [unreadable], {}, 'Microsoft 365 was busy.'],
    ['an unknown of which a part could not be read', () => [federated, unreadable], {}, 'cannot be accepted'],
  ])('is there in %s', async (_case, reasons, of, why) => {
    present = reasons();
    evaluated = of;
    await expect(accept()).rejects.toMatchObject({
      ...nothing,
      message: expect.stringContaining(why) as string,
    });
    expect(await waiver()).toBeUndefined();
    // The audit has run, and what it found is kept.
    expect(await finding()).toMatchObject({ waived: false });
  });

  it.each([
    ['one of them', [a, unreadable]],
    ['one of them, and something new', [a, c, unreadable]],
  ])('is there in what could be read now of more that is known: %s', async (_case, now) => {
    present = [a, b];
    await night();
    present = now;
    await expect(accept()).rejects.toMatchObject({
      code: 'waiver.nothingToAccept',
      message: expect.stringContaining(unreadable.message) as string,
    });
    expect(await waiver()).toBeUndefined();
    expect(await finding()).toMatchObject({ verdict: 'nonCompliant', waived: false });
    // What is known can be seen again, and be accepted with the rest.
    present = [...now, b];
    await accept();
    expect(await finding()).toMatchObject({ waived: true });
  });

  it('is not there in what is known where nothing of it is out of sight', async () => {
    present = [a, unreadable];
    await night();
    await accept();
    expect(await finding()).toMatchObject({ waived: true });
  });

  it('is there in codes that are not present, and what was accepted stays', async () => {
    present = [a];
    await accept();
    await expect(accept({ codes: ['license.suspended'] })).rejects.toMatchObject(nothing);
    expect(await finding()).toMatchObject({ waived: true });
  });

  it('is there in a tenant that cannot be reached', async () => {
    target = await storage.putTarget('a', { tenantId: '0f0f0f0f-0000-4000-8000-000000000001' }, at(2));
    await expect(accept()).rejects.toMatchObject(nothing);
  });

  it('is no matter of a hundred thousand violations, but of one more', async () => {
    const rooms = (count: number) =>
      Array.from({ length: count }, (_room, number) => violation('license.none', { resource: `r${number}` }));
    present = rooms(100_000);
    expect((await accept()).waiver.pinned).toBe(100_000);
    expect(await storage.writesOf(() => night())).toBe(1);
    expect(await finding()).toMatchObject({ waived: true, counts: { violations: 100_000 } });
    present = rooms(100_001);
    await expect(accept()).rejects.toMatchObject({
      errors: [{ path: 'codes', message: expect.stringContaining('too many') as string }],
    });
    expect(await finding()).toMatchObject({ waived: false });
  }, 120_000);

  it.each([
    ['the past', () => at(0), 'must be in the future'],
    ['this moment', () => at(1), 'must be in the future'],
    ['more than a year', () => at(1 + 24 * 366 + 0.01), 'must be within 366 days'],
  ])('is there until %s', async (_case, end, message) => {
    present = [a];
    await expect(accept({ expiresAt: end().toISOString() })).rejects.toMatchObject({
      errors: [{ path: 'expiresAt', message: expect.stringContaining(message) as string }],
    });
    expect(await storage.findings.get('a', 'license')).toBeUndefined();
  });

  it('is there on a target that does not exist', async () => {
    await deleteTarget(services(), 'a');
    await expect(accept()).rejects.toThrow('There is no target a.');
    await expect(takeBack(services(), telemetry, 'a', 'license')).rejects.toThrow('There is no target a.');
    await expect(pageOfWaivers(services(), 'a', { limit: 1 })).rejects.toThrow('There is no target a.');
  });

  it('turns the end into UTC', async () => {
    present = [a];
    const { waiver: made } = await accept({ expiresAt: '2026-12-01T00:00:00+02:00' });
    expect(made.expiresAt).toBe('2026-11-30T22:00:00.000Z');
  });
});

describe('an acceptance that is taken back', () => {
  const back = () => takeBack(services(), telemetry, 'a', 'license');

  it('re-opens the finding at once, without a reading', async () => {
    present = [a, b];
    await accept();
    const before = await finding();
    hours += 1;
    await back();
    expect(await waiver()).toBeUndefined();
    expect(await finding()).toEqual({ ...before, waived: false, waiver: null });
    expect(await story()).toEqual(['nonCompliant ab waived', 'nonCompliant ab']);
    await telemetry.flush();
    expect(telemetry.named('ComplianceTransition').at(-1)).toMatchObject({
      verdict: 'nonCompliant',
      previousVerdict: 'nonCompliant',
      waived: 'false',
      codes: 'license.none',
    });
    // The next audit, which was enqueued, tells the same and no further transition.
    expect(await storage.messages(auditQueueName)).toHaveLength(1);
    await night();
    expect(await story()).toHaveLength(2);
  });

  it('is not there twice, nor of a control of which nothing is accepted', async () => {
    present = [a];
    await accept();
    await back();
    await expect(back()).rejects.toThrow('Nothing of license is accepted on a.');
  });

  it('re-opens the finding also when an earlier attempt died in between', async () => {
    present = [a];
    await accept();
    jest.spyOn(storage.findings, 'put').mockRejectedValueOnce(new Error('The process has ended.'));
    await expect(back()).rejects.toThrow('The process has ended.');
    expect(await finding()).toMatchObject({ waived: true });
    await back();
    expect(await finding()).toMatchObject({ waived: false });
  });

  it('leaves a finding alone that is not accepted anyway', async () => {
    present = [a];
    await accept();
    present = [a, b];
    await night();
    await back();
    expect(await story()).toEqual(['nonCompliant a waived', 'nonCompliant ab']);
  });

  it('re-opens what another writes at the same time', async () => {
    present = [a];
    await accept();
    const put = storage.findings.put.bind(storage.findings);
    jest.spyOn(storage.findings, 'put').mockImplementationOnce(async (next, last) => {
      await night(1);
      return put(next, last);
    });
    await back();
    expect(await finding()).toMatchObject({ waived: false });
    expect(await story()).toEqual(['nonCompliant a waived', 'nonCompliant a']);
  });

  it('stands back when somebody accepts it again in that very moment', async () => {
    present = [a];
    await accept();
    const remove = storage.waivers.delete.bind(storage.waivers);
    jest.spyOn(storage.waivers, 'delete').mockImplementationOnce(async (...given) => {
      const existed = await remove(...given);
      await accept({ reason: 'Accepted once more.' });
      return existed;
    });
    await back();
    expect(await finding()).toMatchObject({ waived: true, waiver: { reason: 'Accepted once more.' } });
  });

  it('keeps what was not yet in the history, word for word', async () => {
    present = [a];
    jest.spyOn(storage.history, 'add').mockRejectedValueOnce(new Error('The process has ended.'));
    await expect(accept()).rejects.toThrow('The process has ended.');
    await back();
    expect(await history()).toMatchObject([
      { waived: true, waiver: { by: 'Ada' }, reasons: [a] },
      { waived: false, reasons: [a] },
    ]);
  });

  it('is given up when others never stop writing', async () => {
    present = [a];
    await accept();
    jest.spyOn(storage.findings, 'put').mockResolvedValue(undefined);
    await expect(back()).rejects.toThrow('is being written by too many at once');
  });
});

describe('the end of a waiver', () => {
  const day = 24;
  const expiring = () => telemetry.named('WaiverExpiring');

  it('takes effect within the hour, and is audited once', async () => {
    present = [a];
    await accept({ expiresAt: at(50).toISOString() });
    hours = 49;
    expect(await watchNow()).toMatchObject({ reopened: 0 });
    expect(await storage.messages(auditQueueName)).toEqual([]);
    hours = 50;
    expect(await watchNow()).toMatchObject({ reopened: 1 });
    expect(await finding()).toMatchObject({ verdict: 'nonCompliant', waived: false, waiver: null });
    expect(await story()).toEqual(['nonCompliant a waived', 'nonCompliant a']);
    const messages = await storage.messages(auditQueueName);
    expect(messages.map((text) => JSON.parse(text) as unknown)).toEqual([
      { targetId: 'a', controls: ['license'], runId: expect.stringMatching(/^manual-/) as string },
    ]);
    expect(await watchNow()).toMatchObject({ reopened: 0 });
    expect(await storage.messages(auditQueueName)).toHaveLength(1);
    // It is still listed, so that one can see why the finding is open again.
    expect((await pageOfWaivers(services(), 'a', { limit: 10 })).items).toHaveLength(1);
  });

  it('takes effect on a paused target without an audit', async () => {
    target = await storage.putTarget('a', { paused: true }, at(2));
    present = [a];
    await accept({ expiresAt: at(50).toISOString() });
    hours = 50;
    expect(await watchNow()).toMatchObject({ reopened: 1 });
    expect(await finding()).toMatchObject({ waived: false });
    expect(await storage.messages(auditQueueName)).toEqual([]);
  });

  it('is put off by accepting again', async () => {
    present = [a];
    await accept({ expiresAt: at(50).toISOString() });
    await accept({ expiresAt: at(90).toISOString() });
    hours = 51;
    expect(await watchNow()).toMatchObject({ reopened: 0 });
    expect(await finding()).toMatchObject({ waiver: { expiresAt: at(90).toISOString() } });
  });

  it('is announced from 14 days before, once a day', async () => {
    present = [a];
    await accept({ expiresAt: at(30 * day).toISOString() });
    hours = 16 * day - 1;
    expect(await watchNow()).toMatchObject({ expiring: 0 });
    hours = 16 * day;
    expect(await watchNow()).toMatchObject({ expiring: 1 });
    hours += 1;
    expect(await watchNow()).toMatchObject({ expiring: 0 });
    expect(expiring()).toEqual([
      {
        targetId: 'a',
        customerTenantId: homeTenant,
        control: 'license',
        verdict: 'nonCompliant',
        severity: 'high',
        waived: 'true',
        codes: 'license.none',
        expiresAt: at(30 * day).toISOString(),
      },
    ]);
    hours = 17 * day;
    expect(await watchNow()).toMatchObject({ expiring: 1 });
    hours = 30 * day;
    expect(await watchNow()).toMatchObject({ expiring: 0, reopened: 1 });
  });

  it('is announced again when that did not arrive', async () => {
    present = [a];
    await accept({ expiresAt: at(5 * day).toISOString() });
    telemetry.failures = 1;
    await expect(watchNow()).rejects.toThrow('Telemetry was not delivered');
    telemetry.die();
    await watchNow();
    await watchNow();
    expect(expiring()).toHaveLength(1);
  });

  it('is not announced for a paused target, and neither is that of a waiver without a finding lost', async () => {
    present = [a];
    await accept({ expiresAt: at(5 * day).toISOString() });
    await storage.targets.put(targetOf('a', { paused: true }), at(3));
    expect(await watchNow()).toMatchObject({ expiring: 0 });
    await storage.targets.put(targetOf('a'), at(4));
    await storage.findings.delete('a', 'license');
    expect(await watchNow()).toMatchObject({ expiring: 1 });
    expect(expiring()).toMatchObject([{ verdict: 'unknown', waived: 'false', codes: '' }]);
  });
});

describe('a target with accepted risks', () => {
  it('takes them along when it is deleted', async () => {
    present = [a];
    await accept();
    await deleteTarget(services(), 'a');
    expect(await waiver()).toBeUndefined();
    target = await storage.putTarget('a', {}, at(2));
    expect(await night()).toMatchObject({ waived: false });
  });

  it('loses them when it is about another account, and keeps them through other changes', async () => {
    present = [a];
    await accept();
    await putTarget(services(), targetOf('a', { allowedExtraGrants: ['Place.Read.All'] }));
    expect(await waiver()).toBeDefined();
    await putTarget(services(), targetOf('a', { serviceAccount: 'other@contoso.com' }));
    expect(await waiver()).toBeUndefined();
  });

  it('does not inherit one that was stored in the very moment in which it was made again', async () => {
    present = [a];
    await accept();
    const late = await waiver();
    if (late === undefined) throw new Error('There is no waiver.');
    await deleteTarget(services(), 'a');
    await storage.waivers.put(late);
    target = await storage.putTarget('a', {}, at(2));
    expect(await night()).toMatchObject({ waived: false });
    expect(await waiver()).toBeUndefined();
  });
});

describe('several at once', () => {
  it('end with one waiver, which the finding shows', async () => {
    present = [a, b];
    const by = ['Ada', 'Grace', 'Joan'];
    await Promise.all(
      by.map((name) => accept({ reason: `${name} accepts this.` }, { name, objectId: name })),
    );
    const stored = await waiver();
    expect(await finding()).toMatchObject({
      waived: true,
      waiver: { by: stored?.by, reason: stored?.reason },
    });
    expect(await storage.writesOf(() => night())).toBe(1);
  });

  it('start over when an audit that began later was kept first', async () => {
    present = [a];
    let audits = 0;
    whileReading = async () => {
      if (audits++ === 0) await night(0.1);
    };
    expect((await accept()).created).toBe(true);
    expect(await finding()).toMatchObject({ waived: true });
    expect(audits).toBe(3);
  });

  it('are given up when audits never stop overtaking', async () => {
    present = [a];
    let isAudit = false;
    whileReading = async () => {
      if (isAudit) return;
      isAudit = true;
      await night(0.1);
      // As if by another instance that does not see the waiver yet.
      const last = await storage.findings.get('a', 'license');
      if (last?.waived === true) await storage.findings.put({ ...last, waived: false, waiver: null }, last);
      isAudit = false;
    };
    await expect(accept()).rejects.toThrow('is being changed or audited too often at once');
  });

  it('leave it to whoever had the last word that this takes effect', async () => {
    present = [a];
    let readings = 0;
    whileReading = () => Promise.resolve(readings++);
    const put = storage.waivers.put.bind(storage.waivers);
    jest.spyOn(storage.waivers, 'put').mockImplementationOnce(async (one) => {
      const stored = await put(one);
      await accept({ reason: 'Somebody else was faster.' });
      return stored;
    });
    await accept();
    expect(readings).toBe(2);
    expect(await waiver()).toMatchObject({ reason: 'Somebody else was faster.' });
    expect(await finding()).toMatchObject({ waiver: { reason: 'Somebody else was faster.' } });
  });

  it('start over when the target was changed under it, and end when it is gone', async () => {
    present = [a];
    let changes = 0;
    whileReading = async () => {
      if (changes++ === 0) await storage.targets.put(targetOf('a', { paused: true }), at(2));
    };
    await accept();
    expect(await finding()).toMatchObject({ waived: true });
    whileReading = () => storage.targets.delete('a');
    await expect(accept()).rejects.toThrow('There is no target a.');
  });

  it('do not let an audit that began before end what was accepted after', async () => {
    present = [];
    let audits = 0;
    whileReading = async () => {
      if (audits++ > 0) return;
      // The audit has seen a healthy tenant; meanwhile it breaks, and somebody accepts that.
      present = [a];
      await accept();
    };
    expect(await night()).toMatchObject({ waived: true, runId: expect.stringMatching(/^manual-/) as string });
    expect(await waiver()).toBeDefined();
  });

  it('show the waiver with the next audit when the process died right after it was stored', async () => {
    present = [a];
    jest.spyOn(storage.findings, 'putAll').mockRejectedValueOnce(new Error('The process has ended.'));
    await expect(accept()).rejects.toThrow('The process has ended.');
    expect(await night()).toMatchObject({ waived: true });
  });

  it('leave what a newer waiver pins', async () => {
    present = [a, b];
    await accept();
    present = [a];
    const shrink = storage.waivers.shrink.bind(storage.waivers);
    jest.spyOn(storage.waivers, 'shrink').mockImplementationOnce(async (...given) => {
      present = [a, b];
      await accept({ reason: 'Both of them, for now.' });
      return shrink(...given);
    });
    await night();
    expect(await waiver()).toMatchObject({ pinned: 2, reason: 'Both of them, for now.' });
  });
});
