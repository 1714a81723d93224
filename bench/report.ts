import type { AppHost } from '../local/app-host';
import { startStack } from '../local/stack';
import { type CountingProxy, startCountingProxy } from '../local/counting-proxy';
import { cpuSeconds, type Figure, median, peakMemoryMb } from './figures';
import { ReportData } from './report-data';

/** How many targets there are, one after the other. */
const sizes = [3, 200, 2000];

/** The page about all targets may ask storage so often, however many there are. */
const mostRequests = 5;

const rooms = 10_000;

/** How often each page is asked for; the first answers of a fresh process are another matter, and measured as such. */
const runs = 9;

/** Two hosts with the same storage: what counts requests takes time itself, so the other one is timed. */
interface Hosts {
  timed: AppHost;
  counted: AppHost;
  storage: CountingProxy;
}

/** Asks for the page of few and of many targets, and of one with many rooms, in a storage of its own. */
export async function reportPages(root: string): Promise<Figure[]> {
  const stack = await startStack(root);
  const { connectionString } = stack.azurite;
  const tables = /TableEndpoint=(http:\/\/[^/]+)/.exec(connectionString)?.[1] ?? '';
  const storage = await startCountingProxy(tables);
  try {
    const data = new ReportData(connectionString, new Date());
    const throughProxy = { AzureWebJobsStorage: connectionString.replace(tables, storage.url) };
    const timed = await stack.startHost();
    const hosts = { timed, counted: await stack.startHost({ env: throughProxy }), storage };
    const figures: Figure[] = [];
    let before = 0;
    for (const size of sizes) {
      await data.grow(before, size);
      if (before === 0) await data.addDays();
      before = size;
      figures.push(...(await measure(`report of ${size} targets`, hosts, '')));
    }
    const targetId = await data.addRooms(rooms);
    const name = `report of a target with ${rooms} rooms`;
    figures.push(...(await measure(name, hosts, `?targetId=${targetId}`)));
    figures.push({ name: 'report: peak memory', value: peakMemoryMb(timed.child.pid ?? 0), unit: 'MB' });
    return figures;
  } finally {
    await storage.stop();
    await stack.stop();
  }
}

async function measure(name: string, { timed, counted, storage }: Hosts, query: string): Promise<Figure[]> {
  const route = `/api/report${query}`;
  await get(counted.url + route);
  storage.requests = 0;
  await get(counted.url + route);
  const { requests } = storage;

  const pid = timed.child.pid ?? 0;
  const first = await get(timed.url + route);
  const before = cpuSeconds(pid);
  const pages: Page[] = [];
  for (let run = 0; run < runs; run++) pages.push(await get(timed.url + route));
  const cpuMs = ((cpuSeconds(pid) - before) * 1000) / runs;
  const firstByteMs = median(pages.map((page) => page.firstByteMs));
  return [
    { name: `${name}: first byte`, value: Math.round(firstByteMs), unit: 'ms', budget: 300 },
    { name: `${name}: first byte, at first`, value: Math.round(first.firstByteMs), unit: 'ms' },
    { name: `${name}: CPU`, value: Math.round(cpuMs), unit: 'ms' },
    { name: `${name}: bytes`, value: Math.round(first.bytes / 1000), unit: 'KB', budget: 300 },
    {
      name: `${name}: requests to storage`,
      value: requests,
      unit: '',
      ...(query === '' ? { budget: mostRequests } : {}),
    },
  ];
}

/** What one page came to. */
interface Page {
  /** Milliseconds until the first byte. */
  firstByteMs: number;
  bytes: number;
}

async function get(url: string): Promise<Page> {
  const began = performance.now();
  const response = await fetch(url);
  const firstByteMs = performance.now() - began;
  const { byteLength: bytes } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return { firstByteMs, bytes };
}
