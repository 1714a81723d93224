import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { call } from '../local/api';
import { demoTargets } from '../local/simulator/demo';
import { startStack } from '../local/stack';

/** Where the picture in the README comes from. */
const file = 'docs/pictures/report.png';

/** Takes a picture of the report about the demo tenants, as it is after a first night. Needs a Chromium: CHROMIUM_PATH says where. */
async function main(): Promise<void> {
  const root = process.cwd();
  const stack = await startStack(root);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const host = await stack.startHost();
    const api = `${host.url}/api`;
    for (const target of demoTargets(root) as { targetId: string }[]) {
      await call(`${api}/targets/${target.targetId}`, 'PUT', target);
      await call(`${api}/targets/${target.targetId}/audits`, 'POST');
    }
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${api}/report`);
    mkdirSync('docs/pictures', { recursive: true });
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
    await stack.stop();
  }
  process.stdout.write(`${file} is new.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
