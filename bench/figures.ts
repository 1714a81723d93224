import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Table from 'cli-table3';

/** One figure, with the most that it may be where there is a budget. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  budget?: number;
}

/** To two decimals: more would be noise. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The one in the middle, or the upper of two. 0 when there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Prints the figures as a table and as JSON, and makes the process fail when one is over its budget. */
export function report(root: string, figures: readonly Figure[]): void {
  const table = new Table({ head: ['figure', 'value', 'budget', ''], style: { head: [], border: [] } });
  const over = figures.filter(({ value, budget }) => budget !== undefined && value > budget);
  for (const figure of figures) {
    const { name, value, unit, budget } = figure;
    table.push([
      name,
      `${value} ${unit}`.trim(),
      budget === undefined ? '' : `≤ ${budget}`,
      over.includes(figure) ? 'OVER' : '',
    ]);
  }
  console.log(table.toString());
  const json = JSON.stringify({ node: process.version, figures }, null, 2);
  mkdirSync(path.join(root, '.local'), { recursive: true });
  writeFileSync(path.join(root, '.local/bench.json'), `${json}\n`);
  console.log(json);
  if (over.length > 0) process.exitCode = 1;
}

/** The most memory that a process ever held, in MB, from the kernel's own count. */
export function peakMemoryMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
}

/** The processor time that a process has used so far, in seconds. The kernel counts in hundredths. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
