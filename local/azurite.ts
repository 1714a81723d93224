import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { endChild } from './child';

/** Azurite's own account: the same everywhere, and published. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  connectionString: string;
  /** Process id, for those who measure or kill it. */
  pid: number;
  stop(): Promise<void>;
}

const services = ['Blob', 'Queue', 'Table'] as const;
type Service = (typeof services)[number];

/**
 * Starts Azurite as a child process on free ports of loopback. It keeps everything in memory.
 * @param preload a script that it loads first.
 */
export async function startAzurite(preload?: string): Promise<Azurite> {
  const program = createRequire(__filename).resolve('azurite/dist/src/azurite.js');
  const child = spawn(
    process.execPath,
    [
      ...(preload === undefined ? [] : ['--require', preload]),
      program,
      ...['--inMemoryPersistence', '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
      // The system chooses: a port that was looked for before could be somebody else's by then.
      ...services.flatMap((service) => [`--${service.toLowerCase()}Port`, '0']),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (child.pid === undefined) throw new Error('Azurite could not be started.');
  const at = await addressesOf(child);
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${key}`,
      ...services.map((service) => `${service}Endpoint=${at[service]}/${account}`),
    ].join(';'),
    pid: child.pid,
    stop: () => endChild(child),
  };
}

/** Where each service listens, once all of them do. @throws with what Azurite has said, when it ends before. */
function addressesOf(child: ChildProcess): Promise<Record<Service, string>> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`Azurite could not be started. ${said.trim()}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = `${said}${text}`.slice(-4000);
        // A port is whole once its line is.
        const found = services.map((service) => [
          service,
          new RegExp(`${service} service is successfully listening at (http://127\\.0\\.0\\.1:\\d+)\\s`).exec(
            said,
          )?.[1],
        ]);
        if (found.every(([, address]) => address !== undefined))
          resolve(Object.fromEntries(found) as Record<Service, string>);
      });
    }
  });
}
