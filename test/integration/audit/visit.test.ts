import { TableClient } from '@azure/data-tables';
import { work } from '../../../src/lib/audit/work';
import { control, controls as allControls } from '../../../src/lib/controls';
import type { StoredTarget, Target } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import { auditQueueName } from '../../../src/lib/storage/queue-names';
import { SimulatedTenant } from '../../support/simulated-tenant';
import { at, evaluation, TestStorage, TestTelemetry } from '../../support/storage';

let storage: TestStorage;
let tenant: SimulatedTenant;
let telemetry: TestTelemetry;
let hours: number;
beforeAll(async () => {
  [storage, tenant] = await Promise.all([TestStorage.start(), SimulatedTenant.start()]);
});
beforeEach(() => {
  telemetry = new TestTelemetry();
  hours = 1;
});
afterEach(async () => {
  jest.restoreAllMocks();
  tenant.reset();
  await storage.clear();
});
afterAll(async () => {
  await tenant.close();
  await storage.stop();
});

const targetId = 'contoso-rooms';
const runId = '2026-11-01';
/** The controls that the directory answers. */
const four: ControlId[] = ['account', 'password-expiry', 'license', 'consent'];
const visitOf = (...controls: ControlId[]) => ({ targetId, controls, runId });

function putContoso(options: Partial<Target> = {}): Promise<StoredTarget> {
  const { targetId: id, createdAt, updatedAt, serviceAccountId, ...definition } = tenant.target();
  return storage.putTarget(id, { ...definition, ...options }, at(hours));
}

/** As the queue hands a message out: put in at the hour 0, for the first time unless told. */
const delivery = (dequeueCount = 1) => ({
  expirationTime: at(7 * 24).toISOString(),
  insertionTime: at(0).toISOString(),
  dequeueCount,
});

async function deliver(message: object, metadata: unknown = delivery()): Promise<void> {
  const services = { ...storage.services(() => at(hours)), tenants: tenant.tenants() };
  await work(services, telemetry, storage.log, message, metadata);
  await telemetry.flush();
}

const findings = async () => (await storage.findings.page({ targetId }, { limit: 100 })).items;
const kept = async () => (await findings()).map(({ control: id }) => id);
const history = async () => (await storage.history.page(targetId, undefined, { limit: 100 })).items;
const queued = async () =>
  (await storage.messages(auditQueueName)).map((text) => JSON.parse(text) as unknown);
/** Also what is not to be seen before its time. */
const sent = () => jest.spyOn(storage.queue, 'sendLater');
const sorted = (ids: readonly string[]) => [...ids].sort();

/** Each of these controls has a finding of this run, a transition, and nothing that waits to be announced. */
async function expectDone(controls: readonly ControlId[]): Promise<void> {
  const all = await findings();
  expect(sorted(all.map(({ control: id }) => id))).toEqual(sorted(controls));
  for (const finding of all) expect(finding).toMatchObject({ runId, pending: [] });
  expect(sorted((await history()).map((transition) => transition.control))).toEqual(sorted(controls));
  const announced = telemetry.named('ComplianceTransition').map(({ transitionId }) => transitionId);
  expect(new Set(announced).size).toBe(controls.length);
}

describe('a visit', () => {
  it('keeps what all controls find, and has one transition for each', async () => {
    await putContoso();
    await deliver(visitOf(...four));
    await expectDone(four);
    expect(await queued()).toEqual([]);
    expect(sorted(telemetry.named('AuditCompleted').map((event) => event.control ?? ''))).toEqual(
      sorted(four),
    );
  });

  it('asks Microsoft 365 twice for four controls, however many of them need the same', async () => {
    await putContoso({ exchangeReader: 'graph' });
    await deliver(visitOf(...four));
    expect(tenant.simulator.requests.filter(({ batched }) => !batched)).toHaveLength(2);
  });

  it('takes five operations of storage in a night without changes, with all controls there are', async () => {
    const all = allControls.map(({ id }) => id);
    await putContoso();
    await deliver(visitOf(...all));
    hours = 25;
    const written = await storage.writesOf(async () => {
      expect(await storage.requestsOf(() => deliver(visitOf(...all)))).toBe(5);
    });
    expect(written).toBe(all.length);
    expect((await findings()).every(({ checkedAt }) => checkedAt === at(25).toISOString())).toBe(true);
  });

  it('is asked for by a message of the older form as well', async () => {
    await putContoso();
    await deliver({ targetId, control: 'license', runId });
    await expectDone(['license']);
  });
});

