import { demoTargets, federatedAppId, homeTenantId, identityClientId } from '../../local/simulator/demo';
import { poisonQueueName } from '../../src/lib/storage/queue-names';
import { controlIds } from '../../src/lib/model/verdict';
import { TestApp } from '../support/app';
import { root } from '../support/simulated-tenant';

jest.setTimeout(120_000);

const [contoso = {}, fabrikam = {}, woodgrove = {}] = demoTargets(root);
const tenantOf = (target: Record<string, unknown>) => String(target.tenantId);
const foreign = [tenantOf(fabrikam), tenantOf(woodgrove)];

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
beforeEach(() => app.stack.simulator.reset());
afterEach(async () => {
  for (const { targetId } of await app.targets()) await app.call('DELETE', `targets/${targetId}`);
});
afterAll(() => app.stop());

async function put(...targets: Record<string, unknown>[]): Promise<void> {
  for (const target of targets)
    expect((await app.call('PUT', `targets/${String(target.targetId)}`, target)).status).toBe(201);
}

const audit = async (target: Record<string, unknown>, ...controls: string[]) => {
  const { body } = await app.call('POST', `targets/${String(target.targetId)}/audits`, { controls });
  return (body as { findings: { verdict: string; tenantId: string; summary: string; requests: number }[] })
    .findings;
};
const message = (target: Record<string, unknown>, more: object = {}) =>
  JSON.stringify({ targetId: target.targetId, control: 'account', runId: '2026-11-23', ...more });

describe('an app that looks after several tenants', () => {
  beforeAll(() => app.startHost());
  afterAll(() => app.kill());

  it('reads each target with a token of its own tenant, through the multi-tenant application', async () => {
    await put(contoso, fabrikam, woodgrove);
    await app.call('POST', 'audits');
    await app.until(
      'every control has been heard',
      async () => (await app.findings()).length === 3 * controlIds.length,
    );
    for (const { targetId, tenantId } of await app.findings()) {
      const target = [contoso, fabrikam, woodgrove].find((candidate) => candidate.targetId === targetId);
      expect(tenantId).toBe(target?.tenantId);
    }
    const callers = app.stack.simulator.requests.map(({ tenantId, appId }) => `${tenantId} ${appId}`);
    expect([...new Set(callers)].sort()).toEqual(
      [
        `${homeTenantId} ${identityClientId}`,
        ...foreign.map((tenantId) => `${tenantId} ${federatedAppId}`),
      ].sort(),
    );
    // At home the managed identity speaks for itself. Elsewhere its token is the proof of the application.
    const asked = app.stack.simulator.tokenRequests;
    expect([...new Set(asked.map(({ tenantId }) => tenantId))].sort()).toEqual([...foreign].sort());
    for (const request of asked)
      expect(request).toMatchObject({
        appId: federatedAppId,
        status: 200,
        scope: `${app.stack.simulator.url}/.default`,
      });
  });

  it('goes with a target into another tenant, and asks for nothing in the old one', async () => {
    await put(fabrikam);
    await audit(fabrikam, 'account');
    app.stack.simulator.clearRequests();
    const moved = { ...fabrikam, tenantId: tenantOf(woodgrove) };
    expect((await app.call('PUT', `targets/${String(fabrikam.targetId)}`, moved)).status).toBe(200);
    expect(await audit(moved, 'account')).toMatchObject([{ tenantId: moved.tenantId }]);
    const tenants = app.stack.simulator.requests.map(({ tenantId }) => tenantId);
    expect([...new Set(tenants)]).toEqual([moved.tenantId]);
  });

  it.each([
    ['names a tenant', { tenantId: foreign[1] }],
    ['names an application', { clientAppId: federatedAppId }],
    ['asks for a control that does not exist', { control: 'weather' }],
  ])('gives no token for a message that %s', async (_case, more) => {
    await put(fabrikam);
    await app.send(message(fabrikam, more));
    const poison = app.queue(poisonQueueName);
    await poison.createIfNotExists();
    await app.until('the message is given up', async () => {
      const { approximateMessagesCount = 0 } = await poison.getProperties();
      return approximateMessagesCount === 1;
    });
    await poison.clearMessages();
    expect(app.stack.simulator.tokenRequests).toEqual([]);
    expect(app.stack.simulator.requests).toEqual([]);
    expect(await app.findings()).toEqual([]);
  });

  it('says what is missing where the application is not consented', async () => {
    app.stack.simulator.tenant(tenantOf(fabrikam)).applications = [];
    // Another scope than before, so that no token is at hand: those of the last test are still good.
    await put({ ...fabrikam, exchangeReader: 'admin-api' });
    const [found] = await audit(fabrikam, 'rooms');
    expect(found).toMatchObject({ verdict: 'unknown' });
    expect(found?.summary).toContain('AADSTS700016');
  });
});

describe('an app that looks after its own tenant alone', () => {
  beforeAll(async () => {
    await app.startHost();
    await put(fabrikam);
    await app.kill();
    // Somebody has taken the setting away.
    await app.startHost({ FEDERATED_APP_CLIENT_ID: '' });
  });

  it('says of a target in another tenant that it is unknown, and why, and sends nothing', async () => {
    await app.send(message(fabrikam));
    await app.until('the message is done', async () => (await app.findings()).length === 1);
    expect(await app.findings()).toMatchObject([
      {
        ...{ verdict: 'unknown', requests: 0, verifiedAt: null },
        reasons: [{ code: 'unreadable.permission' }],
        summary: expect.stringContaining('FEDERATED_APP_CLIENT_ID') as string,
      },
    ]);
    expect(app.stack.simulator.tokenRequests).toEqual([]);
    expect(app.stack.simulator.requests).toEqual([]);
  });

  it('takes no such target, and goes on reading its own', async () => {
    expect(await app.call('PUT', 'targets/fabrikam-rooms', fabrikam)).toMatchObject({
      status: 400,
      body: { code: 'input.invalid', errors: [{ path: 'tenantId' }] },
    });
    await put(contoso);
    expect(await audit(contoso, 'account')).toMatchObject([{ verdict: 'compliant' }]);
  });
});
