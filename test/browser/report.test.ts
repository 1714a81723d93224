import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { enlarge } from '../../local/simulator/large-tenant';
import { demoTargets, homeTenantId } from '../../local/simulator/demo';
import { auditQueueName } from '../../src/lib/storage/queue-names';
import { controlIds } from '../../src/lib/model/verdict';
import { TestApp } from '../support/app';
import { accountOf, breakages } from '../support/broken';
import {
  attributesOf,
  describeInBrowser,
  launch,
  open,
  overflowOf,
  screenshots,
  violationsOn,
} from '../support/browser';
import { root } from '../support/simulated-tenant';

jest.setTimeout(120_000);

const [contoso = {}, ...others] = demoTargets(root) as { targetId: string }[];

describeInBrowser('the report in a browser', () => {
  let app: TestApp;
  let browser: Browser;
  let context: BrowserContext;
  const complaints: string[][] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    await app.startHost();
    for (const target of [contoso, ...others] as { targetId: string }[]) {
      expect((await app.call('PUT', `targets/${target.targetId}`, target)).status).toBe(201);
      await audit(target.targetId);
    }
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  afterEach(async () => {
    app.stack.simulator.reset();
    await context.close();
    // Whatever was done: nothing was asked of anybody else, and nothing broke a rule of the page.
    expect(complaints.splice(0).flat()).toEqual([]);
  });

  const audit = async (targetId: string) =>
    expect((await app.call('POST', `targets/${targetId}/audits`)).status).toBe(200);
  const tenant = () => app.stack.simulator.tenant(homeTenantId);

  async function visit(query = '', options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext(options);
    const watched = await open(context, `${app.url}/api/report${query}`);
    complaints.push(watched.complaints);
    return watched.page;
  }

  const rows = (page: Page, selector: string) => page.locator(`${selector}:visible`);
  const targetsOn = (page: Page) => attributesOf(rows(page, 'tr[data-row]'), 'data-target');
  const section = (page: Page, control: string) => page.locator(`section[data-finding]#${control}`);

  describe.each([
    [360, 740],
    [768, 1024],
    [1440, 900],
    [2560, 1440],
  ])('%i pixels wide', (width, height) => {
    it.each([
      ['overview', ''],
      ['target', '?targetId=fabrikam-rooms'],
    ])('fits, and can be read by everybody, by day and by night: %s', async (name, query) => {
      const page = await visit(query, { viewport: { width, height }, colorScheme: 'light' });
      const picture = (scheme: string) => path.join(screenshots, `${name}-${width}-${scheme}.png`);
      await page.screenshot({ path: picture('light'), fullPage: true });
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await violationsOn(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: picture('dark') });
      // Colours are all that differs.
      expect(await violationsOn(page, 'color-contrast')).toEqual([]);
    });
  });

  it('offers nothing where a browser has saved it: there is nobody to ask', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-saved-'));
    const saved = path.join(folder, 'saved.html');
    writeFileSync(saved, await (await fetch(`${app.url}/api/report?targetId=fabrikam-rooms`)).text());
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(saved).href);
    await expect(rows(page, 'section[data-finding]').count()).resolves.toBe(controlIds.length);
    await expect(rows(page, 'button[data-action]').count()).resolves.toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('is printed with all that it says, in black on white', async () => {
    const page = await visit('?targetId=fabrikam-rooms', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: path.join(screenshots, 'target-print.png'), fullPage: true });
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toMatch(
      /^rgb\(255, 255, 255\)$|^rgba\(0, 0, 0, 0\)$/,
    );
    await expect(page.locator('button[data-action]').first().isVisible()).resolves.toBe(false);
  });

  it('can be gone through by keyboard, from the link that skips to the content on', async () => {
    const page = await visit();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  describe('choosing among targets', () => {
    const choices = [
      { q: 'FAB ' },
      { verdict: 'compliant' },
      { control: 'license', verdict: 'unknown' },
      { control: 'ews-access' },
      { sort: 'target' },
      { sort: 'age' },
      { q: 'nobody has this name' },
    ];

    it.each(choices)('comes to the same with a script and without: %j', async (choice) => {
      const query = new URLSearchParams(choice).toString();
      const plain = await visit(`?${query}`, { javaScriptEnabled: false });
      const expected = await targetsOn(plain);
      await context.close();

      const page = await visit();
      const form = page.locator('form[data-filter]');
      for (const [field, value] of Object.entries(choice)) {
        const input = form.locator(`[name="${field}"]`);
        if (field === 'q') await input.fill(value);
        else await input.selectOption(value);
      }
      expect(await targetsOn(page)).toEqual(expected);
      // The address says it, so that a link and a reload show the same.
      await page.reload();
      expect(await targetsOn(page)).toEqual(expected);
    });

    it('says how many are left, and that none is', async () => {
      const page = await visit();
      await page.locator('form[data-filter] [name="q"]').fill('rooms');
      await expect(page.locator('[data-count]').textContent()).resolves.toBe('4 targets');
      await page.locator('form[data-filter] [name="q"]').fill('fabrikam');
      await expect(page.locator('[data-count]').textContent()).resolves.toBe('1 target, chosen from 4');
      await page.locator('form[data-filter] [name="q"]').fill('nowhere');
      await expect(page.locator('[data-none]').isVisible()).resolves.toBe(true);
    });

    it('sends the form where there is no script', async () => {
      const page = await visit('', { javaScriptEnabled: false });
      await page.locator('form[data-filter] [name="verdict"]').selectOption('compliant');
      await page.locator('form[data-filter] button').click();
      expect(new URL(page.url()).searchParams.get('verdict')).toBe('compliant');
      expect(await targetsOn(page)).toEqual(['contoso-rooms']);
    });
  });

  it('offers nothing that needs a script where there is none, and shows all the rest', async () => {
    const page = await visit('?targetId=fabrikam-rooms', { javaScriptEnabled: false });
    await expect(rows(page, 'button[data-action]').count()).resolves.toBe(0);
    await expect(rows(page, 'section[data-finding]').count()).resolves.toBe(controlIds.length);
  });

  describe('acting', () => {
    // Each test breaks what it needs.
    beforeEach(async () => {
      app.stack.simulator.reset();
      await audit('contoso-rooms');
    });
    const target = () => visit('?targetId=contoso-rooms');

    it('audits one control now, and shows what it found', async () => {
      const page = await target();
      breakages.blockSignIn(tenant());
      await section(page, 'account').locator('button[data-action="audit"]').click();
      await page.locator('#account[data-verdict="nonCompliant"]').waitFor();
      await expect(section(page, 'account').locator('[data-status]').textContent()).resolves.toMatch(
        /^Audited\. Not compliant: /,
      );
      await expect(page.locator('.lead').textContent()).resolves.toBe(
        `1 of ${controlIds.length} controls needs attention.`,
      );
      // Whoever goes by keyboard stays where they were.
      expect(await page.evaluate('document.activeElement.dataset.control')).toBe('account');
    });

    it('audits a whole target, and all targets', async () => {
      const page = await target();
      await page.locator('.opening button[data-action="audit"]').click();
      await page.getByText(`Audited ${controlIds.length} controls of contoso-rooms.`).waitFor();
      await page.goto(`${app.url}/api/report`);
      await page.locator('.opening button[data-action="audit"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await page.getByText('4 targets in the queue,').waitFor();
      // It tells how far it is, and shows what came of it.
      await page.getByText('Audited 4 targets.').waitFor();
      const queue = app.queue(auditQueueName);
      await app.until(
        'the queue is done',
        async () => (await queue.getProperties()).approximateMessagesCount === 0,
      );
    });

    it('shows a plan, changes nothing before it is agreed to, and says what was verified', async () => {
      breakages.blockSignIn(tenant());
      await audit('contoso-rooms');
      const page = await target();
      const account = section(page, 'account');
      await expect(account.locator('button[data-action="apply"]').isVisible()).resolves.toBe(false);
      await account.locator('button[data-action="plan"]').click();
      await account.locator('.plan-changes li').first().waitFor();
      expect(await account.locator('[data-plan]').textContent()).toMatch(
        /Before.*false.*After.*true.*Permission.*User\./,
      );
      expect(await violationsOn(page)).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, 'plan.png'), fullPage: true });

      await account.locator('button[data-action="apply"]').click();
      await page.screenshot({ path: path.join(screenshots, 'confirm.png') });
      await page.locator('dialog [data-confirm="no"]').click();
      expect(tenant().users[0]).toMatchObject({ accountEnabled: false });

      await account.locator('button[data-action="apply"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await page.locator('#account[data-verdict="compliant"]').waitFor();
      await expect(section(page, 'account').locator('[data-status]').textContent()).resolves.toMatch(
        /^Verified: The tenant was seen to comply\. /,
      );
      expect(tenant().users[0]).toMatchObject({ accountEnabled: true });

      // Right there it can be put back.
      await section(page, 'account').locator('button[data-action="undo"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await page.locator('#account[data-verdict="nonCompliant"]').waitFor();
      expect(tenant().users[0]).toMatchObject({ accountEnabled: false });
    });

    it('puts a repair back from the list of what was done, once', async () => {
      breakages.blockSignIn(tenant());
      await audit('contoso-rooms');
      const planned = await app.call('POST', 'targets/contoso-rooms/remediations', {
        control: 'account',
        mode: 'plan',
      });
      const { planHash } = planned.body as { planHash: string };
      const repair = { control: 'account', mode: 'apply', planHash };
      expect((await app.call('POST', 'targets/contoso-rooms/remediations', repair)).status).toBe(200);
      const page = await target();
      const first = page.locator('section.repairs > ul > li').first();
      await expect(first.textContent()).resolves.toMatch(/^\s*Repair of account: verified, 1 change\./);
      await first.locator('button[data-action="undo"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('dialog [data-confirm="yes"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('#account[data-verdict="nonCompliant"]').waitFor();
      expect(tenant().users[0]).toMatchObject({ accountEnabled: false });
      await expect(first.textContent()).resolves.toContain('Undoing of a repair of account');
      const undone = page.locator('section.repairs > ul > li').nth(1);
      await expect(undone.textContent()).resolves.toContain('Undone since.');
      await expect(undone.locator('button').count()).resolves.toBe(0);
      expect(await violationsOn(page)).toEqual([]);
    });

    it('says at the button why a repair cannot be put back', async () => {
      breakages.blockSignIn(tenant());
      await audit('contoso-rooms');
      const request = { control: 'account', mode: 'plan' };
      const planned = await app.call('POST', 'targets/contoso-rooms/remediations', request);
      const { planHash } = planned.body as { planHash: string };
      const repair = { control: 'account', mode: 'apply', planHash };
      expect((await app.call('POST', 'targets/contoso-rooms/remediations', repair)).status).toBe(200);
      // Somebody has done it by hand.
      breakages.blockSignIn(tenant());
      const page = await target();
      const first = page.locator('section.repairs > ul > li').first();
      await first.locator('button[data-action="undo"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await first.locator('[data-status]').getByText('can be put back').waitFor();
    });

    it('pauses a target and watches it again, by keyboard', async () => {
      const page = await target();
      const press = async (action: string) => {
        await page.locator(`button[data-action="${action}"]`).focus();
        await page.keyboard.press('Enter');
      };
      await press('pause');
      await page.locator('dialog [data-confirm="yes"]').focus();
      await page.keyboard.press('Enter');
      await page.getByText('It is paused.').waitFor();
      expect((await app.call('GET', 'targets/contoso-rooms')).body).toMatchObject({ paused: true });
      await press('resume');
      await page.getByText('It is watched again.').waitFor();
      const {
        createdAt: _at,
        worstVerdict: _worst,
        ...now
      } = (await app.call('GET', 'targets/contoso-rooms')).body as Record<string, unknown>;
      // Nothing else of it has changed.
      expect(now).toMatchObject({ ...contoso, paused: false });
    });

    it('shows the whole history of a control', async () => {
      const page = await target();
      await section(page, 'account').locator('details.history summary').click();
      await section(page, 'account').getByRole('link', { name: 'Whole history' }).click();
      await expect(page.locator('h1').textContent()).resolves.toBe('contoso-rooms');
      expect(await page.locator('ul.changes > li').count()).toBeGreaterThan(0);
      expect(await violationsOn(page)).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, 'history.png') });
    });

    it('accepts a risk by keyboard, says who, why and until when, and takes that back', async () => {
      breakages.blockSignIn(tenant());
      await audit('contoso-rooms');
      const page = await target();
      const account = section(page, 'account');
      await account.locator('button[data-action="accept"]').focus();
      await page.keyboard.press('Enter');
      const dialog = page.locator('dialog');
      await dialog.waitFor();
      expect(await violationsOn(page)).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, 'accept.png') });
      await expect(dialog.locator('input[name="code"]').evaluateAll((all) => all.length)).resolves.toBe(1);
      // The first thing to be asked is why.
      await page.keyboard.type('too short');
      await page.keyboard.press('Tab');
      await dialog.locator('[data-confirm="yes"]').focus();
      await page.keyboard.press('Enter');
      await expect(dialog.isVisible()).resolves.toBe(true);
      await dialog.locator('textarea').fill('The account moves in March.');
      await dialog.locator('[data-confirm="yes"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('#account[data-look="accepted"]').waitFor();
      await expect(section(page, 'account').textContent()).resolves.toContain('The account moves in March.');
      await expect(section(page, 'account').locator('button[data-action="accept"]').count()).resolves.toBe(0);

      await section(page, 'account').locator('button[data-action="revoke"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await page.locator('#account[data-look="nonCompliant"]').waitFor();
    });

    it('accepts nothing that was not shown, though it is there by now', async () => {
      breakages.blockSignIn(tenant());
      await audit('contoso-rooms');
      const page = await target();
      Object.assign(accountOf(tenant()), { userType: 'Guest' });
      await section(page, 'account').locator('button[data-action="accept"]').click();
      await page.locator('dialog textarea').fill('The account moves in March.');
      await page.locator('dialog [data-confirm="yes"]').click();
      await section(page, 'account').getByText('account.guest').first().waitFor();
      await expect(section(page, 'account').getAttribute('data-look')).resolves.toBe('nonCompliant');
      const { body } = await app.call('GET', 'targets/contoso-rooms/waivers');
      expect(body).toMatchObject({ items: [{ codes: ['account.signInBlocked'] }] });
      await app.call('DELETE', 'targets/contoso-rooms/waivers/account');
    });

    it('accepts for all that are watched what they have in common, and for none that is paused', async () => {
      breakages.blockSignIn(tenant());
      const ids = Array.from({ length: 13 }, (_target, index) => `many-${index + 10}`);
      const [paused = '', ...watched] = ids;
      for (const targetId of ids) {
        await app.call('PUT', `targets/${targetId}`, { ...contoso, targetId, customer: 'beta' });
        await app.call('POST', `targets/${targetId}/audits`, { controls: ['account'] });
      }
      await app.call('PUT', `targets/${paused}`, {
        ...contoso,
        ...{ targetId: paused, customer: 'beta', paused: true },
      });
      const page = await visit('?customer=beta');
      await page.locator('button[data-action="accept-all"][data-control="account"]').click();
      await page.locator('dialog textarea').fill('The accounts move in March.');
      await page.locator('dialog [data-confirm="yes"]').click();
      // What nobody has to look after any more stands there no more.
      await page.locator('button[data-action="accept-all"]').waitFor({ state: 'detached' });
      for (const targetId of watched)
        expect((await app.call('GET', `targets/${targetId}/findings/account`)).body).toMatchObject({
          waived: true,
        });
      expect((await app.call('GET', `targets/${paused}/waivers`)).body).toMatchObject({ items: [] });
      for (const targetId of ids) await app.call('DELETE', `targets/${targetId}`);
    });

    it('shows the plan anew when the tenant has changed since, and asks again', async () => {
      breakages.revokeConsent(tenant());
      await audit('contoso-rooms');
      const page = await target();
      const consent = section(page, 'consent');
      await consent.locator('button[data-action="plan"]').click();
      await consent.locator('.plan-changes li').first().waitFor();
      const before = await consent.locator('.plan-changes > li').count();
      app.stack.simulator.reset();
      tenant().oauth2PermissionGrants.length = 0;
      await consent.locator('button[data-action="apply"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await consent.getByText('This is the plan as it is now.').waitFor();
      expect(await consent.locator('.plan-changes > li').count()).toBeLessThan(before);
    });

    it('takes back a plan when something else is to be taken on', async () => {
      breakages.revokeConsent(tenant());
      await audit('contoso-rooms');
      const page = await target();
      const consent = section(page, 'consent');
      await consent.locator('button[data-action="plan"]').click();
      await consent.locator('.plan-changes li').first().waitFor();
      await consent.locator('input[data-include="revocations"]').check();
      await expect(consent.locator('.plan-changes').count()).resolves.toBe(0);
      await expect(consent.locator('button[data-action="apply"]').isVisible()).resolves.toBe(false);
    });

    it('says what is wrong when it is refused, and lets go of the buttons', async () => {
      const page = await target();
      await app.call('DELETE', 'targets/contoso-rooms');
      const account = section(page, 'account');
      await account.locator('button[data-action="audit"]').click();
      await account.getByText('There is no target contoso-rooms.').waitFor();
      await expect(account.locator('button[data-action="audit"]').isEnabled()).resolves.toBe(true);
      await app.call('PUT', 'targets/contoso-rooms', contoso);
    });

    it('asks whoever is signed out to sign in again', async () => {
      const page = await target();
      await page.route('**/audits', (route) => route.fulfill({ status: 401, body: '' }));
      await section(page, 'account').locator('button[data-action="audit"]').click();
      await page.getByRole('link', { name: 'Sign in again' }).waitFor();
    });
  });

  it('accepts for all at once what more than ten have in common, and nothing else', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `many-${String(index).padStart(2, '0')}`);
    breakages.blockSignIn(tenant());
    for (const [index, targetId] of ids.entries()) {
      const customer = index === 11 ? 'another' : 'acme';
      await app.call('PUT', `targets/${targetId}`, { ...contoso, targetId, customer });
      expect((await app.call('POST', `targets/${targetId}/audits`, { controls: ['account'] })).status).toBe(
        200,
      );
    }
    const page = await visit('?customer=acme');
    const button = page.locator('button[data-action="accept-all"]');
    expect((await button.textContent())?.trim()).toBe('Accept the risk for all 11 …');
    await button.focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog textarea').fill('The account is being moved.');
    await page.locator('dialog [data-confirm="yes"]').focus();
    await page.keyboard.press('Enter');
    // Each is audited first, one after the other.
    await page.getByText('Accepted for 11 targets.').waitFor({ timeout: 100_000 });
    const waived = async () => (await app.findings('waived=true')).map(({ targetId }) => targetId);
    // Not that of another customer, and not what it was found on beside these.
    expect(await waived()).toEqual(ids.slice(0, 11));
    for (const targetId of ids) await app.call('DELETE', `targets/${targetId}`);
  });

  describe('targets', () => {
    const added = 'added-rooms';
    afterEach(() => app.call('DELETE', `targets/${added}`));
    const field = (page: Page, path: string) => page.locator(`[name="${path}"]`);
    const { serviceAccount = '', clientAppId = '', tenantId = '' } = contoso as Record<string, string>;

    it('are added by keyboard, asked for what their product needs, audited and shown', async () => {
      const page = await visit('?form=new');
      await page.screenshot({ path: path.join(screenshots, 'form.png'), fullPage: true });
      expect(await violationsOn(page)).toEqual([]);
      // What signs in as an application alone needs no account.
      await field(page, 'profile').selectOption('zoom-rooms-application');
      await expect(field(page, 'serviceAccount').isVisible()).resolves.toBe(false);
      await expect(field(page, 'clientAppId').isVisible()).resolves.toBe(false);
      await field(page, 'profile').selectOption('condeco-exchange-sync');
      await expect(field(page, 'rooms.addresses').isVisible()).resolves.toBe(false);

      await field(page, 'targetId').focus();
      await page.keyboard.type(added);
      await field(page, 'tags').fill('gold emea');
      await field(page, 'tenantId').fill(tenantId);
      await field(page, 'serviceAccount').fill('two words');
      await field(page, 'clientAppId').fill(clientAppId);
      await page.keyboard.press('Enter');
      // What is wrong stands at its field, and that has the focus.
      await page
        .locator('[data-field="serviceAccount"] [data-wrong]')
        .getByText('must be an address')
        .waitFor();
      expect(await page.evaluate('document.activeElement.name')).toBe('serviceAccount');
      expect(await violationsOn(page)).toEqual([]);
      await page.screenshot({ path: path.join(screenshots, 'form-wrong.png'), fullPage: true });

      await field(page, 'serviceAccount').fill(serviceAccount);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/report?targetId=${added}`);
      await expect(page.locator('.lead').textContent()).resolves.toMatch(/\.$/);
      expect((await app.call('GET', `targets/${added}`)).body).toMatchObject({
        ...{ tenantId, serviceAccount, clientAppId, tags: ['gold', 'emea'] },
        rooms: { source: 'all', desks: 'ignore' },
      });
      expect((await app.call('GET', `targets/${added}/findings/license`)).status).toBe(200);
    });

    it('never write over another one that has the id', async () => {
      const page = await visit('?form=new');
      await field(page, 'profile').selectOption('condeco-exchange-sync');
      await field(page, 'targetId').fill('contoso-rooms');
      await field(page, 'tenantId').fill(tenantId);
      await field(page, 'serviceAccount').fill(serviceAccount);
      await field(page, 'clientAppId').fill(clientAppId);
      await page.locator('button[type="submit"]').click();
      await page.getByText('is the id of another target: choose one that is free').waitFor();
      expect((await app.call('GET', 'targets/contoso-rooms')).body).toMatchObject(contoso);
    });

    it('are changed in what the form has, and in nothing else', async () => {
      const before = {
        ...contoso,
        ...{ rooms: { source: 'all', desks: 'include' }, signInSilentDays: 3, tags: ['old'] },
        ...{ license: { usageLocation: 'GB' }, allowedExtraGrants: ['Place.Read.All'] },
      };
      expect((await app.call('PUT', `targets/${added}`, { ...before, targetId: added })).status).toBe(201);
      const page = await visit(`?targetId=${added}&form=edit`);
      await field(page, 'displayName').fill('A <b>new</b> name');
      await field(page, 'tags').fill('');
      await page.locator('button[type="submit"]').click();
      await page.waitForURL(`**/report?targetId=${added}`);
      await expect(page.locator('h1').textContent()).resolves.toBe('A <b>new</b> name');
      const {
        createdAt: _at,
        worstVerdict: _worst,
        ...now
      } = (await app.call('GET', `targets/${added}`)).body as Record<string, unknown>;
      const { tags: _tags, ...kept } = before;
      expect(now).toMatchObject({ ...kept, targetId: added, displayName: 'A <b>new</b> name' });
      expect(now).not.toHaveProperty('tags');
    });

    it('are deleted after a question', async () => {
      await app.call('PUT', `targets/${added}`, { ...contoso, targetId: added });
      const page = await visit(`?targetId=${added}`);
      await page.locator('button[data-action="delete"]').click();
      await page.locator('dialog [data-confirm="no"]').click();
      expect((await app.call('GET', `targets/${added}`)).status).toBe(200);
      await page.locator('button[data-action="delete"]').click();
      await page.locator('dialog [data-confirm="yes"]').click();
      await page.waitForURL('**/report');
      expect((await app.call('GET', `targets/${added}`)).status).toBe(404);
    });
  });

  it('finds one of ten thousand rooms, and draws a hundred of them at a time', async () => {
    const state = app.stack.simulator.tenant(homeTenantId);
    enlarge(state, { rooms: 10_000, otherMailboxes: 0, scopes: 20 });
    await audit('contoso-rooms');
    const page = await visit('?targetId=contoso-rooms');
    const table = page.locator('table[data-resources][data-control="impersonation"]');
    await expect(table.locator('tr[data-resource]').count()).resolves.toBe(100);
    const search = page.locator('form[data-rows-filter] [name="rq"]');
    await search.fill('room-009999');
    await table.locator('tr[data-resource]').nth(0).getByText('room-009999').first().waitFor();
    await expect(page.locator('[data-rows-count="impersonation"]').textContent()).resolves.toBe('1 row');
    await search.fill('room');
    await page.getByText('100 of 10,000 rows').first().waitFor();
    await expect(table.locator('tr[data-resource]').count()).resolves.toBe(100);
    await page
      .locator('table[data-control="impersonation"]')
      .locator('xpath=..')
      .locator('+ button[data-more]')
      .click();
    await expect(table.locator('tr[data-resource]').count()).resolves.toBe(200);
    await search.fill('nobody');
    await expect(page.locator('[data-rows-none="impersonation"]').isVisible()).resolves.toBe(true);
    // A reload asks the server for the same.
    await search.fill('room-009999');
    await page.reload();
    await expect(table.locator('tr[data-resource]').count()).resolves.toBe(1);
  });

  it('shows hostile names as the text that they are', async () => {
    const state = app.stack.simulator.tenant(homeTenantId);
    const hostile = '<img src=x onerror=alert(1)>';
    const turned = '=HYPERLINK("http://x")\u202Egnp.exe\u0007';
    const [first, second] = state.exchange.recipients.filter(
      ({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox',
    );
    Object.assign(first ?? {}, { DisplayName: hostile });
    Object.assign(second ?? {}, { DisplayName: turned });
    await audit('contoso-rooms');
    const page = await visit('?targetId=contoso-rooms');
    const table = page.locator('table[data-resources][data-control="impersonation"]');
    const names = () => table.locator('[data-field="name"]').allTextContents();
    const shown = '=HYPERLINK("http://x")\uFFFDgnp.exe\uFFFD';
    expect(await names()).toEqual(expect.arrayContaining([hostile, shown]));
    // Drawn by the script, they are the same.
    await page.locator('form[data-rows-filter] [name="rq"]').fill('img src');
    await page.locator('[data-rows-count="impersonation"]').getByText('1 row').waitFor();
    expect(await names()).toEqual([hostile]);
    await page.locator('form[data-rows-filter] [name="rq"]').fill('hyperlink');
    await page.locator('[data-rows-count="impersonation"]').getByText('1 row').waitFor();
    expect(await names()).toEqual([shown]);
    await expect(page.locator('img').count()).resolves.toBe(0);
  });
});
