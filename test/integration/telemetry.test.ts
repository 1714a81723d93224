import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import * as z from 'zod';
import { createCertificates } from '../../local/simulator/certificates';
import { startTelemetrySink, type TelemetrySink } from '../support/telemetry-sink';

const Report = z.object({
  lines: z.array(z.string()),
  loadedBefore: z.boolean(),
  loadedAfter: z.boolean(),
  problems: z.array(z.string()),
});

const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('telemetry of the built app', () => {
  let directory: string;
  let sink: TelemetrySink;
  let inputs: string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'syncwarden-telemetry-'));
    const certificates = await createCertificates();
    await writeFile(join(directory, 'ca.pem'), certificates.ca);
    sink = await startTelemetrySink(certificates);
    inputs = await buildDriver(directory);
  });
  beforeEach(() => {
    for (const list of [sink.envelopes, sink.requests, sink.treatments]) list.length = 0;
  });
  afterAll(async () => {
    await sink.close();
    await rm(directory, { recursive: true });
  });

  async function drive(environment: Record<string, string>) {
    const { stdout } = await promisify(execFile)(process.execPath, [join(directory, 'driver.js')], {
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'), ...environment },
    });
    return Report.parse(JSON.parse(stdout));
  }

  it('keeps the SDK out of the main bundle', () => {
    expect(inputs.filter((file) => file.includes('node_modules'))).toEqual([]);
    expect(inputs).toContain('src/lib/telemetry/recorder.ts');
  });

  it('delivers 5,000 events, none lost and none twice, with the operation of the invocation', async () => {
    const traceParent = `00-${traceId}-b7ad6b7169203331-01`;
    const report = await drive({ SINK: sink.connectionString, EVENTS: '5000', TRACE_PARENT: traceParent });
    expect(report).toMatchObject({ lines: [], problems: [], loadedBefore: false, loadedAfter: true });

    const events = sink.envelopes.filter(({ data }) => data.baseType === 'EventData');
    const numbers = events.map(({ data }) => data.baseData.measurements?.durationMs);
    expect(numbers).toEqual(Array.from({ length: 5_000 }, (_nothing, number) => number));
    expect(new Set(events.map(({ tags }) => tags['ai.operation.id']))).toEqual(new Set([traceId]));
    expect(events.at(-1)?.data.baseData).toEqual({
      name: 'AuditCompleted',
      properties: { targetId: 'target-4999' },
      measurements: { durationMs: 4_999, requests: 2 },
    });
    const metrics = sink.envelopes.flatMap(({ data }) => data.baseData.metrics ?? []);
    expect(metrics).toEqual([{ name: 'compliance.score', value: 0.75, count: 1 }]);
  });

  it('says that a flush failed, and delivers with the next one', async () => {
    sink.treatments.push({ status: 500 }, { status: 500 });
    const report = await drive({ SINK: sink.connectionString, EVENTS: '10' });
    const problem = 'the ingestion endpoint answered 500';
    expect(report.problems).toEqual([`Telemetry was not delivered: ${problem}.`]);
    const kept = JSON.stringify({ kept: 10, dropped: 0, problem });
    expect(report.lines).toEqual([`Telemetry was not delivered ${kept}`]);
    expect(sink.envelopes).toHaveLength(11);
  });

  it('never loads the SDK where there is no connection string', async () => {
    const report = await drive({ EVENTS: '2' });
    expect(report).toMatchObject({ problems: [], loadedBefore: false, loadedAfter: false });
    expect(report.lines).toHaveLength(3);
    expect(sink.requests).toEqual([]);
  });
});

/** Builds the driver in two bundles, as build.mjs builds the app. Answers what went into the first. */
async function buildDriver(outdir: string): Promise<string[]> {
  const common: BuildOptions = { bundle: true, platform: 'node', target: 'node22', format: 'cjs', outdir };
  const [driver] = await Promise.all([
    build({
      ...common,
      entryPoints: { driver: 'test/support/telemetry-driver.ts' },
      external: ['*/applicationinsights.js'],
      metafile: true,
    }),
    build({
      ...common,
      entryPoints: { applicationinsights: 'src/lib/telemetry/applicationinsights.ts' },
      minify: true,
      keepNames: true,
    }),
  ]);
  return Object.keys(driver.metafile.inputs);
}
