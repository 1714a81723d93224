import path from 'node:path';
import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import { call } from '../local/api';
import type { AppHost } from '../local/app-host';
import { type Stack, startStack } from '../local/stack';
import { startCountingProxy } from './counting-proxy';
import { cpuSeconds, type Figure, peakMemoryMb, round } from './figures';
import { addTenants, type ManyTenant } from './many-tenants';

/** The controls that every reader can answer. */
const controls = ['account', 'password-expiry', 'license', 'consent'] as const;

/** One in so many tenants is throttled. */
const throttledEvery = 20;
const throttledMs = 60_000;

/** What Azure gives one invocation, in seconds: the functionTimeout of host.json. */
const longestInvocation = 600;

const longestNightMs = 6 * 3_600_000;

/** How one night went. */
interface Night {
  /** From the first timer to the last message in the queue, in seconds. */
  dispatch: number;
  /** From the first timer to an empty queue, in seconds. */
  all: number;
  /** From the first timer to the last finding of a tenant that was not throttled, in seconds. */
  others: number;
  memory: number;
  /** Processor time of the host, in seconds. */
  cpu: number;
  /** Requests to Microsoft 365, tokens aside. */
  requests: number;
  tokens: number;
}

/** Audits many tenants through the queue: what an audit costs, undisturbed, and with one in twenty of them throttled. */
export async function scale(root: string, count: number): Promise<Figure[]> {
  const figures = await costs(root);
  const calm = await nightOf(root, count, false);
  const busy = await nightOf(root, count, true);
  const messages = count * controls.length;
  const perAudit = (seconds: number) => round((1000 * seconds) / messages);
  const many = `${count} tenants`;
  return [
    ...figures,
    { name: `${many}: dispatch`, value: round(busy.dispatch), unit: 's', budget: longestInvocation },
    { name: `${many}: undisturbed`, value: round(messages / calm.all), unit: 'messages/s' },
    {
      name: `${many}, 5 % throttled for a minute: the others`,
      value: round((messages * (1 - 1 / throttledEvery)) / busy.others),
      unit: 'messages/s',
    },
    { name: `${many}, 5 % throttled: time of the others`, value: round(busy.others), unit: 's' },
    { name: `${many}, 5 % throttled: until all are done`, value: round(busy.all), unit: 's' },
    { name: `${many}: tokens`, value: round(calm.tokens / count), unit: 'per target' },
    { name: `${many}: requests, undisturbed`, value: round(calm.requests / count), unit: 'per target' },
    { name: `${many}: requests, 5 % throttled`, value: round(busy.requests / count), unit: 'per target' },
    // Unlike time, this says the same on a machine that has other things to do.
    { name: `${many}: processor time, undisturbed`, value: perAudit(calm.cpu), unit: 'ms per audit' },
    { name: `${many}: processor time, 5 % throttled`, value: perAudit(busy.cpu), unit: 'ms per audit' },
    {
      name: `${many}: peak memory of the host`,
      value: Math.max(calm.memory, busy.memory),
      unit: 'MB',
      budget: 300,
    },
  ];
}

/** Storage operations of one audit: on the first night, when everything is new, and on one without changes. */
async function costs(root: string): Promise<Figure[]> {
  const count = 100;
  const stack = await startStack(root);
  const [tables, queues] = await Promise.all(
    ['Table', 'Queue'].map((kind) => startCountingProxy(endpointOf(stack, kind))),
  );
  if (tables === undefined || queues === undefined) throw new Error('There is nothing that counts.');
  try {
    const connectionString = stack.azurite.connectionString
      .replace(endpointOf(stack, 'Table'), tables.url)
      .replace(endpointOf(stack, 'Queue'), queues.url);
    const { host } = await startNight(stack, addTenants(stack.simulator, 'cost', count), connectionString);
    const audits = count * controls.length;
    const figures: Figure[] = [];
    for (const night of ['the first night', 'a night without changes']) {
      for (const counted of [tables, queues]) Object.assign(counted, { requests: 0, writes: 0 });
      await runTimers(stack, host);
      figures.push(
        {
          name: `${night}: operations of Table Storage`,
          value: round(tables.requests / audits),
          unit: 'per audit',
        },
        { name: `${night}: writes among them`, value: round(tables.writes / audits), unit: 'per audit' },
        {
          name: `${night}: operations of the queue`,
          value: round(queues.requests / audits),
          unit: 'per audit',
        },
      );
    }
    await host.stop();
    return figures;
  } finally {
    await Promise.all([tables.stop(), queues.stop()]);
    await stack.stop();
  }
}

async function nightOf(root: string, count: number, isDisturbed: boolean): Promise<Night> {
  const stack = await startStack(root, path.join(root, 'dist/bench/quick-queue.js'));
  try {
    const tenants = addTenants(stack.simulator, isDisturbed ? 'busy' : 'calm', count);
    stack.simulator.keepBodies = false;
    const { host, enqueuedAt } = await startNight(stack, tenants, stack.azurite.connectionString);
    const throttled = new Set(isDisturbed ? throttle(stack, tenants) : []);
    const pid = host.child.pid ?? 0;
    const cpu = cpuSeconds(pid);
    const { began, all } = await runTimers(stack, host);
    const used = cpuSeconds(pid) - cpu;
    const others = await verify(stack, tenants, throttled);
    return {
      ...{ all, dispatch: (Math.max(...enqueuedAt) - began) / 1000, others: (others - began) / 1000 },
      memory: peakMemoryMb(pid),
      cpu: used,
      requests: stack.simulator.requests.filter(({ batched }) => !batched).length,
      tokens: stack.simulator.tokenRequests.length,
    };
  } finally {
    await stack.stop();
  }
}

