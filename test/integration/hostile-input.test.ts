import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { AppHost } from '../../local/app-host';
import { demoTargets } from '../../local/simulator/demo';
import type { Finding } from '../../src/lib/model/finding';
import { Target } from '../../src/lib/model/target';
import { controlIds } from '../../src/lib/model/verdict';
import { auditQueueName, poisonQueueName } from '../../src/lib/storage/queue-names';
import { StorageConnection } from '../../src/lib/storage/connection';
import { TargetTable } from '../../src/lib/storage/targets';
import { TestApp } from '../support/app';
import { type Hostile, hostile } from '../support/hostile';
import { root } from '../support/simulated-tenant';

jest.setTimeout(300_000);

/** Another one finds other things. It is said with every failure, together with the way to it. */
const seed = Number(process.env.TEST_SEED ?? 20_261_129);

/** So many are sent side by side. */
const atOnce = 8;

/** What the log says of the app's own faults. */
const faults = ['A request failed', 'A control failed unexpectedly', 'A promise failed'] as const;

const [contoso = {}] = demoTargets(root);

let app: TestApp;
let host: AppHost;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-preload-'));
  const preload = path.join(folder, 'lost-promise.js');
  writeFileSync(preload, "process.on('SIGUSR2', () => void Promise.reject(new TypeError('A defect.')));");
  app = await TestApp.start();
  host = await app.startHost({ NODE_OPTIONS: `--require ${preload}` });
  expect(await send('PUT', 'targets/witness', { ...contoso, targetId: 'witness' })).toMatchObject({
    status: 201,
  });
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

async function send(method: string, route: string, body?: string | object) {
  const response = await fetch(`${app.url}/api/${route}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined || body === ''
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function audited(targetId: string): Promise<string[]> {
  const { status, text } = await send('POST', `targets/${targetId}/audits`);
  expect(status).toBe(200);
  return (JSON.parse(text) as { findings: Finding[] }).findings.map(({ control, verdict, reasons }) =>
    `${control} ${verdict} ${reasons.map(({ code }) => code).join(' ')}`.trim(),
  );
}

let targets = 0;

/** What the app makes of it is an answer, or a refusal that says why; never a failure of its own. */
async function expectHarmless(one: Hostile): Promise<void> {
  switch (one.kind) {
    case 'message':
      return app.send(one.text);
    case 'target': {
      const targetId = `odd-${++targets}`;
      expect(await send('PUT', `targets/${targetId}`, one.definition)).toMatchObject({ status: 201 });
      expect(await audited(targetId)).toHaveLength(controlIds.length);
      return;
    }
    case 'illFormed': {
      const { status, text } = await send(one.method, one.route, one.body);
      expect(status).toBe(400);
      const { errors } = JSON.parse(text) as { errors: { path: string; message: string }[] };
      expect(errors).toMatchObject([{ message: expect.stringContaining('well-formed Unicode') as string }]);
      expect(errors[0]?.path.startsWith(one.path)).toBe(true);
      return;
    }
    case 'request': {
      const { status, type, text } = await send(one.method, one.route, one.body);
      expect([200, 201, 202, 204, 400, 404, 409, 413]).toContain(status);
      if (status < 400) return;
      expect(type).toBe('application/problem+json');
      expect(JSON.parse(text)).toMatchObject({ status, code: expect.any(String) as string });
    }
  }
}

const isEmpty = async () => {
  const { approximateMessagesCount } = await app.queue(auditQueueName).getProperties();
  return approximateMessagesCount === 0;
};

it('survives 2,000 bad inputs and odd targets, and the audits of others go on as before', async () => {
  const before = await audited('witness');
  let isOver = false;
  let audits = 0;
  const others = async () => {
    for (; !isOver; audits++) {
      expect(await audited('witness')).toEqual(before);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  const some = fc.array(hostile(contoso), { minLength: atOnce, maxLength: atOnce });
  const property = fc.asyncProperty(some, async (inputs) => {
    await Promise.all(inputs.map(expectHarmless));
  });
  const inputs = fc
    .assert(property, { numRuns: 2000 / atOnce, seed, endOnFailure: true })
    .finally(() => (isOver = true));
  await Promise.all([inputs, others()]);

  expect(audits).toBeGreaterThan(5);
  expect(await audited('witness')).toEqual(before);
  await app.until('the queue is empty', isEmpty);
  const { approximateMessagesCount: poisoned } = await app.queue(poisonQueueName).getProperties();
  expect(poisoned).toBeGreaterThan(0);
  expect([host.child.exitCode, host.child.signalCode]).toEqual([null, null]);
  for (const fault of faults) expect(app.said).not.toContain(fault);
});

describe('a target that was stored before such input was refused', () => {
  const { targetId: _targetId, ...definition } = contoso;
  const connection = () => new StorageConnection({ connectionString: app.stack.azurite.connectionString });

  it.each<[string, Partial<Target>]>([
    [
      'a room list',
      { exchangeReader: 'graph', rooms: { source: 'roomLists', roomLists: ['\ud800@contoso.com'] } },
    ],
    ['its account', { serviceAccount: '\ud800@contoso.com' }],
  ])('harms nobody with %s, neither at once nor through the queue', async (_what, odd) => {
    const before = await audited('witness');
    const stored = Target.parse({ ...definition, ...odd, targetId: 'earlier' });
    await new TargetTable(connection()).put(stored, new Date());
    const [found, others] = await Promise.all([audited('earlier'), audited('witness')]);
    expect(found).toContain('impersonation unknown unreadable.unavailable');
    expect(found).toContain('rooms ' + (odd.serviceAccount === undefined ? 'notApplicable' : 'compliant'));
    expect(others).toEqual(before);

    await app.send(JSON.stringify({ targetId: 'earlier', control: 'impersonation', runId: 'night' }));
    await app.until('it was recorded', async () =>
      (await app.findings('targetId=earlier&control=impersonation')).some(({ runId }) => runId === 'night'),
    );
    expect(await app.findings('targetId=earlier&control=impersonation')).toMatchObject([
      { verdict: 'unknown' },
    ]);
    await app.until('its message is done', isEmpty);
    expect(app.said).not.toContain('A promise failed');
    expect(await send('DELETE', 'targets/earlier')).toMatchObject({ status: 204 });
  });
});

it('goes on when a promise fails that nobody waits for, and says so in the log', async () => {
  host.child.kill('SIGUSR2');
  await app.until('the log says so', () => app.said.includes('TypeError: A defect.'));
  expect(app.said).toContain('A promise failed that nobody waits for');
  expect(await audited('witness')).toHaveLength(controlIds.length);
  expect([host.child.exitCode, host.child.signalCode]).toEqual([null, null]);
});
