import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { endChild } from './child';

export interface AppHost {
  /** Where the app answers: `http://127.0.0.1:7071`. */
  url: string;
  child: ChildProcess;
  stop(): Promise<void>;
}

export interface AppHostOptions {
  /** Root of the project: where host.json and package.json are. */
  root: string;
  port: number;
  /** The app's settings. */
  env: Readonly<Record<string, string>>;
  /** Certificate authority to trust beside the usual ones. */
  caFile?: string | undefined;
  /** The size of the heap in MB; that of Azure's smallest instance unless told. */
  heapMb?: number | undefined;
  /** Where the host's output goes, line by line; nowhere unless told. */
  output?: (text: string) => void;
}

/** What a process needs of the surrounding one. Cloud credentials that happen to be there must not leak in. */
const inherited = [
  'PATH',
  'PATHEXT',
  'HOME',
  'USERPROFILE',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'LANG',
  'LOG_LEVEL',
  'FORCE_COLOR',
  'NO_COLOR',
];

/**
 * The heap of Azure's smallest instance (512 MB). Without a limit V8 lets garbage pile up as far as the machine has
 * memory, and a figure for the memory that the app needs would be one about the machine.
 */
const smallHeapMb = 128;

/** The inherited variables with these on top. */
export function environmentWith(env: Readonly<Record<string, string>>): Record<string, string> {
  const base = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(base), ...env };
}

/** Starts the local Functions host with the built app, and waits until it serves. @throws when the app does not start. */
export async function startAppHost(options: AppHostOptions): Promise<AppHost> {
  const { root, port, caFile, output, heapMb = smallHeapMb } = options;
  const heap = [`--max-old-space-size=${heapMb}`, '--max-semi-space-size=8'];
  const child = spawn(process.execPath, [...heap, path.join(root, 'dist/local/host.js')], {
    cwd: root,
    env: environmentWith({
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      FUNCTIONS_WORKER_RUNTIME: 'node',
      PORT: String(port),
      ...options.env,
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
    }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
      output?.(text);
    });
  }
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', (message) => {
      const ready = message as { type?: string; port?: number };
      if (ready.type === 'ready') resolve(`http://127.0.0.1:${ready.port ?? port}`);
    });
    child.once('exit', (code) =>
      reject(new Error(said.trim() || `The Functions host ended with code ${code ?? 0}.`)),
    );
  });
  return { url, child, stop: () => endChild(child) };
}
