import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { QueueClient } from '@azure/storage-queue';
import { type AppHost, startAppHost } from '../../local/app-host';
import { type Stack, startStack } from '../../local/stack';
import type { Finding, Transition } from '../../src/lib/model/finding';
import { auditQueueName, poisonQueueName } from '../../src/lib/storage/queue-names';
import { complaintsAbout } from './contract';
import { root } from './simulated-tenant';

/** What an HTTP call came to. */
export interface Answer {
  status: number;
  type: string | null;
  body: unknown;
}

/** The built app in the local Functions host, with real storage and the simulated Microsoft 365. */
export class TestApp {
  /** What all hosts have written so far. */
  said = '';
  private host: AppHost | undefined;

  private constructor(
    readonly stack: Stack,
    private readonly folder: string,
  ) {}

  /** @param queues what host.json says of queues instead: waiting minutes for a retry is no test. */
  static async start(queues: Record<string, unknown> = {}): Promise<TestApp> {
    const folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-app-'));
    symlinkSync(path.join(root, 'dist'), path.join(folder, 'dist'));
    copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    const hostJson = JSON.parse(readFileSync(path.join(root, 'host.json'), 'utf8')) as {
      extensions: { queues: object };
    };
    const faster = { visibilityTimeout: '00:00:00', maxPollingInterval: '00:00:01', ...queues };
    Object.assign(hostJson.extensions.queues, faster);
    writeFileSync(path.join(folder, 'host.json'), JSON.stringify(hostJson));
    return new TestApp(await startStack(root), folder);
  }

  /** Starts the Functions host, with settings beside the usual ones. @throws with what it said when it does not start. */
  async startHost(env: Record<string, string> = {}): Promise<AppHost> {
    const { stack, folder } = this;
    const settings = { root: folder, port: 0, caFile: stack.caFile };
    const output = (text: string) => (this.said += text);
    this.host = await startAppHost({ ...settings, env: { ...stack.env, ...env }, output });
    return this.host;
  }

  /** Where the app answers. */
  get url(): string {
    return this.host?.url ?? '';
  }

  /** Ends the host at once, as a crash does. */
  async kill(): Promise<void> {
    const { child } = this.host ?? {};
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends everything. @throws when the app asked, or the simulator answered, what Microsoft does not describe. */
  async stop(): Promise<void> {
    const complaints = complaintsAbout(this.stack.simulator.requests);
    await this.host?.stop();
    await this.stack.stop();
    rmSync(this.folder, { recursive: true });
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  }

  /** Calls the app: an object as JSON, a string as it is. */
  async call(method: string, route: string, body?: unknown, headers: object = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api/${route}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    return { status: response.status, type, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  async targets(): Promise<{ targetId: string; worstVerdict: string }[]> {
    const { body } = await this.call('GET', 'targets');
    return (body as { items: { targetId: string; worstVerdict: string }[] }).items;
  }

  async findings(query = ''): Promise<Finding[]> {
    const { body } = await this.call('GET', `findings?limit=1000&${query}`);
    return (body as { items: Finding[] }).items;
  }

  async history(targetId: string): Promise<Transition[]> {
    const { body } = await this.call('GET', `targets/${targetId}/history`);
    return (body as { items: Transition[] }).items;
  }

  queue(name: typeof auditQueueName | typeof poisonQueueName): QueueClient {
    return new QueueClient(this.stack.azurite.connectionString, name);
  }

  /** Puts a text into the queue of audits, as the nightly timers do. */
  async send(text: string): Promise<void> {
    await this.queue(auditQueueName).sendMessage(Buffer.from(text).toString('base64'));
  }

  /** Waits until a condition holds, half a minute at the most unless told; it is asked ten times a second. */
  async until(what: string, condition: () => Promise<boolean> | boolean, longestMs = 30_000): Promise<void> {
    const deadline = Date.now() + longestMs;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
