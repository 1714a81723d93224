import { TableClient } from '@azure/data-tables';
import { deleteTarget } from '../../../src/lib/api/targets';
import { recordOne } from '../../support/record';
import { auditTarget } from '../../../src/lib/audit/run';
import { control } from '../../../src/lib/controls';
import type { Control, Evaluation } from '../../../src/lib/controls/control';
import { TargetChangedError } from '../../../src/lib/errors';
import { lineLog } from '../../../src/lib/log';
import type { StoredTarget } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import type { StoredFinding } from '../../../src/lib/storage/findings';
import { watch } from '../../../src/lib/watch/watchdog';
import {
  at,
  evaluation,
  homeTenant,
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
});
beforeEach(async () => {
  telemetry = new TestTelemetry();
  hours = 1;
  target = await storage.putTarget('a');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
});
afterAll(() => storage.stop());

const broken = evaluation([violation('license.none', { resource: 'svc@contoso.com', actual: 'none' })]);
const other = evaluation([violation('license.suspended')]);

const services = () => storage.services(() => at(hours));

/** A control that reads nothing, and comes to what it is told. */
function telling(of: () => Evaluation, id: ControlId = 'license'): Control<unknown> {
  return { ...control(id), collect: () => Promise.resolve({}), evaluate: of };
}

const audit = (of: Evaluation, id?: ControlId) =>
  auditTarget(services(), telemetry, target, [telling(() => of, id)], 'run');

const keep = (of: Evaluation) =>
  recordOne(
    {
      target,
      control: control('license'),
      evaluation: of,
      runId: 'run',
      checkedAt: at(hours),
      requests: 1,
    },
    storage,
    telemetry,
  );

const stored = () => storage.findings.get('a', 'license');
const history = async () => (await storage.history.page('a', undefined, { limit: 100 })).items;
const announced = () => telemetry.named('ComplianceTransition');

/** What becomes of a write when someone else was faster. */
const overtaken = { status: 'fulfilled', value: undefined } as const;

/** Lets someone else write the finding once, right before the next write of it. */
function overtake(write: (last: StoredFinding | undefined) => Promise<unknown>): void {
  const putAll = storage.findings.putAll.bind(storage.findings);
  jest.spyOn(storage.findings, 'putAll').mockImplementationOnce(async (puts) => {
    await write(await stored());
    return putAll(puts);
  });
}

describe('a finding that two write at once', () => {
  it('is compared again with what the other one wrote first', async () => {
    await keep(evaluation());
    hours = 2;
    overtake((last) => storage.findings.put({ ...(last as StoredFinding), runId: 'theirs' }, last));
    await keep(broken);
    expect(await stored()).toMatchObject({ verdict: 'nonCompliant', runId: 'run', pending: [] });
    expect((await history()).map(({ verdict }) => verdict)).toEqual(['nonCompliant', 'compliant']);
  });

  it('has one transition when the other one was the first and found the same', async () => {
    overtake(() => keep(broken));
    await keep(broken);
    expect(await history()).toHaveLength(1);
    expect(new Set(announced().map(({ transitionId }) => transitionId)).size).toBe(1);
  });

  it('stays as the later reading found it', async () => {
    overtake(async () => {
      hours = 5;
      await keep(broken);
      hours = 1;
    });
    const run = keep(evaluation());
    expect(await run).toMatchObject({ verdict: 'nonCompliant', checkedAt: at(5).toISOString() });
    expect(await history()).toHaveLength(1);
  });

  it('is given up when others never stop writing', async () => {
    await keep(evaluation());
    const put = jest.spyOn(storage.findings, 'putAll').mockResolvedValue([overtaken]);
    hours = 2;
    await expect(keep(broken)).rejects.toThrow('is being written by too many at once');
    expect(put.mock.calls.length).toBeGreaterThan(3);
    expect(announced()).toHaveLength(1);
  });

  it('is not written when its target goes while it is being retried', async () => {
    await keep(evaluation());
    hours = 2;
    overtake(() => deleteTarget(services(), 'a'));
    await expect(keep(broken)).rejects.toThrow(TargetChangedError);
    expect(await stored()).toBeUndefined();
    // What was found before stays readable.
    expect(await history()).toHaveLength(1);
  });
});

