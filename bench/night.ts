import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import { call } from '../local/api';
import type { AppHost } from '../local/app-host';
import type { Stack } from '../local/stack';
import { controlIds } from '../src/lib/model/verdict';
import { scheduleSetting } from '../src/lib/settings';
import type { ManyTenant } from '../local/simulator/many-tenants';

/** The controls that every reader can answer by the directory alone. */
export const directoryControls = ['account', 'password-expiry', 'license', 'consent'] as const;

/** One in so many tenants is throttled. */
export const throttledEvery = 20;
const throttledMs = 60_000;

const longestNightMs = 6 * 3_600_000;

const dispatched = 'A night is dispatched';

/** Starts the app and gives it the targets. What comes back is told when all visits of a night have been put into the queue. @param controls those that are due in it. */
export async function startNight(
  stack: Stack,
  tenants: readonly ManyTenant[],
  connectionString: string,
  controls: readonly string[] = controlIds,
): Promise<{ host: AppHost; dispatchedAt: number[] }> {
  const dispatchedAt: number[] = [];
  let rest = '';
  const hear = (text: string) => {
    const parts = (rest + text).split(dispatched);
    dispatchedAt.push(...parts.slice(1).map(() => Date.now()));
    // What is said may come in pieces.
    rest = parts.at(-1)?.slice(-dispatched.length) ?? '';
  };
  // The clock must not start a night of its own in the middle of this one.
  const schedule = `0 0 ${(new Date().getUTCHours() + 12) % 24} * * *`;
  const apart = controlIds.filter((id) => !controls.includes(id));
  const host = await stack.startHost({
    env: {
      ...{ AzureWebJobsStorage: connectionString, LOG_LEVEL: 'information', AUDIT_SCHEDULE: schedule },
      ...Object.fromEntries(apart.map((id) => [scheduleSetting(id), schedule])),
    },
    output: hear,
  });
  const put = ({ targetId, target }: ManyTenant) =>
    call(`${host.url}/api/targets/${targetId}`, 'PUT', target);
  await pMap(tenants, put, { concurrency: 16 });
  stack.simulator.clearRequests();
  return { host, dispatchedAt };
}

/** Every throttled tenant answers 429 for a minute from its first request on. Gives their ids. */
export function throttle(stack: Stack, tenants: readonly ManyTenant[]): string[] {
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

/** Lets the nightly timer run, as the clock does, and waits until the queue is empty. */
export async function runTimer(stack: Stack, host: AppHost): Promise<{ began: number; all: number }> {
  const queue = new QueueClient(stack.azurite.connectionString, 'syncwarden-audits');
  const began = Date.now();
  await fetch(`${host.url}/admin/functions/nightly`, { method: 'POST' });
  for (let seen = false; ;) {
    const { approximateMessagesCount = 0 } = await queue.getProperties();
    seen ||= approximateMessagesCount > 0;
    if (seen && approximateMessagesCount === 0) return { began, all: (Date.now() - began) / 1000 };
    if (Date.now() - began > longestNightMs)
      throw new Error(`${approximateMessagesCount} visits did not come to an end.`);
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
export async function verify(
  stack: Stack,
  tenants: readonly ManyTenant[],
  throttled: ReadonlySet<string>,
): Promise<number> {
  const expected = new Map(
    tenants.flatMap(({ targetId, tenantId }) =>
      directoryControls.map((id) => [`${targetId} ${id}`, tenantId]),
    ),
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
