import { createRequire } from 'node:module';
import { lineLog } from '../../src/lib/log';
import { createTelemetry } from '../../src/lib/telemetry/recorder';

/**
 * Stands in for the app: notes events, flushes, and prints what happened as one line of JSON. It is built the way the
 * app is and runs as a process of its own, because an authority can be trusted only from the start of a process.
 */
async function main(): Promise<void> {
  const connectionString = process.env.SINK;
  const traceParent = process.env.TRACE_PARENT;
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const telemetry = createTelemetry(
    { connectionString, authentication: process.env.AUTHENTICATION },
    lineLog({ info: write, warn: write, error: write }),
    traceParent === undefined ? {} : { traceParent },
  );
  const problems: string[] = [];
  const flush = () => telemetry.flush().catch((error: unknown) => problems.push((error as Error).message));
  await flush();
  const loadedBefore = isSdkLoaded();

  for (let number = 0; number < Number(process.env.EVENTS); number++) {
    telemetry.event('AuditCompleted', { targetId: `target-${number}` }, { durationMs: number, requests: 2 });
  }
  telemetry.score(0.75, { targetId: 'contoso', customerTenantId: 'tenant' });
  await flush();
  // What a failed flush kept goes out with the next one.
  if (problems.length > 0) await flush();

  const report = { lines, problems, loadedBefore, loadedAfter: isSdkLoaded() };
  process.stdout.write(JSON.stringify(report));
}

function isSdkLoaded(): boolean {
  const { cache } = createRequire(__filename);
  return Object.keys(cache).some((file) => file.endsWith('applicationinsights.js'));
}

void main();
