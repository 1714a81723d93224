import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AppHost, type AppHostOptions, environmentWith } from './app-host';
import { endChild } from './child';

/** How long Core Tools may take to serve. */
const timeoutMs = 60_000;

/** On Windows npm installs func as a script, and only a shell runs those. */
const isWindows = process.platform === 'win32';

/** Serves the app with Azure Functions Core Tools, for those who have them. @throws when they are not there. */
export async function startCoreTools({ root, port, env, caFile }: AppHostOptions): Promise<AppHost> {
  const child = spawn('func', ['start', '--port', String(port)], {
    cwd: root,
    env: environmentWith({
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      ...env,
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
    }),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: isWindows,
  });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', () =>
      reject(new Error('Azure Functions Core Tools (func) are not installed. npm start works without them.')),
    );
    child.once('exit', (code) => reject(new Error(`func ended with code ${code ?? 0}.`)));
  });
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([failed, untilHealthy(url)]);
  return { url, child, stop: () => (isWindows ? endTree(child) : endChild(child)) };
}

/** Ends func together with the shell that runs it: whoever ends the shell alone leaves func behind. */
async function endTree(child: ChildProcess): Promise<void> {
  spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
  await endChild(child);
}

async function untilHealthy(url: string): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const isUp = await fetch(`${url}/api/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`func did not serve within ${timeoutMs / 1000} s.`);
}
