import type { Browser } from 'playwright-core';
import { demoTargets } from '../../local/simulator/demo';
import { TestApp } from '../support/app';
import { attributesOf, describeInBrowser, launch, open } from '../support/browser';
import { root } from '../support/simulated-tenant';

jest.setTimeout(120_000);

const authTenant = '0a0a0a0a-0000-4000-8000-0000000000a1';
const audience = 'api://syncwarden';
const fabrikam = (demoTargets(root) as { targetId: string }[]).find(
  ({ targetId }) => targetId === 'fabrikam-rooms',
);

describeInBrowser('what somebody is offered', () => {
  let app: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    app = await TestApp.start();
    await app.startHost({
      ...{ AUTH_MODE: 'entra', AUTH_TENANT_ID: authTenant, AUTH_AUDIENCE: audience },
      AUTH_AUTHORITY: app.stack.simulator.authorityUrl,
    });
    const headers = await signedIn('Syncwarden.Admin');
    expect((await app.call('PUT', 'targets/fabrikam-rooms', fabrikam, headers)).status).toBe(201);
    expect((await app.call('POST', 'targets/fabrikam-rooms/audits', undefined, headers)).status).toBe(200);
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  async function signedIn(role: string): Promise<{ authorization: string }> {
    const claims = { tenantId: authTenant, audience, roles: [role] };
    return { authorization: `Bearer ${await app.stack.simulator.mintUserToken(claims)}` };
  }

  it.each([
    ['Syncwarden.Read', ['plan']],
    ['Syncwarden.Audit', ['audit', 'plan']],
    ['Syncwarden.Remediate', ['apply', 'audit', 'plan']],
    ['Syncwarden.Admin', ['accept', 'apply', 'audit', 'delete', 'pause', 'plan']],
  ])('follows from the role %s', async (role, expected) => {
    const context = await browser.newContext({ extraHTTPHeaders: await signedIn(role) });
    const { page, complaints } = await open(context, `${app.url}/api/report?targetId=fabrikam-rooms`);
    const actions = await attributesOf(page.locator('button[data-action]'), 'data-action');
    expect([...new Set(actions)].sort()).toEqual(expected);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is nothing without a sign-in', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const response = await page.goto(`${app.url}/api/report`);
    expect(response?.status()).toBe(401);
    await context.close();
  });
});
