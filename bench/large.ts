import { call } from '../local/api';
import type { AppHost } from '../local/app-host';
import { homeTenantId } from '../local/simulator/demo';
import type { Stack } from '../local/stack';
import type { CountingProxy } from '../local/counting-proxy';
import { cpuSeconds, type Figure, peakMemoryMb, round } from './figures';
import { enlarge, type Size } from '../local/simulator/large-tenant';

const large: Size = { rooms: 10_000, otherMailboxes: 40_000, scopes: 20 };
/** Four times as large: about as many users as one list may have before it counts as unread. */
const huge: Size = { rooms: 40_000, otherMailboxes: 159_000, scopes: 20 };

/** Milliseconds that each request takes where waiting is what is measured. */
const latencyMs = 60;

/** What does not come in pages may cost this many requests. */
const besidePages = 12;

/** What one audit of one control cost. */
interface Cost {
  requests: number;
  /** Pages of lists among them. */
  pages: number;
  /** Pages of the longest list: what has to come one after the other. */
  longestList: number;
  cpu: number;
  seconds: number;
  memory: number;
  writes: number;
}

/** Audits a tenant with ten thousand rooms, and one with four times as many. */
export async function largeTenants(stack: Stack, storage: CountingProxy): Promise<Figure[]> {
  const figures: Figure[] = [];
  const audits = {
    'graph impersonation': ['graph', 'impersonation'],
    'admin-api impersonation': ['admin-api', 'impersonation'],
    'admin-api rooms': ['admin-api', 'rooms'],
  } as const;
  const once = new Map<string, Cost>();
  for (const [name, [reader, control]] of Object.entries(audits)) {
    enlarge(stack.simulator.tenant(homeTenantId), large);
    const run = await startRun(stack, storage, reader);
    const first = await run.audit(control);
    const second = await run.audit(control);
    await run.stop();
    once.set(name, first);
    const perRoom = control === 'rooms' ? large.rooms / 10 : 0;
    figures.push(
      {
        name: `10,000 rooms, ${name}: requests`,
        value: first.requests,
        unit: '',
        budget: first.pages + perRoom + besidePages,
      },
      { name: `10,000 rooms, ${name}: CPU`, value: round(second.cpu), unit: 's', budget: 2 },
      { name: `10,000 rooms, ${name}: peak memory`, value: second.memory, unit: 'MB', budget: 260 },
      {
        name: `10,000 rooms, ${name}: entities of a night without changes`,
        value: second.writes,
        unit: '',
        budget: 3,
      },
    );
  }
  figures.push(...(await waiting(stack, storage)));
  figures.push(...(await growth(stack, storage, once)));
  stack.simulator.reset();
  return figures;
}

/**
 * With latency, an audit takes as long as its longest list: everything else is read beside it. What is measured is the
 * waiting, so that list has to be long: places come by the hundred, and Exchange, which may give less than the thousand
 * rows that it is asked for, is made to do the same. With its ten longest pages there are 600 ms to wait, and what ten
 * thousand rooms take to be judged and recorded after the last page counts for more; that figure has no budget.
 */
const waits = [
  { reader: 'graph', pageSize: undefined, budget: 1.3 },
  { reader: 'admin-api', pageSize: 100, budget: 1.3 },
  { reader: 'admin-api', pageSize: undefined, budget: undefined },
];

async function waiting(stack: Stack, storage: CountingProxy): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tenant = stack.simulator.tenant(homeTenantId);
  for (const { reader, pageSize, budget } of waits) {
    enlarge(tenant, large);
    if (pageSize !== undefined) tenant.pageSize = pageSize;
    const run = await startRun(stack, storage, reader);
    await run.audit('impersonation');
    stack.simulator.latencyMs = latencyMs;
    const { seconds, longestList } = await run.audit('impersonation');
    stack.simulator.latencyMs = 0;
    delete tenant.pageSize;
    await run.stop();
    figures.push({
      name: `10,000 rooms, ${reader}: time against ${latencyMs} ms for each of the ${longestList} pages of the longest list`,
      value: round((seconds * 1000) / (longestList * latencyMs)),
      unit: 'times',
      ...(budget === undefined ? {} : { budget }),
    });
  }
  return figures;
}

