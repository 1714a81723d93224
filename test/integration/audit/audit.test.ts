import { freePort } from '../../../local/ports';
import { announce } from '../../../src/lib/audit/announce';
import { recordOne } from '../../support/record';
import { auditNow, auditTarget } from '../../../src/lib/audit/run';
import { work } from '../../../src/lib/audit/work';
import { control } from '../../../src/lib/controls';
import { NotFoundError, TargetChangedError } from '../../../src/lib/errors';
import { lineLog } from '../../../src/lib/log';
import type { StoredTarget, Target } from '../../../src/lib/model/target';
import { acceptRisk } from '../../../src/lib/waivers/accept';
import { controlIds } from '../../../src/lib/model/verdict';
import { SimulatedTenant } from '../../support/simulated-tenant';
import { at, evaluation, TestStorage, TestTelemetry, violation } from '../../support/storage';

let storage: TestStorage;
let tenant: SimulatedTenant;
let telemetry: TestTelemetry;
let hours: number;
beforeAll(async () => {
  [storage, tenant] = await Promise.all([TestStorage.start(), SimulatedTenant.start()]);
});
beforeEach(() => {
  telemetry = new TestTelemetry();
  hours = 0;
});
afterEach(async () => {
  tenant.reset();
  await storage.clear();
});
afterAll(async () => {
  await tenant.close();
  await storage.stop();
});

const said: string[] = [];
const write = (line: string) => said.push(line);
const log = lineLog({ info: write, warn: write, error: write });

function services() {
  const { targets, findings, history, resources, waivers, queue } = storage;
  const tables = { targets, findings, history, resources, waivers };
  return { ...tables, queue, tenants: tenant.tenants(), now: () => at(hours), log };
}

/** Stores the target that watches the simulated tenant. */
async function putContoso(options: Partial<Target> = {}): Promise<StoredTarget> {
  const { targetId, createdAt, updatedAt, ...definition } = tenant.target();
  return storage.putTarget(targetId, { ...definition, ...options });
}

function recordsOf() {
  const { targets, findings, history: kept, resources, waivers, now, log } = storage;
  return { targets, findings, history: kept, resources, waivers, now, log };
}

const history = async () => (await storage.history.page('contoso-rooms', undefined, { limit: 100 })).items;
const run = (target: StoredTarget, of = evaluation(), checkedAt = at(hours)) => ({
  target,
  control: control('account'),
  evaluation: of,
  runId: '2026-11-01',
  checkedAt,
  requests: 1,
});

