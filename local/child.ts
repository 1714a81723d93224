import type { ChildProcess } from 'node:child_process';

/** How long a child may take to end by itself. */
const timeoutMs = 12_000;

/** Ends a child process and waits for it: politely first, by force when it does not listen. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await ended;
  clearTimeout(force);
}
