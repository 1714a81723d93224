import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Row } from '../../src/lib/report/model';
import { overviewPage } from '../../src/lib/report/page';
import { describeInBrowser, launch, overflowOf, screenshots, violationsOn } from '../support/browser';
import { before, manyRows, overviewOf, rowOf } from '../support/report-models';

jest.setTimeout(120_000);

const admin = { viewer: { name: 'Ada', roles: ['Syncwarden.Admin'] } };

/** What broke this morning on one target, among all that has been wrong for long, and all that is fine. */
const broken = rowOf(
  'northwind-rooms',
  'nonCompliant',
  {
    account: {
      verdict: 'nonCompliant',
      since: before(6),
      changedAt: before(6),
      codes: ['account.signInBlocked'],
      summary:
        'Sign-in is blocked for svc-condeco@northwind.com: the booking product cannot sign in with it.',
    },
  },
  { displayName: 'Northwind, Oslo', customer: 'northwind' },
);
const amongst: readonly [count: number, others: readonly Row[]][] = [
  [3, [rowOf('contoso-rooms'), rowOf('fabrikam-rooms', 'unknown', { license: { verdict: 'unknown' } })]],
  [200, manyRows(199)],
  [2000, manyRows(1999)],
];
const better = Array.from({ length: 50 }, (_, index) => ({
  ...{ targetId: `new-${index}`, control: 'license' as const, severity: 'high' as const, waived: false },
  ...{ previousVerdict: null, verdict: 'compliant' as const, resumed: false, summary: 'All is well.' },
  ...{ codes: [], at: before(1) },
}));

describeInBrowser('the first screen at 8 a.m.', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  /** The page as the app makes it of a model; nothing is behind it. */
  async function show(rows: readonly Row[], width: number, height: number): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height } });
    const { html } = overviewPage(overviewOf({ rows, better, betterCount: 200 }), admin);
    await page.route('http://localhost/**', (route) =>
      route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }),
    );
    await page.goto('http://localhost/api/report');
    return page;
  }

  describe.each(amongst)('of %i targets', (count, others) => {
    const rows = [...others, broken];

    it.each([
      [1440, 900],
      [768, 1024],
      [360, 740],
    ])(
      'says what broke, since when and what to do first, in words, %i pixels wide',
      async (width, height) => {
        const page = await show(rows, width, height);
        await page.screenshot({ path: path.join(screenshots, `first-${count}-${width}.png`) });
        // The headline says how many need somebody.
        const headline = page.locator('h1');
        expect(await headline.textContent()).toMatch(/^[\d,]+ of [\d,]+ targets need attention$/);
        const item = page.locator('.concerns > li', { hasText: 'Northwind, Oslo' });
        const text = (await item.textContent())?.replaceAll(/\s+/g, ' ') ?? '';
        expect(text).toContain('Sign-in is blocked for svc-condeco@northwind.com');
        expect(text).toContain('6 hours');
        expect(text).toMatch(/Do: \S+/);
        // All of it is in the first screen: nobody has to scroll for it.
        for (const part of [
          headline,
          item.locator('.what'),
          item.locator('.summary'),
          item.locator('.step'),
        ]) {
          const box = await part.boundingBox();
          expect(box).not.toBeNull();
          expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
        }
        expect(await overflowOf(page)).toBeLessThanOrEqual(0);
        await page.close();
      },
    );
  });

  it('can be read by everybody, by day and by night, with two thousand targets', async () => {
    const page = await show([...manyRows(1999), broken], 1440, 900);
    expect(await violationsOn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violationsOn(page, 'color-contrast')).toEqual([]);
    await page.screenshot({ path: path.join(screenshots, 'first-2000-dark.png') });
    await page.close();
  });
});