describe('a process that dies', () => {
  /** Fails one step of the next record, as if the process had ended there. */
  const dieAt = (step: 'history' | 'announcement' | 'striking off') => {
    const end = new Error('The process has ended.');
    if (step === 'history') jest.spyOn(storage.history, 'add').mockRejectedValueOnce(end);
    if (step === 'announcement') telemetry.failures = 1;
    if (step === 'striking off') {
      const putAll = storage.findings.putAll.bind(storage.findings);
      jest.spyOn(storage.findings, 'putAll').mockImplementationOnce(putAll).mockRejectedValueOnce(end);
    }
  };

  const steps = ['history', 'announcement', 'striking off'] as const;

  it.each(steps)('at the %s leaves the rest to the next run', async (step) => {
    dieAt(step);
    await keep(broken).catch(() => undefined);
    telemetry.die();
    expect((await stored())?.pending).toHaveLength(1);
    hours = 25;
    await keep(broken);
    expect(await history()).toMatchObject([{ verdict: 'nonCompliant', at: at(1).toISOString() }]);
    expect(announced().at(-1)).toMatchObject({ codes: 'license.none', previousVerdict: '' });
    expect(await stored()).toMatchObject({ pending: [], since: at(1).toISOString() });
  });

  it.each(steps)('at the %s leaves the rest to the watchdog', async (step) => {
    dieAt(step);
    await keep(broken).catch(() => undefined);
    telemetry.die();
    hours = 2;
    expect(await watch(services(), telemetry)).toMatchObject({ announced: 1 });
    expect(await history()).toMatchObject([{ verdict: 'nonCompliant', reasons: broken.reasons }]);
    expect(announced().at(-1)).toMatchObject({ codes: 'license.none' });
    expect((await stored())?.pending).toEqual([]);
  });

  it('before the history was written loses neither that transition nor the next', async () => {
    dieAt('history');
    await expect(keep(broken)).rejects.toThrow('The process has ended.');
    hours = 25;
    await keep(other);
    expect(await history()).toMatchObject([
      { codes: ['license.suspended'] },
      { codes: ['license.none'], reasons: broken.reasons },
    ]);
    expect(announced().map(({ codes }) => codes)).toEqual(['license.none', 'license.suspended']);
  });
});