describe('an audit', () => {
  it('keeps what every control finds, and says so', async () => {
    await putContoso();
    const found = await auditNow(services(), telemetry, 'contoso-rooms', undefined);
    await telemetry.flush();
    expect(found.map((finding) => [finding.control, finding.verdict])).toEqual(
      controlIds.map((id) => [id, 'compliant']),
    );
    expect(found.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(20);
    expect(telemetry.named('AuditCompleted')).toHaveLength(controlIds.length);
    expect(telemetry.named('ComplianceTransition')).toHaveLength(controlIds.length);
    expect(await history()).toHaveLength(controlIds.length);
    expect(await storage.targets.get('contoso-rooms')).toMatchObject({
      serviceAccountId: 'c0170507-0000-4000-8000-000000000011',
      serviceAccountUpn: 'svc-condeco@contoso.com',
    });
  });

  it.each([
    ['another of its addresses', 'svc-condeco@contoso.onmicrosoft.com'],
    ['its object id', 'c0170507-0000-4000-8000-000000000011'],
  ])('notices that an account was renamed that the target names by %s', async (_what, serviceAccount) => {
    await putContoso({ serviceAccount });
    const audit = async () => {
      const [found] = await auditNow(services(), telemetry, 'contoso-rooms', ['account']);
      hours++;
      return found?.reasons.map(({ code, actual }) => [code, actual]);
    };
    expect(await audit()).toEqual([]);
    Object.assign(tenant.state.users[0] ?? {}, { userPrincipalName: 'svc-rooms@contoso.com' });
    const renamed = [['account.renamed', 'svc-rooms@contoso.com']];
    expect([await audit(), await audit()]).toEqual([renamed, renamed]);
    Object.assign(tenant.state.users[0] ?? {}, { userPrincipalName: 'svc-condeco@contoso.com' });
    expect(await audit()).toEqual([]);
  });

  it('knows on the next night what Exchange itself said otherwise of a room', async () => {
    await putContoso();
    const audit = async () => {
      const [found] = await auditNow(services(), telemetry, 'contoso-rooms', ['impersonation']);
      hours += 24;
      return found?.verdict;
    };
    const test = /Test-ServicePrincipalAuthorization/;
    tenant.state.exchange.authorizationExceptions = [{ resource: 'room-amber@contoso.com', inScope: false }];
    expect(await audit()).toBe('unknown');
    tenant.simulator.fail({ match: test, status: 403 });
    expect([await audit(), await audit()]).toEqual(['unknown', 'unknown']);
    tenant.simulator.reset();
    expect(await audit()).toBe('compliant');
  });

  it.each(['lists', 'mailboxes'] as const)(
    'keeps what was accepted of rooms while their %s are gone',
    async (what) => {
      const { exchange } = tenant.state;
      const [list] = exchange.distributionGroups;
      await putContoso({
        rooms:
          what === 'lists'
            ? { source: 'roomLists', roomLists: [list?.PrimarySmtpAddress ?? ''] }
            : { source: 'mailboxes', mailboxes: ['room-beryl@contoso.com'] },
      });
      const beryl = exchange.calendarProcessing.find(({ Identity }) => Identity === 'Beryl');
      Object.assign(beryl ?? {}, { AutomateProcessing: 'None' });
      const expiresAt = at(24 * 100).toISOString();
      const [ada, agreed] = [
        { name: 'Ada', objectId: 'ada' },
        { reason: 'Not used yet.', expiresAt },
      ];
      await acceptRisk(services(), telemetry, 'contoso-rooms', control('rooms'), agreed, ada);
      const audit = async () => {
        hours += 24;
        const [found] = await auditNow(services(), telemetry, 'contoso-rooms', ['rooms']);
        return [found?.verdict, found?.waived];
      };
      expect(await audit()).toEqual(['nonCompliant', true]);
      const { distributionGroups, recipients } = exchange;
      if (what === 'lists') exchange.distributionGroups = [];
      else exchange.recipients = recipients.filter(({ DisplayName }) => DisplayName !== 'Beryl');
      expect((await audit())[0]).toBe('unknown');
      expect(await storage.waivers.get('contoso-rooms', 'rooms')).toBeDefined();
      Object.assign(exchange, { distributionGroups, recipients });
      expect(await audit()).toEqual(['nonCompliant', true]);
    },
  );

  it('writes one entity per control when nothing has changed', async () => {
    await putContoso();
    await auditNow(services(), telemetry, 'contoso-rooms', undefined);
    hours = 24;
    const audit = () => auditNow(services(), telemetry, 'contoso-rooms', undefined);
    expect(await storage.writesOf(audit)).toBe(controlIds.length);
    expect(await history()).toHaveLength(controlIds.length);
  });

  it('runs the controls that were asked for', async () => {
    await putContoso();
    const found = await auditNow(services(), telemetry, 'contoso-rooms', ['license', 'account']);
    expect(found.map((finding) => finding.control)).toEqual(['account', 'license']);
  });

  it('is refused for a target that does not exist', async () => {
    await expect(auditNow(services(), telemetry, 'nobody', undefined)).rejects.toThrow(NotFoundError);
  });

  it('is unknown where no token can be had for the tenant', async () => {
    await putContoso({ tenantId: '0f0f0f0f-0000-4000-8000-000000000001' });
    const found = await auditNow(services(), telemetry, 'contoso-rooms', ['account']);
    expect(found).toMatchObject([
      { verdict: 'unknown', reasons: [{ code: 'unreadable.permission' }], requests: 0 },
    ]);
    expect(found[0]?.summary).toContain('FEDERATED_APP_CLIENT_ID');
  });

  it('is unknown while nobody answers where the tenant should be, and fine again afterwards', async () => {
    await putContoso();
    const nobody = `https://localhost:${await freePort()}`;
    const unreachable = {
      ...services(),
      tenants: tenant.tenants({ graphEndpoint: nobody, exchangeEndpoint: nobody }),
    };
    const found = await auditNow(unreachable, telemetry, 'contoso-rooms', undefined);
    for (const { verdict, reasons, verifiedAt } of found) {
      expect({ verdict, verifiedAt }).toEqual({ verdict: 'unknown', verifiedAt: null });
      for (const { code } of reasons) expect(code).toBe('unreadable.unavailable');
    }
    hours = 1;
    expect(await auditNow(services(), telemetry, 'contoso-rooms', ['account'])).toMatchObject([
      { verdict: 'compliant' },
    ]);
  });

  it('keeps the evidence of the last good night while the tenant cannot be read', async () => {
    await putContoso();
    const [good] = await auditNow(services(), telemetry, 'contoso-rooms', ['account']);
    hours = 24;
    tenant.simulator.fail({ match: /users/, status: 403 });
    const [unread] = await auditNow(services(), telemetry, 'contoso-rooms', ['account']);
    expect(unread).toMatchObject({
      verdict: 'unknown',
      evidence: good?.evidence,
      verifiedAt: good?.verifiedAt,
    });
  });

  it.each<[string, Partial<Target>, string[]]>([
    [
      'a room list that no address can hold',
      { exchangeReader: 'graph', rooms: { source: 'roomLists', roomLists: ['\ud800@contoso.com'] } },
      ['impersonation'],
    ],
    [
      'such an account',
      { serviceAccount: '\ud800@contoso.com' },
      ['account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'ews-access'],
    ],
  ])('of a target of earlier days with %s harms nobody else', async (_what, options, failed) => {
    await putContoso(options);
    const found = await auditNow(services(), telemetry, 'contoso-rooms', undefined);
    const unknown = found.filter(({ verdict }) => verdict === 'unknown');
    expect(unknown.map(({ control: id }) => id)).toEqual(failed);
    for (const { reasons } of unknown) {
      expect(reasons.map(({ code }) => code)).toEqual(['unreadable.unavailable']);
    }
    expect(said.filter((line) => line.startsWith('A control failed unexpectedly')).length).toBe(
      failed.length,
    );
    said.length = 0;
  });

  it('starts over when the target was changed under it', async () => {
    const target = await putContoso({ exchangeReader: 'graph' });
    tenant.simulator.fail({
      match: ({ url }) => {
        // While the first reading is on its way an administrator changes the target.
        if (url.includes('users')) void putAgain();
        return false;
      },
    });
    let changed: Promise<unknown> | undefined;
    const putAgain = () => (changed ??= storage.targets.put({ ...definition(target), paused: true }, at(1)));
    tenant.simulator.fail({ match: /users/, delayMs: 300, times: 1 });
    const found = await auditNow(services(), telemetry, 'contoso-rooms', ['account']);
    expect(changed).toBeDefined();
    expect(found).toMatchObject([{ verdict: 'compliant' }]);
    expect(tenant.simulator.requests.length).toBe(2);
  });

  it('does not record what was read under another definition', async () => {
    const target = await putContoso();
    await storage.targets.put(definition(target), at(1));
    await expect(
      auditTarget(services(), telemetry, target, [control('account')], '2026-11-01'),
    ).rejects.toThrow(TargetChangedError);
    expect(await storage.findings.get('contoso-rooms', 'account')).toBeUndefined();
  });
});

function definition({ createdAt, updatedAt, serviceAccountId, ...rest }: StoredTarget): Target {
  return rest;
}

describe('a message', () => {
  const message = { targetId: 'contoso-rooms', control: 'account', runId: '2026-11-01' };

  it('is done, and done again without another transition', async () => {
    await putContoso();
    await work(services(), telemetry, log, message);
    await work(services(), telemetry, log, message);
    expect(await history()).toHaveLength(1);
  });

  it('makes one transition when two workers do it at once', async () => {
    await putContoso();
    await Promise.all(Array.from({ length: 4 }, () => work(services(), telemetry, log, message)));
    expect(await history()).toHaveLength(1);
  });

  it('is done when its target is gone', async () => {
    await work(services(), telemetry, log, message);
    expect(said.at(-1)).toContain('gone');
    expect(await storage.findings.get('contoso-rooms', 'account')).toBeUndefined();
  });

  it.each([
    ['text'],
    [{ targetId: 'contoso-rooms' }],
    [{ ...message, control: 'weather' }],
    [{ ...message, more: 1 }],
    [{ ...message, runId: '\ud800' }],
  ])('is thrown when it does not parse: %j', async (bad) => {
    await expect(work(services(), telemetry, log, bad)).rejects.toThrow('could not be understood');
  });
});

describe('a recorded finding', () => {
  it('is announced once more by the next run when the process died before it was', async () => {
    const target = await putContoso();
    telemetry.failures = 1;
    await recordOne(run(target, evaluation([violation('account.notFound')])), storage, telemetry);
    telemetry.die();
    expect(telemetry.named('ComplianceTransition')).toEqual([]);

    hours = 24;
    await recordOne(run(target, evaluation([violation('account.notFound')])), storage, telemetry);
    expect(telemetry.named('ComplianceTransition')).toMatchObject([
      { verdict: 'nonCompliant', previousVerdict: '', codes: 'account.notFound', resumed: 'false' },
    ]);
    expect((await storage.findings.get('contoso-rooms', 'account'))?.pending).toEqual([]);
    expect(await history()).toHaveLength(1);
  });

  it('is kept through an outage of Application Insights, and every transition is announced after it', async () => {
    const target = await putContoso();
    telemetry.failures = 2;
    await recordOne(run(target, evaluation([violation('account.notFound')])), storage, telemetry);
    hours = 24;
    const fine = await recordOne(run(target), storage, telemetry);
    expect(fine.verdict).toBe('compliant');
    expect(await history()).toMatchObject([
      { verdict: 'compliant' },
      { verdict: 'nonCompliant', reasons: [{ code: 'account.notFound' }] },
    ]);
    telemetry.die();
    hours = 48;
    await recordOne(run(target), storage, telemetry);
    expect(telemetry.named('ComplianceTransition').map(({ verdict }) => verdict)).toEqual([
      'nonCompliant',
      'compliant',
    ]);
  });

  it('gives way to one that was read later', async () => {
    const target = await putContoso();
    await recordOne(run(target, evaluation(), at(5)), storage, telemetry);
    const slow = await recordOne(
      run(target, evaluation([violation('account.notFound')]), at(4)),
      storage,
      telemetry,
    );
    expect(slow).toMatchObject({ verdict: 'compliant', checkedAt: at(5).toISOString() });
    expect(await history()).toHaveLength(1);
  });

  it('does not stay when its target was deleted in the very moment', async () => {
    const target = await putContoso();
    const findings = Object.assign(Object.create(storage.findings) as typeof storage.findings, {
      putAll: async (...given: Parameters<typeof storage.findings.putAll>) => {
        await storage.targets.delete('contoso-rooms');
        return storage.findings.putAll(...given);
      },
    });
    await expect(recordOne(run(target), { ...recordsOf(), findings }, telemetry)).rejects.toThrow(
      TargetChangedError,
    );
    expect(await storage.findings.get('contoso-rooms', 'account')).toBeUndefined();
    expect(telemetry.named('ComplianceTransition')).toEqual([]);
  });

  it('is not written over by an announcement that comes late', async () => {
    const target = await putContoso();
    telemetry.failures = 1;
    await recordOne(run(target), storage, telemetry);
    const stale = await storage.findings.get('contoso-rooms', 'account');
    hours = 24;
    await recordOne(run(target, evaluation([violation('account.notFound')])), storage, telemetry);
    if (stale === undefined) throw new Error('There is no finding.');
    expect(await announce([stale], storage, telemetry)).toBe(true);
    expect((await storage.findings.get('contoso-rooms', 'account'))?.verdict).toBe('nonCompliant');
  });
});