/** Starts the app and gives it the targets. What comes back is told when each control has been put into the queue. */
async function startNight(
  stack: Stack,
  tenants: readonly ManyTenant[],
  connectionString: string,
): Promise<{ host: AppHost; enqueuedAt: number[] }> {
  const enqueuedAt: number[] = [];
  const host = await stack.startHost({
    env: { AzureWebJobsStorage: connectionString, LOG_LEVEL: 'information' },
    output: (text) =>
      enqueuedAt.push(
        ...text
          .split('Audits enqueued')
          .slice(1)
          .map(() => Date.now()),
      ),
  });
  const put = ({ targetId, target }: ManyTenant) =>
    call(`${host.url}/api/targets/${targetId}`, 'PUT', target);
  await pMap(tenants, put, { concurrency: 16 });
  stack.simulator.clearRequests();
  return { host, enqueuedAt };
}

/** Every throttled tenant answers 429 for a minute from its first request on. Gives their ids. */
function throttle(stack: Stack, tenants: readonly ManyTenant[]): string[] {
  const throttled = tenants
    .filter((_, index) => index % throttledEvery === 0)
    .map(({ tenantId }) => tenantId);
  const until = new Map<string, number>(throttled.map((tenantId) => [tenantId, Infinity]));
  stack.simulator.fail({
    status: 429,
    retryAfter: throttledMs / 1000,
    match({ tenantId }) {
      const end = until.get(tenantId);
      if (end === Infinity) until.set(tenantId, Date.now() + throttledMs);
      return end !== undefined && Date.now() < end;
    },
  });
  return throttled;
}

/** Lets the nightly timers run, all at once as the clock does, and waits until the queue is empty. */
async function runTimers(stack: Stack, host: AppHost): Promise<{ began: number; all: number }> {
  const queue = new QueueClient(stack.azurite.connectionString, 'syncwarden-audits');
  const began = Date.now();
  for (const control of controls)
    await fetch(`${host.url}/admin/functions/nightly-${control}`, { method: 'POST' });
  for (let seen = false; ;) {
    const { approximateMessagesCount = 0 } = await queue.getProperties();
    seen ||= approximateMessagesCount > 0;
    if (seen && approximateMessagesCount === 0) return { began, all: (Date.now() - began) / 1000 };
    if (Date.now() - began > longestNightMs)
      throw new Error(`${approximateMessagesCount} audits did not come to an end.`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

interface Row {
  partitionKey: string;
  rowKey: string;
  runId: string;
  checkedAt: string;
  tenantId: string;
}

/** Gives when the last finding of a tenant that was not throttled was made. @throws when anything is lost, or there twice. */
async function verify(
  stack: Stack,
  tenants: readonly ManyTenant[],
  throttled: ReadonlySet<string>,
): Promise<number> {
  const expected = new Map(
    tenants.flatMap(({ targetId, tenantId }) => controls.map((id) => [`${targetId} ${id}`, tenantId])),
  );
  const runs = new Set<string>();
  let last = 0;
  let findings = 0;
  for await (const row of rowsOf(stack, 'SyncwardenFindings', ['runId', 'checkedAt', 'tenantId'])) {
    const { partitionKey, rowKey, runId, checkedAt, tenantId } = row;
    if (expected.get(`${partitionKey} ${rowKey}`) !== tenantId)
      throw new Error(`${partitionKey} ${rowKey} is of ${tenantId}.`);
    runs.add(runId);
    findings++;
    if (!throttled.has(tenantId)) last = Math.max(last, Date.parse(checkedAt));
  }
  let transitions = 0;
  for await (const _row of rowsOf(stack, 'SyncwardenHistory', [])) transitions++;
  const found = { findings, transitions, runs: runs.size, poisoned: await poisoned(stack) };
  const wanted = { findings: expected.size, transitions: expected.size, runs: 1, poisoned: 0 };
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`Found ${JSON.stringify(found)} in place of ${JSON.stringify(wanted)}.`);
  return last;
}

function rowsOf(stack: Stack, table: string, columns: string[]) {
  const client = TableClient.fromConnectionString(stack.azurite.connectionString, table, {
    allowInsecureConnection: true,
  });
  const queryOptions = { select: ['PartitionKey', 'RowKey', ...columns] };
  return client.listEntities<Row>({ queryOptions }) as AsyncIterable<Row>;
}

async function poisoned(stack: Stack): Promise<number> {
  const queue = new QueueClient(stack.azurite.connectionString, 'syncwarden-audits-poison');
  await queue.createIfNotExists();
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}

function endpointOf({ azurite }: Stack, kind: string): string {
  return new RegExp(`${kind}Endpoint=(http://[^/]+)`).exec(azurite.connectionString)?.[1] ?? '';
}
