import path from 'node:path';
import { type Stack, startStack } from '../local/stack';
import { startCountingProxy } from './counting-proxy';
import { cpuSeconds, type Figure, peakMemoryMb, round } from './figures';
import { addTenants } from './many-tenants';
import { controls, runTimers, startNight, throttle, throttledEvery, verify } from './night';

/** What Azure gives one invocation, in seconds: the functionTimeout of host.json. */
const longestInvocation = 600;

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
  const stack = await startStack(root, path.join(root, 'dist/bench/quick-azurite.js'));
  try {
    const tenants = addTenants(stack.simulator, isDisturbed ? 'busy' : 'calm', count);
    stack.simulator.keepBodies = false;
    const { host, enqueuedAt } = await startNight(stack, tenants, stack.azurite.connectionString);
    const throttled = new Set(isDisturbed ? throttle(stack, tenants) : []);
    const pid = host.child.pid ?? 0;
    const cpu = cpuSeconds(pid);
    const { began, all } = await runTimers(stack, host);
    const used = cpuSeconds(pid) - cpu;
    if (enqueuedAt.length !== controls.length) throw new Error('A timer did not say what it has put in.');
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

function endpointOf({ azurite }: Stack, kind: string): string {
  return new RegExp(`${kind}Endpoint=(http://[^/]+)`).exec(azurite.connectionString)?.[1] ?? '';
}
