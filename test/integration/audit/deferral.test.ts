import { work } from '../../../src/lib/audit/work';
import { lineLog } from '../../../src/lib/log';
import type { Target } from '../../../src/lib/model/target';
import { auditQueueName } from '../../../src/lib/storage/queue-names';
import { SimulatedTenant } from '../../support/simulated-tenant';
import { at, TestStorage, TestTelemetry } from '../../support/storage';

let storage: TestStorage;
let tenant: SimulatedTenant;
let telemetry: TestTelemetry;
let said: string[];
let hours: number;
let sendLater: jest.SpyInstance;
beforeAll(async () => {
  [storage, tenant] = await Promise.all([TestStorage.start(), SimulatedTenant.start()]);
});
beforeEach(() => {
  telemetry = new TestTelemetry();
  said = [];
  hours = 0;
  sendLater = jest.spyOn(storage.queue, 'sendLater');
});
afterEach(async () => {
  sendLater.mockRestore();
  tenant.reset();
  await storage.clear();
});
afterAll(async () => {
  await tenant.close();
  await storage.stop();
});

const message = { targetId: 'contoso-rooms', controls: ['account'], runId: '2026-11-01' };
/** Metadata of a message that was put in at the hour 0, and lives for a week. */
const delivery = {
  expirationTime: at(7 * 24)
    .toISOString()
    .replace('.000Z', '+00:00'),
};

async function putContoso(options: Partial<Target> = {}): Promise<void> {
  const { targetId, createdAt, updatedAt, ...definition } = tenant.target({ exchangeReader: 'graph' });
  await storage.putTarget(targetId, { ...definition, ...options });
}

async function deliver(what: object = message, metadata: unknown = delivery): Promise<void> {
  const { targets, findings, history, resources, waivers, queue } = storage;
  const tables = { targets, findings, history, resources, waivers, queue };
  const write = (line: string) => said.push(line);
  const log = lineLog({ info: write, warn: write, error: write });
  const services = { ...tables, tenants: tenant.tenants(), now: () => at(hours) };
  await work(services, telemetry, log, what, metadata);
  await telemetry.flush();
}

const finding = () => storage.findings.get('contoso-rooms', 'account');
const throttle = (retryAfter: number, match = /users/) =>
  tenant.simulator.fail({ match, status: 429, retryAfter });
const queued = async () => {
  const { approximateMessagesCount } = await (await storage.rawQueue(auditQueueName)).getProperties();
  return approximateMessagesCount;
};

