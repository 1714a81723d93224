import { isAccepted, isWrite } from '../../../local/simulator';
import { demoTargets, homeTenantId, remediationClientId } from '../../../local/simulator/demo';
import { controls } from '../../../src/lib/controls';
import type { Finding } from '../../../src/lib/model/finding';
import type { AgreedPlan } from '../../../src/lib/remediation/plan';
import { TestApp } from '../../support/app';
import { breakages } from '../../support/broken';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(120_000);

const [contoso = {}] = demoTargets(root);
const authTenant = '0a0a0a0a-0000-4000-8000-0000000000a1';
const audience = 'api://syncwarden';
const remediations = 'targets/contoso-rooms/remediations';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
  await app.startHost({
    ...{ AUTH_MODE: 'entra', AUTH_TENANT_ID: authTenant, AUTH_AUDIENCE: audience },
    AUTH_AUTHORITY: app.stack.simulator.authorityUrl,
  });
  expect(await call('PUT', 'targets/contoso-rooms', contoso)).toMatchObject({ status: 201 });
});
beforeEach(() => app.stack.simulator.reset());
afterAll(() => app.stop());

const writes = () =>
  app.stack.simulator.requests.filter((request) => isWrite(request) && isAccepted(request));
const tenant = () => app.stack.simulator.tenant(homeTenantId);

async function call(method: string, path: string, body?: unknown, role = 'Syncwarden.Admin') {
  const claims = { tenantId: authTenant, audience, roles: [role] };
  const authorization = `Bearer ${await app.stack.simulator.mintUserToken(claims)}`;
  return app.call(method, path, body, { authorization });
}

describe('repairs over HTTP', () => {
  it('mend every control of a broken target, one agreed plan after the other', async () => {
    // A plan without anything to write is advice.
    const repaired = controls.filter(({ permissions }) => permissions.write.length > 0).map(({ id }) => id);
    const { deleteAccount, ...others } = breakages;
    for (const breakIt of Object.values(others)) breakIt(tenant());
    const audit = () => call('POST', 'targets/contoso-rooms/audits');
    const verdicts = async () =>
      ((await audit()).body as { findings: Pick<Finding, 'control' | 'verdict'>[] }).findings
        .filter(({ control }) => repaired.includes(control))
        .map(({ verdict }) => verdict);
    expect(await verdicts()).toEqual(repaired.map(() => 'nonCompliant'));

    for (const control of repaired) {
      const { body: plan } = await call('POST', remediations, { control, mode: 'plan' }, 'Syncwarden.Read');
      const { planHash, changes } = plan as AgreedPlan;
      expect(changes.length).toBeGreaterThan(0);
      const applied = await call(
        'POST',
        remediations,
        { control, mode: 'apply', planHash },
        'Syncwarden.Remediate',
      );
      expect(applied).toMatchObject({
        status: 200,
        body: { status: 'verified', finding: { control, verdict: 'compliant' } },
      });
      const again = await call('POST', remediations, { control, mode: 'plan' });
      expect(again.body).toMatchObject({ changes: [], manualSteps: [] });
    }
    expect(await verdicts()).toEqual(repaired.map(() => 'compliant'));
    expect(new Set(writes().map(({ appId }) => appId))).toEqual(new Set([remediationClientId]));

    const list = await call('GET', remediations, undefined, 'Syncwarden.Read');
    const { items } = list.body as { items: { remediationId: string; by: { name: string } }[] };
    expect(items).toHaveLength(repaired.length);
    expect(items[0]?.by.name).toBe('Ada');
    const undone = await call('POST', `${remediations}/${items[0]?.remediationId ?? ''}/undo`);
    expect(undone).toMatchObject({ status: 200, body: { status: 'verified' } });
    expect(await call('POST', `${remediations}/${items[0]?.remediationId ?? ''}/undo`)).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { code: 'undo.alreadyDone' },
    });
  });

  it('are refused to those who may only read, and nothing is written', async () => {
    breakages.blockSignIn(tenant());
    const { body } = await call('POST', remediations, { control: 'account', mode: 'plan' });
    const apply = { control: 'account', mode: 'apply', planHash: (body as AgreedPlan).planHash };
    for (const role of ['Syncwarden.Read', 'Syncwarden.Audit']) {
      expect(await call('POST', remediations, apply, role)).toMatchObject({
        status: 403,
        body: { code: 'auth.forbidden' },
      });
    }
    expect(await call('POST', `${remediations}/x/undo`, undefined, 'Syncwarden.Audit')).toMatchObject({
      status: 403,
    });
    expect(writes()).toEqual([]);
  });

  it.each([
    [{ control: 'account', mode: 'apply' }, 'planHash'],
    [{ control: 'account', mode: 'apply', planHash: 'abc' }, 'planHash'],
    [{ control: 'nonsense', mode: 'plan' }, 'control'],
    [{ control: 'account', mode: 'guess' }, 'mode'],
    [{ control: 'account', mode: 'plan', include: ['everything'] }, 'include.0'],
    [{ control: 'account', mode: 'plan', planhash: '' }, 'planhash'],
  ])('are refused for %j, naming %s', async (body, path) => {
    expect(await call('POST', remediations, body)).toMatchObject({
      status: 400,
      body: { code: 'input.invalid', errors: [{ path }] },
    });
    expect(writes()).toEqual([]);
  });

  it('are refused with a stale hash, and shown the plan as it is now', async () => {
    breakages.blockSignIn(tenant());
    const stale = { control: 'account', mode: 'apply', planHash: '0'.repeat(64) };
    expect(await call('POST', remediations, stale)).toMatchObject({
      status: 409,
      body: {
        code: 'plan.stale',
        planHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        changes: [{}],
      },
    });
    expect(writes()).toEqual([]);
  });

  it('of what does not exist are not found', async () => {
    expect(
      await call('POST', 'targets/nobody/remediations', { control: 'account', mode: 'plan' }),
    ).toMatchObject({
      status: 404,
    });
    expect(await call('GET', `${remediations}/nothing`)).toMatchObject({ status: 404 });
    expect(await call('GET', 'targets/nobody/remediations')).toMatchObject({ status: 404 });
  });
});

describe('without an identity that writes', () => {
  beforeAll(async () => {
    await app.kill();
    await app.startHost({ REMEDIATION_CLIENT_ID: '' });
  });

  it('plans work, and applying one is refused', async () => {
    breakages.blockSignIn(tenant());
    const plan = await app.call('POST', remediations, { control: 'account', mode: 'plan' });
    expect(plan).toMatchObject({ status: 200, body: { changes: [{}] } });
    const { planHash } = plan.body as AgreedPlan;
    expect(
      await app.call('POST', remediations, { control: 'account', mode: 'apply', planHash }),
    ).toMatchObject({
      status: 409,
      body: { code: 'remediation.disabled' },
    });
    expect(writes()).toEqual([]);
  });
});
