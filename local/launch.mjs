// What `npm start` runs: looks at what is asked for, builds, and starts. Building takes a while, and a misspelt name need not wait.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readOptions, usage } from './options.mjs';

try {
  if (readOptions() === undefined) {
    console.log(usage);
    process.exit(0);
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await import(new URL('../dist/local/start.js', import.meta.url).href);
