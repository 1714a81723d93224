// Two builds in one folder would write over each other's files: whoever comes second waits for the first.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const lock = '.local/building';

/** Waits until nobody else builds, and keeps others waiting until this process ends. */
export async function oneAtATime() {
  mkdirSync('.local', { recursive: true });
  while (!taken()) await sleep(100);
  process.once('exit', () => rmSync(lock, { force: true }));
}

function taken() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive()) rmSync(lock, { force: true });
    return false;
  }
}

/** Whether the process that has the lock is still there; one that was killed has left it behind. */
function isAlive() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Right after it was made it is empty.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
