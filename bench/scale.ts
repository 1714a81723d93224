import path from 'node:path';
import { type Stack, startStack } from '../local/stack';
import { startCountingProxy } from '../local/counting-proxy';
import { cpuSeconds, type Figure, peakMemoryMb, round } from './figures';
import { addTenants } from '../local/simulator/many-tenants';
import { controlIds } from '../src/lib/model/verdict';
import { directoryControls, runTimer, startNight, throttle, throttledEvery, verify } from './night';

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
  const figures = [
    ...(await costs(root, 'four controls', directoryControls)),
    ...(await costs(root, 'all controls', controlIds)),
  ];
  const calm = await nightOf(root, count, false);
  const busy = await nightOf(root, count, true);
  const perTarget = (seconds: number) => round((1000 * seconds) / count);
  const many = `${count} tenants`;
  return [
    ...figures,
    { name: `${many}: dispatch`, value: round(calm.dispatch), unit: 's', budget: 15 },
    { name: `${many}: undisturbed`, value: round(count / calm.all), unit: 'targets/s' },
    {
      name: `${many}, 5 % throttled for a minute: the others`,
      value: round((count * (1 - 1 / throttledEvery)) / busy.others),
      unit: 'targets/s',
    },
    { name: `${many}, 5 % throttled: time of the others`, value: round(busy.others), unit: 's' },
    { name: `${many}, 5 % throttled: until all are done`, value: round(busy.all), unit: 's' },
    { name: `${many}: tokens`, value: round(calm.tokens / count), unit: 'per target' },
    { name: `${many}: requests, undisturbed`, value: round(calm.requests / count), unit: 'per target' },
    { name: `${many}: requests, 5 % throttled`, value: round(busy.requests / count), unit: 'per target' },
    // Unlike time, this says the same on a machine that has other things to do.
    { name: `${many}: processor time, undisturbed`, value: perTarget(calm.cpu), unit: 'ms per target' },
    { name: `${many}: processor time, 5 % throttled`, value: perTarget(busy.cpu), unit: 'ms per target' },
    {
      name: `${many}: peak memory of the host`,
      value: Math.max(calm.memory, busy.memory),
      unit: 'MB',
      budget: 228,
    },
  ];
}

/** What a target costs in the storage account: on the first night, when everything is new, and on one without changes. */
async function costs(root: string, what: string, controls: readonly string[]): Promise<Figure[]> {
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
    const tenants = addTenants(stack.simulator, 'cost', count);
    const { host } = await startNight(stack, tenants, connectionString, controls);
    const figures: Figure[] = [];
    for (const night of ['the first night', 'a night without changes']) {
      for (const counted of [tables, queues]) Object.assign(counted, { requests: 0, writes: 0 });
      stack.simulator.clearRequests();
      const before = cpuSeconds(host.child.pid ?? 0);
      await runTimer(stack, host);
      const cpu = cpuSeconds(host.child.pid ?? 0) - before;
      figures.push(
        {
          name: `${what}, ${night}: requests to Microsoft 365`,
          value: round(stack.simulator.requests.filter(({ batched }) => !batched).length / count),
          unit: 'per target',
        },
        {
          name: `${what}, ${night}: operations of Table Storage`,
          value: round(tables.requests / count),
          unit: 'per target',
        },
        {
          name: `${what}, ${night}: writes among them`,
          value: round(tables.writes / count),
          unit: 'per target',
        },
        {
          name: `${what}, ${night}: operations of the queue`,
          value: round(queues.requests / count),
          unit: 'per target',
        },
        {
          name: `${what}, ${night}: processor time`,
          value: round((1000 * cpu) / count),
          unit: 'ms per target',
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
    const { host, dispatchedAt } = await startNight(
      stack,
      tenants,
      stack.azurite.connectionString,
      directoryControls,
    );
    const throttled = new Set(isDisturbed ? throttle(stack, tenants) : []);
    const pid = host.child.pid ?? 0;
    const cpu = cpuSeconds(pid);
    const { began, all } = await runTimer(stack, host);
    const used = cpuSeconds(pid) - cpu;
    const [dispatched] = dispatchedAt;
    if (dispatched === undefined) throw new Error('The timer did not say what it has put in.');
    const others = await verify(stack, tenants, throttled);
    return {
      ...{ all, dispatch: (dispatched - began) / 1000, others: (others - began) / 1000 },
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