describe('an audit', () => {
  it('writes exactly one entity when nothing has changed', async () => {
    await audit(broken);
    hours = 25;
    expect(await storage.writesOf(() => audit(broken))).toBe(1);
    expect(await stored()).toMatchObject({ checkedAt: at(25).toISOString(), since: at(1).toISOString() });
  });

  it('tells a spell of unknown as such, and that the same violations are back', async () => {
    for (const night of [broken, evaluation([unreadable]), evaluation([unreadable]), broken]) {
      await audit(night);
      hours += 24;
    }
    expect(
      announced().map(({ previousVerdict, verdict, resumed }) => [previousVerdict, verdict, resumed]),
    ).toEqual([
      ['', 'nonCompliant', 'false'],
      ['nonCompliant', 'unknown', 'false'],
      ['unknown', 'nonCompliant', 'true'],
    ]);
    expect(await stored()).toMatchObject({ since: at(1).toISOString() });
  });

  it('says how long it took and what it cost, with the codes of its violations', async () => {
    const slow = telling(() => {
      hours += 0.001;
      return broken;
    });
    await auditTarget(services(), telemetry, target, [slow], 'run');
    await telemetry.flush();
    expect(telemetry.events.filter(({ name }) => name === 'AuditCompleted')).toEqual([
      {
        name: 'AuditCompleted',
        properties: {
          targetId: 'a',
          customerTenantId: homeTenant,
          control: 'license',
          verdict: 'nonCompliant',
          severity: 'high',
          waived: 'false',
          codes: 'license.none',
          at: at(1).toISOString(),
          runId: 'run',
        },
        measurements: { durationMs: 3600, requests: 0, violations: 1 },
      },
    ]);
  });

  const fault = (): never => {
    throw new TypeError('A fault in a control of Kim.');
  };
  const failing: [string, Partial<Control<unknown>>][] = [
    ['evaluating', { evaluate: fault }],
    ['collecting', { collect: () => Promise.reject(new TypeError('A fault in a control of Kim.')) }],
    ['collecting, at once', { collect: fault }],
  ];

  it.each(failing)('is unknown for the one control that fails in %s, and says so', async (_where, part) => {
    const said: string[] = [];
    const error = (line: string) => said.push(line);
    const logged = storage.services(() => at(hours), lineLog({ info: fault, warn: fault, error }));
    const chosen = [{ ...telling(fault, 'account'), ...part }, telling(() => broken)];
    const [failed, other] = await auditTarget(logged, telemetry, target, chosen, 'run');
    expect(failed).toMatchObject({
      verdict: 'unknown',
      verifiedAt: null,
      reasons: [{ code: 'unreadable.unavailable', level: 'unknown' }],
    });
    expect(failed?.summary).toMatch(/^A fault of Syncwarden itself kept account from being audited/);
    expect(failed?.summary).toContain('report it');
    // Nobody knows what such words may hold.
    expect(JSON.stringify(failed)).not.toContain('Kim');
    expect(other).toMatchObject({ verdict: 'nonCompliant' });
    expect(await stored()).toMatchObject({ verdict: 'nonCompliant' });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^A control failed unexpectedly \{"targetId":"a","control":"account","error":"TypeError/,
    );
  });

  it('keeps what was known when a control fails, and its violations come back as they were', async () => {
    await audit(broken);
    const before = await stored();
    hours = 25;
    await auditTarget(services(), telemetry, target, [telling(fault)], 'run');
    expect(await stored()).toMatchObject({ verdict: 'unknown', evidence: before?.evidence });
    hours = 49;
    await audit(broken);
    expect(await stored()).toMatchObject({ verdict: 'nonCompliant', since: at(1).toISOString() });
  });

  it('fails when it cannot be recorded, so that its message is tried again', async () => {
    const full = Object.assign(new Error('The account is full.'), { statusCode: 507 });
    jest.spyOn(storage.findings, 'putAll').mockRejectedValueOnce(full);
    await expect(audit(broken)).rejects.toBe(full);
    expect(await stored()).toBeUndefined();
  });

  it('fails when its tenant cannot be opened for a reason of our own', async () => {
    const broke = services();
    jest.spyOn(broke.tenants, 'open').mockImplementation(() => {
      throw new TypeError('A fault in the app.');
    });
    const run = auditTarget(broke, telemetry, target, [telling(() => broken)], 'run');
    await expect(run).rejects.toThrow('A fault in the app.');
    expect(await stored()).toBeUndefined();
  });
});

describe('the history of a target', () => {
  it('outlives it', async () => {
    await keep(broken);
    await deleteTarget(services(), 'a');
    expect(await stored()).toBeUndefined();
    expect(await history()).toMatchObject([{ verdict: 'nonCompliant', reasons: broken.reasons }]);
  });

  it('begins anew with a transition from nothing when it is made again', async () => {
    await keep(broken);
    await deleteTarget(services(), 'a');
    target = await storage.putTarget('a', {}, at(2));
    hours = 3;
    await keep(broken);
    expect(await history()).toMatchObject([
      { previousVerdict: null, at: at(3).toISOString() },
      { previousVerdict: null, at: at(1).toISOString() },
    ]);
  });
});

describe('the scores of a day', () => {
  const scored = () => telemetry.scores.map(({ properties }) => properties.targetId);

  it('go on after the target at which they ended', async () => {
    await storage.putTarget('b');
    await storage.putTarget('c');
    await storage.state.setScoreProgress({ date: '2026-11-01', lastTargetId: 'b' });
    expect(await watch(services(), telemetry)).toMatchObject({ scored: 1 });
    expect(scored()).toEqual(['c']);
    hours = 24;
    await watch(services(), telemetry);
    expect(scored()).toEqual(['c', 'a', 'b', 'c']);
  });

  it('are sent by the next round when they did not arrive', async () => {
    telemetry.failures = 1;
    await expect(watch(services(), telemetry)).rejects.toThrow('Telemetry was not delivered');
    telemetry.die();
    hours = 2;
    await watch(services(), telemetry);
    expect(scored()).toEqual(['a']);
    expect(await storage.state.scoreProgress()).toEqual({ date: '2026-11-01', lastTargetId: 'a' });
  });
});

it('does not take another fault of storage for a conflict', async () => {
  await keep(evaluation());
  hours = 25;
  const refused = Object.assign(new Error('The account is full.'), { statusCode: 507 });
  jest.spyOn(TableClient.prototype, 'updateEntity').mockRejectedValueOnce(refused);
  await expect(keep(broken)).rejects.toBe(refused);
});
