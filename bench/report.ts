import type { AppHost } from '../local/app-host';
import { startStack } from '../local/stack';
import { type CountingProxy, startCountingProxy } from './counting-proxy';
import { cpuSeconds, type Figure, median, peakMemoryMb } from './figures';
import { ReportData } from './report-data';

/** How many targets there are, one after the other. */
const sizes = [3, 200, 2000];

/** What most service providers have at most. Larger ones are measured, and may take longer. */
const usual = 200;

const rooms = 10_000;

/** How often each page is asked for; the first answers of a fresh process are another matter, and measured as such. */
const runs = 9;

/** What one page came to. */
interface Page {
  /** Milliseconds until the first byte. */
  firstByteMs: number;
  bytes: number;
  /** Requests to storage. */
  requests: number;
}

/** Asks for the page of few and of many targets, and of one with many rooms, in a storage of its own. */
export async function reportPages(root: string): Promise<Figure[]> {
  const stack = await startStack(root);
  const { connectionString } = stack.azurite;
  const tables = /TableEndpoint=(http:\/\/[^/]+)/.exec(connectionString)?.[1] ?? '';
  const proxy = await startCountingProxy(tables);
  try {
    const data = new ReportData(connectionString, new Date());
    const host = await stack.startHost({
      env: { AzureWebJobsStorage: connectionString.replace(tables, proxy.url) },
    });
    const figures: Figure[] = [];
    let before = 0;
    for (const size of sizes) {
      await data.grow(before, size);
      if (before === 0) await data.addDays();
      before = size;
      figures.push(...(await measure(`report of ${size} targets`, size <= usual, host, proxy, '')));
    }
    const targetId = await data.addRooms(rooms);
    const name = `report of a target with ${rooms} rooms`;
    figures.push(...(await measure(name, true, host, proxy, `?targetId=${targetId}`)));
    figures.push({ name: 'report: peak memory', value: peakMemoryMb(host.child.pid ?? 0), unit: 'MB' });
    return figures;
  } finally {
    await proxy.stop();
    await stack.stop();
  }
}

async function measure(
  name: string,
  isBudgeted: boolean,
  host: AppHost,
  storage: CountingProxy,
  query: string,
): Promise<Figure[]> {
  const url = `${host.url}/api/report${query}`;
  const pid = host.child.pid ?? 0;
  const first = await get(url, storage);
  const before = cpuSeconds(pid);
  const pages: Page[] = [];
  for (let run = 0; run < runs; run++) pages.push(await get(url, storage));
  const cpuMs = ((cpuSeconds(pid) - before) * 1000) / runs;
  const of = (part: keyof Page) => Math.round(median(pages.map((page) => page[part])));
  return [
    {
      name: `${name}: first byte`,
      value: of('firstByteMs'),
      unit: 'ms',
      ...(isBudgeted ? { budget: 300 } : {}),
    },
    { name: `${name}: first byte, at first`, value: Math.round(first.firstByteMs), unit: 'ms' },
    { name: `${name}: CPU`, value: Math.round(cpuMs), unit: 'ms' },
    { name: `${name}: bytes`, value: Math.round(of('bytes') / 1000), unit: 'KB', budget: 300 },
    { name: `${name}: requests to storage`, value: of('requests'), unit: '' },
  ];
}

async function get(url: string, storage: CountingProxy): Promise<Page> {
  storage.requests = 0;
  const began = performance.now();
  const response = await fetch(url);
  const firstByteMs = performance.now() - began;
  const { byteLength: bytes } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return { firstByteMs, bytes, requests: storage.requests };
}
