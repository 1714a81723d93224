import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environmentWith } from '../local/app-host';
import { median } from './figures';

/** The packages that the app is made of, as they would be loaded without a bundle. */
const packages = [
  '@azure/functions',
  '@azure/identity',
  '@microsoft/microsoft-graph-client',
  '@azure/data-tables',
  '@azure/storage-queue',
  'applicationinsights',
  'zod',
  'jose',
  'croner',
  'lru-cache',
];

const runs = 7;

/** Milliseconds that loading takes in a fresh process, as medians. */
export interface ColdStart {
  /** Until all functions are registered. */
  mainMs: number;
  /** With what the first invocation loads. */
  wholeMs: number;
  unbundledMs: number;
  bareAppMs: number;
}

/** Measures how long the app takes to load: its main file, all of it, the same packages unbundled, and an app of one function. */
export function measureColdStart(root: string, env: Record<string, string>): ColdStart {
  const folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-bench-'));
  try {
    const bare = path.join(folder, 'bare.cjs');
    const functions = JSON.stringify(path.join(root, 'node_modules/@azure/functions'));
    writeFileSync(bare, `require(${functions}).app.http('hello', { handler: () => ({ body: 'hello' }) });`);
    const built = (...names: string[]) => names.map((name) => path.join(root, `dist/${name}.js`));
    const timings: ColdStart = { mainMs: 0, wholeMs: 0, unbundledMs: 0, bareAppMs: 0 };
    const samples = Array.from({ length: runs }, () => ({
      mainMs: timeLoading(root, built('main'), env),
      wholeMs: timeLoading(root, built('main', 'app'), env),
      unbundledMs: timeLoading(root, packages, env),
      bareAppMs: timeLoading(root, [bare], env),
    }));
    for (const key of ['mainMs', 'wholeMs', 'unbundledMs', 'bareAppMs'] as const) {
      timings[key] = median(samples.map((sample) => sample[key]));
    }
    return timings;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeLoading(root: string, modules: readonly string[], env: Record<string, string>): number {
  const script = `
    const start = process.hrtime.bigint();
    for (const module of ${JSON.stringify(modules)}) require(module);
    console.log(Number(process.hrtime.bigint() - start) / 1e6);
    process.exit(0);`;
  const said = execFileSync(process.execPath, ['-e', script], {
    cwd: root,
    env: environmentWith({ AZURE_FUNCTIONS_ENVIRONMENT: 'Development', ...env }),
    encoding: 'utf8',
    // Outside a host the library warns at each registration.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return Number(said.trim().split('\n').at(-1));
}
