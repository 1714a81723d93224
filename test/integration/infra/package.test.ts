import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ignore from 'ignore';
import { environmentWith } from '../../../local/app-host';
import { endChild } from '../../../local/child';
import { demoTargets } from '../../../local/simulator/demo';
import { type Stack, startStack } from '../../../local/stack';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(60_000);

const rules = ignore().add(readFileSync(path.join(root, '.funcignore'), 'utf8'));

/** What a tool that goes by .funcignore as git goes by .gitignore would pack: it does not look into what is ignored. */
function packed(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return rules.ignores(`${name}/`) ? [] : packed(name);
    return rules.ignores(name) ? [] : [name];
  });
}

const built = ['app.js', 'applicationinsights.js', 'main.js', 'xlsx-writer.js', 'zod-openapi.js'];

it('what .funcignore leaves is what runs in Azure with the licences of what is inside, and nothing else', () => {
  const inDist = ['THIRD-PARTY-NOTICES', ...built].map((name) => `dist/${name}`);
  expect(packed().sort()).toEqual([...inDist, 'host.json', 'package.json']);
});

it('every file that the app loads beside its main one is among them', () => {
  const loaded = ['main.js', 'app.js'].flatMap((file) => {
    const source = readFileSync(path.join(root, 'dist', file), 'utf8');
    return [...source.matchAll(/\b(?:require|import)\("\.\/([^"]+)"\)/g)].map(([, name = '']) => name);
  });
  expect([...new Set(loaded)].sort()).toEqual(built.filter((name) => name !== 'main.js'));
});

it('the folder of the libraries is not left out as such, so that azd does not build in Azure', () => {
  expect(rules.ignores('node_modules/')).toBe(false);
  expect(rules.ignores('node_modules/zod/')).toBe(true);
  expect(rules.ignores('node_modules/.package-lock.json')).toBe(true);
});

describe.each(built)('dist/%s', (name) => {
  it('asks for nothing but what Node.js and the host have', () => {
    const source = readFileSync(path.join(root, 'dist', name), 'utf8');
    const asked = [...source.matchAll(/\b(?:require|import)\("([^"./][^"]*)"\)/g)].map(
      ([, module = '']) => module,
    );
    const known = [...builtinModules, '@azure/functions-core'];
    expect([...new Set(asked)].filter((module) => !known.includes(module.replace('node:', '')))).toEqual([]);
  });
});

describe('the package', () => {
  let folder: string;
  let stack: Stack;
  let host: ChildProcess | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-package-'));
    for (const name of packed()) cpSync(path.join(root, name), path.join(folder, name));
    stack = await startStack(root);
  });
  afterAll(async () => {
    if (host !== undefined) await endChild(host);
    await stack.stop();
    rmSync(folder, { recursive: true });
  });

  it('loads the part that sends telemetry', () => {
    const program =
      "require('./dist/applicationinsights.js').openSender.call && process.stdout.write('loaded')";
    const { stdout } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('loaded');
  });

  it('loads the part that writes workbooks', () => {
    const program = "require('./dist/xlsx-writer.js').writeXlsx.call && process.stdout.write('loaded')";
    const { stdout } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('loaded');
  });

  it('starts without libraries beside it, and audits a tenant', async () => {
    expect(existsSync(path.join(folder, 'node_modules'))).toBe(false);
    const started = await start(folder, stack);
    ({ host } = started);
    const target = demoTargets(root).find(({ targetId }) => targetId === 'contoso-rooms');
    const call = async (method: string, route: string, body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${started.url}/api/${route}`, {
        method,
        headers,
        body: JSON.stringify(body),
      });
      return [response.status, await response.json()];
    };
    expect(await call('PUT', 'targets/contoso-rooms', target)).toMatchObject([201, {}]);
    expect(
      await call('POST', 'targets/contoso-rooms/audits', { controls: ['account', 'consent'] }),
    ).toMatchObject([200, { findings: [{ verdict: 'compliant' }, { verdict: 'compliant' }] }]);
  });
});

/** Starts the local host in a folder. @throws with what it said when the app does not start. */
async function start(folder: string, { env, caFile }: Stack): Promise<{ host: ChildProcess; url: string }> {
  const host = spawn(process.execPath, [path.join(root, 'dist/local/host.js')], {
    cwd: folder,
    env: environmentWith({
      ...env,
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      NODE_EXTRA_CA_CERTS: caFile,
      PORT: '0',
    }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  host.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const port = await new Promise<number>((resolve, reject) => {
    host.once('message', (message) => resolve((message as { port: number }).port));
    host.once('exit', (code) =>
      reject(new Error(said.trim() || `The host ended with code ${String(code)}.`)),
    );
  });
  return { host, url: `http://127.0.0.1:${port}` };
}
