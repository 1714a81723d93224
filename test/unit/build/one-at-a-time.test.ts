import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { root } from '../../support/simulated-tenant';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-build-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Says when it begins and ends, and takes its time between. */
const program = `
  import { appendFileSync } from 'node:fs';
  const { oneAtATime } = await import(${JSON.stringify(pathToFileURL(path.join(root, 'build/one-at-a-time.mjs')).href)});
  await oneAtATime();
  appendFileSync('said', 'begin\\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  appendFileSync('said', 'end\\n');`;
const run = () =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });

it('whoever comes second waits for the first', async () => {
  await Promise.all([run(), run(), run()]);
  expect(readFileSync(path.join(folder, 'said'), 'utf8')).toBe('begin\nend\n'.repeat(3));
});

it('nobody waits for a process that is gone', async () => {
  mkdirSync(path.join(folder, '.local'));
  const { pid } = await new Promise<{ pid: number | undefined }>((resolve) => {
    const child = execFile(process.execPath, ['-e', ''], () => resolve(child as { pid: number | undefined }));
  });
  writeFileSync(path.join(folder, '.local/building'), String(pid));
  await run();
  expect(readFileSync(path.join(folder, 'said'), 'utf8')).toBe('begin\nend\n');
});
