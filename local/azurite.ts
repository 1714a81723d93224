import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { endChild } from './child';
import { freePort, untilListening } from './ports';

/** Azurite's own account: the same everywhere, and published. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  connectionString: string;
  /** Process id, for those who measure or kill it. */
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts Azurite as a child process on free ports of loopback. It keeps everything in memory.
 * @param preload a script that it loads first.
 */
export async function startAzurite(preload?: string): Promise<Azurite> {
  const [blob, queue, table] = await Promise.all([freePort(), freePort(), freePort()]);
  const program = createRequire(__filename).resolve('azurite/dist/src/azurite.js');
  const child = spawn(
    process.execPath,
    [
      ...(preload === undefined ? [] : ['--require', preload]),
      program,
      ...['--inMemoryPersistence', '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
      ...['--blobPort', String(blob), '--queuePort', String(queue), '--tablePort', String(table)],
    ],
    { stdio: 'ignore' },
  );
  if (child.pid === undefined) throw new Error('Azurite could not be started.');
  await Promise.all([blob, queue, table].map((port) => untilListening(port, 30_000)));
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${key}`,
      `BlobEndpoint=http://127.0.0.1:${blob}/${account}`,
      `QueueEndpoint=http://127.0.0.1:${queue}/${account}`,
      `TableEndpoint=http://127.0.0.1:${table}/${account}`,
    ].join(';'),
    pid: child.pid,
    stop: () => endChild(child),
  };
}