describe('a control of a visit', () => {
  /** What is found cannot be kept: no JSON can hold it. */
  const spoil = (id: ControlId) =>
    jest.spyOn(control(id), 'evaluate').mockImplementation(() => evaluation([], { evidence: { count: 1n } }));

  it('that cannot be kept goes back by itself, and the others are kept', async () => {
    await putContoso();
    const later = sent();
    spoil('license');
    await deliver(visitOf(...four));
    await expectDone(['account', 'password-expiry', 'consent']);
    expect(later.mock.calls.map(([message]) => message)).toEqual([visitOf('license')]);
    expect(storage.said.join('\n')).toMatch(/What a control found could not be kept .*"control":"license"/);
  });

  it('that can never be kept fails in the end, and by itself', async () => {
    await putContoso();
    spoil('license');
    for (let attempt = 1; attempt <= 5; attempt++)
      await expect(deliver(visitOf('license'), delivery(attempt))).rejects.toThrow('BigInt');
    expect(await findings()).toEqual([]);
  });

  it('is kept when it can be again', async () => {
    await putContoso();
    const spoilt = spoil('license');
    await deliver(visitOf(...four));
    spoilt.mockRestore();
    hours = 2;
    await deliver(visitOf('license'));
    await expectDone(four);
  });

  it('that gives way to throttling is put back by itself, and the others are kept', async () => {
    await putContoso();
    const later = sent();
    const end = tenant.simulator.fail({ match: /subscribedSkus/, status: 429, retryAfter: 60 });
    await deliver(visitOf(...four));
    await expectDone(['account', 'password-expiry', 'consent']);
    expect(later.mock.calls.map(([message]) => message)).toEqual([visitOf('license')]);
    expect(later.mock.calls[0]?.[1]).toBeGreaterThanOrEqual(60_000);
    end();
    hours = 1.1;
    await deliver(visitOf('license'));
    await expectDone(four);
  });

  it('that was overtaken is compared and written again, and only that one', async () => {
    await putContoso();
    await deliver(visitOf(...four));
    hours = 25;
    const putAll = storage.findings.putAll.bind(storage.findings);
    const puts = jest.spyOn(storage.findings, 'putAll').mockImplementationOnce(async (given) => {
      const last = await storage.findings.get(targetId, 'license');
      if (last !== undefined) await storage.findings.put({ ...last, runId: 'theirs' }, last);
      return putAll(given);
    });
    await deliver({ ...visitOf(...four), runId: '2026-11-02' });
    expect(puts.mock.calls.map(([given]) => given.map(({ finding }) => finding.control))).toEqual([
      four,
      ['license'],
    ]);
    for (const finding of await findings()) expect(finding).toMatchObject({ runId: '2026-11-02' });
    expect(await history()).toHaveLength(4);
  });

  it('whose row the service refuses keeps no other from being written', async () => {
    await putContoso();
    const submit: unknown = Reflect.get(TableClient.prototype, 'submitTransaction');
    const create: unknown = Reflect.get(TableClient.prototype, 'createEntity');
    const tooLarge = Object.assign(new Error('EntityTooLarge'), { statusCode: 400 });
    jest.spyOn(TableClient.prototype, 'submitTransaction').mockImplementation(async function (
      this: TableClient,
      actions,
    ) {
      const rows: { rowKey: string }[] = actions.map(([, row]) => row);
      if (rows.some(({ rowKey }) => rowKey === 'license')) throw tooLarge;
      return (submit as TableClient['submitTransaction']).call(this, actions);
    });
    jest.spyOn(TableClient.prototype, 'createEntity').mockImplementation(async function (
      this: TableClient,
      row,
    ) {
      if (row.rowKey === 'license') throw tooLarge;
      return (create as TableClient['createEntity']).call(this, row);
    });
    const later = sent();
    await deliver(visitOf(...four));
    expect(sorted(await kept())).toEqual(sorted(['account', 'password-expiry', 'consent']));
    expect(later.mock.calls.map(([message]) => message)).toEqual([visitOf('license')]);
  });
});

