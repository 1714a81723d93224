import path from 'node:path';
import pc from 'picocolors';
import * as z from 'zod';
import { signInFrom, tokenFor } from '../src/cli/sign-in';
import { findingsTable } from '../src/cli/show/findings-table';
import { printable, printableLines } from '../src/cli/show/printable';
import { tableLook } from '../src/cli/show/table';
import { counted } from '../src/lib/counted';
import { controlIds } from '../src/lib/model/verdict';
import { auditNow, call, enqueueAudits, type Finding, findings } from './api';
import { startAppHost } from './app-host';
import { startAzurite } from './azurite';
import { startCoreTools } from './core-tools';
import { hintsFor } from './hints';
import { type Options, readOptions } from './options.mjs';
import { demoTargets } from './simulator/demo';
import { startStack } from './stack';

const root = path.resolve(__dirname, '../..');

/** A running app, and how to end it with all that belongs to it. */
interface Running {
  url: string;
  stop(): Promise<void>;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  const { running, targets } =
    options.target === undefined ? await startDemo(options) : await startReal(options, options.target);
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= running.stop());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void end().then(() => process.exit(0)));
  }
  try {
    await show(running.url, targets, options.target === undefined ? throughQueue : now);
  } catch (error) {
    await end();
    throw error;
  }
  if (options.once) {
    await end();
    return;
  }
  printAddresses(running.url, targets);
}

const Named = z.looseObject({ targetId: z.string() });
type NamedTarget = z.infer<typeof Named>;

async function startDemo({ port, func }: Options): Promise<{ running: Running; targets: NamedTarget[] }> {
  say('Starting Azurite (storage) and a simulated Microsoft 365 with four tenants …');
  const stack = await startStack(root);
  try {
    const { env, caFile } = stack;
    const host = func
      ? await startCoreTools({ root, port, env, caFile })
      : await stack.startHost({ port, output: hostOutput });
    const stop = async () => {
      await host.stop();
      await stack.stop();
    };
    return {
      running: { url: host.url, stop },
      targets: demoTargets(root).map((target) => Named.parse(target)),
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** A sign-in that does not work is one sentence at once, and not minutes of silence. @throws with why there is no token. */
async function requireSignIn({ tenantId }: NamedTarget): Promise<void> {
  // Without a tenant the app says what is wrong with the target.
  if (typeof tenantId !== 'string') return;
  say(`Signing in to tenant ${printable(tenantId)} …`);
  const signIn = signInFrom(process.env, false);
  await tokenFor(signIn, tenantId, signIn.settings.graphEndpoint);
}

/** Variables that the app is given where they are set: how it signs in, and how it reaches what it calls. */
const passedOn = [
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_AUTHORITY_HOST',
  'GRAPH_ENDPOINT',
  'EXCHANGE_ENDPOINT',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'NODE_EXTRA_CA_CERTS',
  // Both spellings are in use.
  ...['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'],
];

async function startReal({ port }: Options, target: NamedTarget) {
  const given = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  ) as Record<string, string>;
  const env: Record<string, string> = { ...given, ...directly(given) };
  const hasKey = env.AZURE_CLIENT_SECRET !== undefined || env.AZURE_CLIENT_CERTIFICATE_PATH !== undefined;
  if (env.AZURE_TENANT_ID === undefined || env.AZURE_CLIENT_ID === undefined || !hasKey) {
    throw new Error(
      'A real tenant needs AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH. docs/laptop.md says which application that is.',
    );
  }
  await requireSignIn(target);
  say('Starting Azurite (storage) …');
  const azurite = await startAzurite();
  try {
    const host = await startAppHost({
      root,
      port,
      env: { AUTH_MODE: 'local', AzureWebJobsStorage: azurite.connectionString, ...env },
      output: hostOutput,
    });
    const stop = async () => {
      await host.stop();
      await azurite.stop();
    };
    return { running: { url: host.url, stop }, targets: [target] };
  } catch (error) {
    await azurite.stop();
    throw error;
  }
}

/** What is on this machine is reached without a proxy, whatever else is. */
function directly({ NO_PROXY, no_proxy: spelled = NO_PROXY }: Record<string, string>): {
  NO_PROXY: string;
  no_proxy: string;
} {
  const hosts = [spelled, '127.0.0.1', 'localhost'].filter((host) => host !== undefined).join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}

/** Creates the targets, audits them, and prints what came of it. */
async function show(url: string, targets: readonly NamedTarget[], audit: typeof throughQueue): Promise<void> {
  const api = `${url}/api`;
  for (const target of targets) await call(`${api}/targets/${target.targetId}`, 'PUT', target);
  const done = await audit(api, targets);
  say(
    findingsTable(
      done,
      tableLook({ columns: process.stdout.columns || 140, hasColors: pc.isColorSupported }),
    ),
  );
  const requests = done.reduce((sum, finding) => sum + finding.requests, 0);
  const audited = `${counted(done.length, 'audit')} of ${counted(targets.length, 'target')}`;
  say(`${audited}, with ${counted(requests, 'request')} to Microsoft 365.`);
}

/** As the night does it, with the queue and its worker. */
async function throughQueue(api: string, _targets: readonly NamedTarget[]): Promise<Finding[]> {
  const began = new Date().toISOString();
  const total = (await enqueueAudits(api)) * controlIds.length;
  return untilAudited(api, began, total);
}

/** On demand: a tenant that throttles, or does not answer, is told as that and not put off to later. */
async function now(api: string, targets: readonly NamedTarget[]): Promise<Finding[]> {
  say(`Auditing ${targets.map(({ targetId }) => printable(targetId)).join(', ')}; at most two minutes …`);
  const all = await Promise.all(targets.map(({ targetId }) => auditNow(api, targetId)));
  return all.flat();
}

/** Longer than any audit may take. */
const timeoutMs = 180_000;

async function untilAudited(api: string, began: string, total: number): Promise<Finding[]> {
  const end = Date.now() + timeoutMs;
  for (let last = -1; ;) {
    const done = (await findings(api)).filter((finding) => finding.checkedAt >= began);
    if (done.length !== last) progress(`Audited ${done.length} of ${total}`, done.length === total);
    last = done.length;
    if (done.length >= total) return done;
    if (Date.now() > end)
      throw new Error(`Only ${done.length} of ${counted(total, 'audit')} came to an end.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** One line that is written over on a terminal, and only its end in a pipe. */
function progress(text: string, isEnd: boolean): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${text}${isEnd ? '\n' : ''}`);
  else if (isEnd) say(text);
}

function printAddresses(url: string, targets: readonly NamedTarget[]): void {
  const target = targets.at(-1)?.targetId ?? 'my-target';
  const { anywhere, powershell } = hintsFor(url, target);
  say(`
${pc.bold('Open')} ${url}/api/report, or try (no sign-in on this machine):
${anywhere.map((command) => `  ${command}`).join('\n')}
or in PowerShell 7:
  ${powershell}
What it keeps is gone when it ends. End it with Ctrl+C.`);
}

/** The host's own words, one line at a time: what it warns of matters, its routine does not. */
function hostOutput(text: string): void {
  for (const line of text.split('\n')) {
    if (/\b(warn|error)\b|busy|in use/i.test(line)) say(pc.dim(printable(line)));
  }
}

function say(text: string): void {
  console.log(text);
}

main().catch((error: unknown) => {
  console.error(pc.red(printableLines(error instanceof Error ? error.message : String(error))));
  process.exitCode = 1;
});
