import { addTenants, type ManyTenant } from '../../local/simulator/many-tenants';
import { type ControlId, controlIds } from '../../src/lib/model/verdict';
import { scheduleSetting } from '../../src/lib/settings';
import { auditQueueName, poisonQueueName } from '../../src/lib/storage/queue-names';
import { TestApp } from '../support/app';

/** Hundreds of audits take their time on a machine that has other things to do. */
const longestMs = 240_000;

jest.setTimeout(2 * longestMs);

const controls: ControlId[] = ['account', 'password-expiry', 'license', 'consent'];

let app: TestApp;
let tenants: ManyTenant[];
beforeAll(async () => {
  app = await TestApp.start();
  // The others ask for more than these tenants have.
  const others = controlIds.filter((id) => !controls.includes(id));
  await app.startHost(Object.fromEntries(others.map((id) => [scheduleSetting(id), '0 0 0 29 2 *'])));
  tenants = addTenants(app.stack.simulator, 'many', 40);
  for (const { targetId, target } of tenants)
    expect((await app.call('PUT', `targets/${targetId}`, target)).status).toBe(201);
});
afterAll(() => app.stop());

/** Starts the nightly timer, as the clock does. */
async function startNight(): Promise<void> {
  await fetch(`${app.url}/admin/functions/nightly`, { method: 'POST' });
}

const waiting = async (queue: typeof auditQueueName | typeof poisonQueueName) => {
  await app.queue(queue).createIfNotExists();
  return (await app.queue(queue).getProperties()).approximateMessagesCount;
};

it('audits forty tenants while two of them want to be left alone, and those two in the end', async () => {
  const throttled = tenants.filter((_, index) => index % 20 === 7).map(({ tenantId }) => tenantId);
  const isThrottled = ({ tenantId }: { tenantId: string }) => throttled.includes(tenantId);
  expect(throttled).toHaveLength(2);
  // Six seconds are longer than an audit waits while others want its place.
  const end = app.stack.simulator.fail({ match: isThrottled, status: 429, retryAfter: 6 });
  await startNight();

  await app.until('all is enqueued', () => app.said.includes('A night is dispatched'), longestMs);
  await app.until('only two wait', async () => (await waiting(auditQueueName)) === 2, longestMs);
  await app.until('they were put off', () => app.said.split('A visit is deferred').length > 2, longestMs);
  const findings = await app.findings();
  expect(findings).toHaveLength(38 * 4);
  expect(findings.filter(isThrottled)).toEqual([]);

  end();
  await app.until('nobody waits', async () => (await waiting(auditQueueName)) === 0, longestMs);
  expect(await waiting(poisonQueueName)).toBe(0);
});

it('has lost nothing, and kept nothing twice', async () => {
  const findings = await app.findings();
  const [first] = findings;
  for (const { targetId, target } of tenants) {
    const own = findings.filter((finding) => finding.targetId === targetId);
    expect(own.map(({ control }) => control).sort()).toEqual([...controls].sort());
    for (const finding of own)
      expect(finding).toMatchObject({
        ...{ verdict: 'compliant', runId: first?.runId },
        tenantId: target.tenantId,
      });
    expect((await app.history(targetId)).map(({ control }) => control).sort()).toEqual([...controls].sort());
  }
});

it('has asked for a token of each tenant, once or for several at a time, and for no other', () => {
  const asked = app.stack.simulator.tokenRequests;
  expect(new Set(asked.map(({ tenantId }) => tenantId))).toEqual(
    new Set(tenants.map(({ tenantId }) => tenantId)),
  );
  for (const { status } of asked) expect(status).toBe(200);
  expect(asked.length).toBeLessThanOrEqual(40 * 4);
});