describe('a process that dies in a visit', () => {
  const end = new Error('The process has ended.');
  const steps = {
    'while it reads': () => jest.spyOn(storage.findings, 'lookAll').mockRejectedValueOnce(end),
    'before it writes': () => jest.spyOn(storage.findings, 'putAll').mockRejectedValueOnce(end),
    'right after it has written': () => {
      const putAll = storage.findings.putAll.bind(storage.findings);
      jest.spyOn(storage.findings, 'putAll').mockImplementationOnce(async (given) => {
        await putAll(given);
        throw end;
      });
    },
    'before the history': () => jest.spyOn(storage.history, 'add').mockRejectedValueOnce(end),
    'before it has struck off what was announced': () => {
      const putAll = storage.findings.putAll.bind(storage.findings);
      jest.spyOn(storage.findings, 'putAll').mockImplementationOnce(putAll).mockRejectedValueOnce(end);
    },
  };

  it.each(Object.entries(steps))('%s loses nothing, and doubles nothing', async (_step, dieAt) => {
    await putContoso();
    dieAt();
    await deliver(visitOf(...four)).catch(() => undefined);
    telemetry.die();
    const before = await kept();
    hours = 2;
    tenant.simulator.clearRequests();
    await deliver(visitOf(...four), delivery(2));
    // What was kept is not done again: it may still have to be announced.
    for (const id of before)
      expect(await storage.findings.get(targetId, id)).toMatchObject({ checkedAt: at(1).toISOString() });
    if (before.length === four.length) expect(tenant.simulator.requests).toEqual([]);
    hours = 25;
    await deliver(visitOf(...four));
    await expectDone(four);
  });

  it('does again what was kept before the target was changed', async () => {
    await putContoso();
    await deliver(visitOf(...four));
    hours = 2;
    await putContoso({ allowedExtraGrants: ['Place.Read.All'] });
    hours = 3;
    await deliver(visitOf(...four), delivery(2));
    for (const finding of await findings()) expect(finding.checkedAt).toBe(at(3).toISOString());
  });

  it('does again what was kept before its message was put in', async () => {
    await putContoso();
    await deliver(visitOf(...four));
    hours = 25;
    const tonight = { ...delivery(2), insertionTime: at(24).toISOString() };
    await deliver(visitOf(...four), tonight);
    for (const finding of await findings()) expect(finding.checkedAt).toBe(at(25).toISOString());
  });
});

describe('a visit that is asked for twice at once', () => {
  it('has one transition for each control', async () => {
    await putContoso();
    await Promise.all([1, 2, 3].map(() => deliver(visitOf(...four))));
    await expectDone(four);
  });
});

describe('a target', () => {
  /** Does something once, right before the findings are written. */
  const meanwhile = (action: () => Promise<unknown>) => {
    const lookAll = storage.findings.lookAll.bind(storage.findings);
    jest.spyOn(storage.findings, 'lookAll').mockImplementationOnce(async (...given) => {
      await action();
      return lookAll(...given);
    });
  };

  it('that is deleted during its visit leaves nothing behind', async () => {
    await putContoso();
    const putAll = storage.findings.putAll.bind(storage.findings);
    jest.spyOn(storage.findings, 'putAll').mockImplementationOnce(async (given) => {
      await storage.targets.delete(targetId);
      await storage.findings.deleteAll(targetId);
      return putAll(given);
    });
    await expect(deliver(visitOf(...four))).rejects.toThrow('was changed while it was being audited');
    expect(await findings()).toEqual([]);
    // The message comes again, and there is nothing to be done.
    await deliver(visitOf(...four), delivery(2));
    expect(await findings()).toEqual([]);
    expect(await history()).toEqual([]);
  });

  it('that is changed during its visit is visited again as it is then', async () => {
    await putContoso();
    meanwhile(async () => {
      hours = 2;
      await putContoso({ allowedExtraGrants: ['Place.Read.All'] });
    });
    const visit = deliver(visitOf(...four));
    // Read before it was changed, or after: either way nothing of the old definition is kept.
    await visit.catch((error: unknown) =>
      expect((error as Error).message).toContain('was changed while it was being audited'),
    );
    hours = 3;
    await deliver(visitOf(...four), delivery(2));
    await expectDone(four);
  });
});