/** Four times the rooms take about four times as much. */
async function growth(
  stack: Stack,
  storage: CountingProxy,
  once: ReadonlyMap<string, Cost>,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const reader of ['graph', 'admin-api'] as const) {
    enlarge(stack.simulator.tenant(homeTenantId), huge);
    const run = await startRun(stack, storage, reader, 1536);
    const cost = await run.audit('impersonation');
    await run.stop();
    const before = once.get(`${reader} impersonation`);
    figures.push(
      {
        name: `40,000 rooms, ${reader} impersonation: CPU against 10,000`,
        value: round(cost.cpu / (before?.cpu ?? 0)),
        unit: 'times',
        budget: 5.2,
      },
      { name: `40,000 rooms, ${reader} impersonation: peak memory`, value: cost.memory, unit: 'MB' },
    );
  }
  return figures;
}

let runs = 0;

async function startRun(stack: Stack, storage: CountingProxy, exchangeReader: string, heapMb?: number) {
  const { simulator, azurite } = stack;
  const tables = /TableEndpoint=(http:\/\/[^/]+)/.exec(azurite.connectionString)?.[1] ?? '';
  const host = await stack.startHost({
    env: { AzureWebJobsStorage: azurite.connectionString.replace(tables, storage.url) },
    ...(heapMb === undefined ? {} : { heapMb }),
  });
  // A target of its own each time: deleting tens of thousands of rows again would take longer than measuring.
  const targetId = `large-${++runs}`;
  const target = { ...simulator.tenant(homeTenantId).target, targetId, exchangeReader };
  const api = `${host.url}/api/targets/${targetId}`;
  await call(api, 'PUT', target);
  // What was posted tells one list from another; answers of two hundred thousand rows are too much to keep.
  simulator.keepBodies = heapMb === undefined;
  return {
    audit: (control: string) => measure(stack, storage, host, api, control),
    stop: () => host.stop(),
  };
}

async function measure(
  { simulator }: Stack,
  storage: CountingProxy,
  host: AppHost,
  api: string,
  control: string,
): Promise<Cost> {
  const pid = host.child.pid ?? 0;
  simulator.clearRequests();
  storage.writes = 0;
  const cpu = cpuSeconds(pid);
  const began = Date.now();
  const { findings } = (await call(`${api}/audits`, 'POST', { controls: [control] })) as {
    findings: { verdict: string; summary: string }[];
  };
  const seconds = (Date.now() - began) / 1000;
  const [finding] = findings;
  if (finding?.verdict !== 'compliant')
    throw new Error(`${control} should be compliant: ${finding?.summary ?? ''}`);
  const sent = simulator.requests.filter(({ batched }) => !batched);
  const lists = listsOf(simulator.requests);
  return {
    requests: sent.length,
    pages: lists.reduce((sum, pages) => sum + pages, 0),
    longestList: Math.max(...lists),
    cpu: cpuSeconds(pid) - cpu,
    seconds,
    memory: peakMemoryMb(pid),
    writes: storage.writes,
  };
}

/** How many pages each list came in; a list is told by its address and what was posted. */
function listsOf(requests: Stack['simulator']['requests']): number[] {
  const pages = new Map<string, number>();
  for (const { method, url, cmdlet, requestBody } of requests) {
    if (url.includes('$batch') || cmdlet === 'Get-CalendarProcessing') continue;
    const list = `${method} ${url.replace(/[?&]\$skiptoken=[^&]*/, '')} ${JSON.stringify(requestBody)}`;
    pages.set(list, (pages.get(list) ?? 0) + 1);
  }
  return [...pages.values()];
}
