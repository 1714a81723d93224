import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { root } from './simulated-tenant';

/** Where a browser usually is: Debian, other Linux, macOS, Windows. `CHROMIUM_PATH` says it otherwise. */
const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const executablePath = places.find((place) => place !== undefined && existsSync(place));

/** Tests in a real browser. Without one they do not run, and one line says so. */
export const describeInBrowser = executablePath === undefined ? describe.skip : describe;
if (executablePath === undefined) {
  process.stderr.write(
    'No Chromium was found (CHROMIUM_PATH may say where it is): the tests in a browser did not run.\n',
  );
}

/** Where pictures of the page go, for people to look at. */
export const screenshots = path.join(root, '.local/screenshots');

export async function launch(): Promise<Browser> {
  mkdirSync(screenshots, { recursive: true });
  // A container has no user namespaces for the sandbox; what is looked at is our own page.
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox'],
  });
}

/** A page with a record of what must not happen on it. */
export interface Watched {
  page: Page;
  /** Requests to anywhere but the app, errors, violations of the policy, and dialogs of scripts. */
  complaints: string[];
}

/** Opens a page of the app, and watches what it does. */
export async function open(context: BrowserContext, url: string): Promise<Watched> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const { origin } = new URL(url);
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(`${origin}/`) && !target.startsWith('data:')) complaints.push(`asked ${target}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // That the app refused something is no fault of the page.
    const isRefusal = /^Failed to load resource: the server responded with a status of 4/.test(
      message.text(),
    );
    if (message.type() === 'error' && !isRefusal) complaints.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, complaints };
}

/**
 * What axe finds against accessibility, as sentences. The policy of the page lets no script in, so it is run from outside.
 * @param rules that are looked at; all unless told.
 */
export async function violationsOn(page: Page, ...rules: string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rules.length === 0 ? {} : { runOnly: rules }) };
  const { violations } = await page.evaluate(
    (given) =>
      (
        globalThis as unknown as { axe: { run(options: object): Promise<{ violations: AxeViolation[] }> } }
      ).axe.run(given),
    options,
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`,
  );
}

interface AxeViolation {
  id: string;
  help: string;
  nodes: { html: string }[];
}

/** By how many pixels a page is wider than its window; 0 when it fits. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** An attribute of each of these elements, in their order. */
export function attributesOf(elements: Locator, name: string): Promise<(string | null)[]> {
  return elements.evaluateAll(
    (all: readonly Attributed[], attribute) => all.map((element) => element.getAttribute(attribute)),
    name,
  );
}

/** All that is asked of an element here; the browser's own types are not those of the tests. */
interface Attributed {
  getAttribute(name: string): string | null;
}