describe('a message for a tenant that is throttled', () => {
  it('is put back for as long as Microsoft 365 asks for, and nothing is recorded', async () => {
    await putContoso();
    throttle(60);
    await deliver();
    const [sent, delayMs, expiresAt] = sendLater.mock.calls[0] as [object, number, Date];
    expect(sent).toEqual(message);
    expect(delayMs).toBeGreaterThanOrEqual(60_000);
    expect(delayMs).toBeLessThanOrEqual(68_000);
    expect(expiresAt).toEqual(at(7 * 24));
    expect(await queued()).toBe(1);
    // It is not to be seen before its time.
    expect(await storage.messages(auditQueueName)).toEqual([]);
    expect(await finding()).toBeUndefined();
    expect(telemetry.named('AuditCompleted')).toEqual([]);
    expect(tenant.simulator.requests).toHaveLength(1);
    expect(said).toMatchObject([
      /^A visit is deferred \{"targetId":"contoso-rooms","controls":\["account"\],"seconds":6\d\}$/,
    ]);
  });

  it('is done when it comes back', async () => {
    await putContoso();
    const end = throttle(60);
    await deliver();
    end();
    hours = 0.02;
    await deliver();
    expect(await finding()).toMatchObject({ verdict: 'compliant', runId: message.runId });
    expect(telemetry.named('AuditCompleted')).toHaveLength(1);
    expect(sendLater).toHaveBeenCalledTimes(1);
  });

  it('leaves what was found before as it is', async () => {
    await putContoso();
    await deliver();
    const before = await finding();
    hours = 24;
    throttle(60);
    await deliver(message, { expirationTime: at(8 * 24).toISOString() });
    expect(sendLater).toHaveBeenCalledTimes(1);
    expect(await finding()).toEqual(before);
  });

  it('waits in its place when that does not take long', async () => {
    await putContoso();
    tenant.simulator.fail({ match: /users/, status: 429, retryAfter: 4, times: 1 });
    await deliver();
    expect(await finding()).toMatchObject({ verdict: 'compliant' });
    expect(sendLater).not.toHaveBeenCalled();
  });

  it('is unknown when there is no time left, with what was last known', async () => {
    await putContoso();
    await deliver();
    const good = await finding();
    throttle(60);
    hours = 3.99;
    await deliver();
    expect(sendLater).not.toHaveBeenCalled();
    expect(await finding()).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: 'unreadable.throttled' }],
      evidence: good?.evidence,
      verifiedAt: good?.verifiedAt,
    });
    expect(said.at(-1)).toContain('A visit was deferred until there was no time left');
    expect(telemetry.named('AuditCompleted')).toHaveLength(2);
  });

  it('is put off as ever by a clock that is five minutes ahead', async () => {
    await putContoso();
    throttle(60);
    hours = 5 / 60;
    await deliver();
    expect(sendLater).toHaveBeenCalledTimes(1);
    expect(await queued()).toBe(1);
    expect(await finding()).toBeUndefined();
  });

  it.each([24, 400 * 24])(
    'is unknown to a clock that is %i hours ahead, until one that is right has looked',
    async (ahead) => {
      await putContoso();
      const end = throttle(60);
      hours = ahead;
      await deliver();
      expect(sendLater).not.toHaveBeenCalled();
      expect(await finding()).toMatchObject({ verdict: 'unknown' });
      end();
      hours = 0.1;
      await deliver();
      expect(await finding()).toMatchObject({ verdict: 'compliant', checkedAt: at(0.1).toISOString() });
    },
  );

  it('that a clock which is a day behind has put off comes back, and ends all the same', async () => {
    await putContoso();
    throttle(60);
    hours = -24;
    await deliver();
    expect(sendLater).toHaveBeenCalledTimes(1);
    hours = 3.99;
    await deliver();
    expect(await finding()).toMatchObject({ verdict: 'unknown' });
  });

  it.each([[{}], [{ expirationTime: 'soon' }], [null]])(
    'waits in its place when its age is not known: %j',
    async (metadata) => {
      await putContoso();
      tenant.simulator.fail({ match: /users/, status: 429, retryAfter: 60, times: 1 });
      await deliver(message, metadata);
      expect(await finding()).toMatchObject({ verdict: 'compliant' });
      expect(sendLater).not.toHaveBeenCalled();
    },
  );
});

it('does not take half a reading for a whole one: what was read is not recorded without the rest', async () => {
  await putContoso();
  const consent = { ...message, controls: ['consent'] };
  tenant.state.oauth2PermissionGrants = [];
  const end = throttle(60, /appRoleAssignments/);
  await deliver(consent);
  expect(await storage.findings.get('contoso-rooms', 'consent')).toBeUndefined();
  end();
  await deliver(consent);
  expect(await storage.findings.get('contoso-rooms', 'consent')).toMatchObject({ verdict: 'nonCompliant' });
});

it('records at once what no patience mends', async () => {
  await putContoso();
  tenant.simulator.fail({ match: /users/, status: 403 });
  await deliver();
  expect(await finding()).toMatchObject({ verdict: 'unknown', reasons: [{ code: 'unreadable.permission' }] });
  await putContoso({ tenantId: '0f0f0f0f-0000-4000-8000-000000000001' });
  hours = 1;
  await deliver();
  expect((await finding())?.summary).toContain('FEDERATED_APP_CLIENT_ID');
  expect(sendLater).not.toHaveBeenCalled();
});

it('fails when it cannot be put back, so that the queue keeps it', async () => {
  await putContoso();
  throttle(60);
  sendLater.mockRejectedValueOnce(new Error('no queue'));
  await expect(deliver()).rejects.toThrow('no queue');
});
