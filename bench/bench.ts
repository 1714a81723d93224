import path from 'node:path';
import { parseArgs } from 'node:util';
import { call } from '../local/api';
import type { AppHost } from '../local/app-host';
import { demoTargets } from '../local/simulator/demo';
import { type Stack, startStack } from '../local/stack';
import { controlIds } from '../src/lib/model/verdict';
import { accessKinds } from './access';
import { measureColdStart } from './cold-start';
import { startCountingProxy } from '../local/counting-proxy';
import { type Figure, report, round } from './figures';
import { largeTenants } from './large';
import { reportPages } from './report';
import { scale } from './scale';

const root = path.resolve(__dirname, '../..');
const controls = ['account', 'password-expiry', 'license', 'consent'] as const;

const manyTargets = 1000;

async function main(): Promise<void> {
  const { values, positionals: wanted } = parseArgs({
    options: { targets: { type: 'string', default: String(manyTargets) } },
    allowPositionals: true,
  });
  const wants = (part: string) => wanted.length === 0 || wanted.includes(part);
  const stack = await startStack(root);
  const figures: Figure[] = [];
  try {
    const azuriteTables = /TableEndpoint=(http:\/\/[^/]+)/.exec(stack.azurite.connectionString)?.[1] ?? '';
    const proxy = await startCountingProxy(azuriteTables);
    if (wants('small')) {
      const connectionString = stack.azurite.connectionString.replace(azuriteTables, proxy.url);
      const host = await stack.startHost({ env: { AzureWebJobsStorage: connectionString } });
      figures.push(...(await roundTrips(stack, host)));
      figures.push(...(await quietNight(host, proxy)));
      await host.stop();
    }
    if (wants('access')) figures.push(...(await accessKinds(stack)));
    if (wants('large')) figures.push(...(await largeTenants(stack, proxy)));
    await proxy.stop();
    if (wants('scale')) figures.push(...(await scale(root, Number(values.targets))));
    if (wants('report')) figures.push(...(await reportPages(root)));
    if (wants('start')) figures.push(...coldStart(stack));
  } finally {
    await stack.stop();
  }
  report(root, figures);
}

/** The healthy demo target: every control reads all that it ever reads on a good night. */
function healthyTarget(): Record<string, unknown> & { targetId: string } {
  const [target] = demoTargets(root);
  if (target === undefined) throw new Error('There is no demo target.');
  // As most targets are read. What the admin API costs is measured with many rooms.
  return { ...(target as Record<string, unknown> & { targetId: string }), exchangeReader: 'graph' };
}

async function roundTrips(stack: Stack, host: AppHost): Promise<Figure[]> {
  const target = healthyTarget();
  const api = `${host.url}/api/targets/${target.targetId}`;
  await call(api, 'PUT', target);
  const count = async (chosen: readonly string[]) => {
    stack.simulator.clearRequests();
    await call(`${api}/audits`, 'POST', { controls: chosen });
    // Parts of a batch are in the log as well; what went over the wire is what counts.
    return stack.simulator.requests.filter((request) => !request.batched).length;
  };
  const budgets = { account: 1, 'password-expiry': 2, license: 1, consent: 3 };
  const figures: Figure[] = [];
  for (const control of controls) {
    figures.push({
      name: `round trips: ${control}`,
      value: await count([control]),
      unit: '',
      budget: budgets[control],
    });
  }
  return [
    ...figures,
    { name: 'round trips: all four at once', value: await count(controls), unit: '', budget: 2 },
  ];
}

async function quietNight(host: AppHost, proxy: { writes: number }): Promise<Figure[]> {
  const target = healthyTarget();
  const api = `${host.url}/api/targets/${target.targetId}`;
  await call(`${api}/audits`, 'POST');
  proxy.writes = 0;
  await call(`${api}/audits`, 'POST');
  return [
    {
      name: 'entities written by a night without changes, per control',
      value: proxy.writes / controlIds.length,
      unit: '',
      budget: 1,
    },
  ];
}

function coldStart(stack: Stack): Figure[] {
  const { mainMs, wholeMs, unbundledMs, bareAppMs } = measureColdStart(root, stack.env);
  return [
    { name: 'load time until all functions are registered', value: round(mainMs), unit: 'ms' },
    {
      name: 'load time against an app of one function',
      value: round(mainMs / bareAppMs),
      unit: 'times',
      budget: 4,
    },
    { name: 'load time with what the first invocation loads', value: round(wholeMs), unit: 'ms' },
    {
      name: 'load time of it all against the same packages unbundled',
      value: round((100 * wholeMs) / unbundledMs),
      unit: '%',
      budget: 45,
    },
  ];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
