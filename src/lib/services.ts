import type { InvocationContext } from '@azure/functions';
import { CallerVerifier } from './http/caller';
import type { Invocation, RouteServices } from './http/route';
import { lineLog } from './log';
import { Credentials } from './microsoft365/sign-in/credentials';
import { Tenants } from './microsoft365/tenant';
import { Writers } from './microsoft365/writer';
import type { Finding } from './model/finding';
import { settleFor } from './remediation/settle';
import type { Settings } from './settings';
import { AuditQueue } from './storage/audit-queue';
import { StorageConnection } from './storage/connection';
import { DigestTable } from './storage/digests';
import { FindingTable } from './storage/findings';
import { HistoryTable } from './storage/history';
import { LeaseTable } from './storage/leases';
import { RemediationTable } from './storage/remediations';
import { ResourceTable } from './storage/resources';
import { SharedClock } from './storage/shared-clock';
import { StateTable } from './storage/state';
import { TargetTable } from './storage/targets';
import { WaiverTable } from './storage/waivers';
import { createTelemetry } from './telemetry/recorder';
import type { Telemetry } from './telemetry/telemetry';
import { HealthCheck } from './watch/health';
import { Staleness } from './watch/staleness';

/**
 * Puts the app together from its settings. Nothing is connected to before it is used.
 * @param local the clock of the machine.
 */
export function createServices(settings: Settings, local: () => number = Date.now) {
  const clock = new SharedClock(local);
  const storage = new StorageConnection(settings.storage, clock);
  const records = {
    targets: new TargetTable(storage),
    findings: new FindingTable(storage),
    history: new HistoryTable(storage),
    resources: new ResourceTable(storage),
    waivers: new WaiverTable(storage),
    remediations: new RemediationTable(storage),
    now: () => clock.now(),
  };
  const staleness = new Staleness(settings.staleAfterHours, settings.schedules);
  const invoke: RouteServices['invoke'] = (context, run) => runInvocation(settings, clock, context, run);
  return {
    ...records,
    settings,
    staleness,
    invoke,
    queue: new AuditQueue(storage),
    state: new StateTable(storage),
    digests: new DigestTable(storage),
    tenants: new Tenants(new Credentials(settings.credentials), settings),
    leases: new LeaseTable(storage),
    writers: writersOf(settings),
    endpoints: settings,
    onCompliant: (finding: Finding, telemetry: Telemetry) => settleFor(records, telemetry, finding),
    maxChanges: settings.remediation.maxChanges,
    callers: new CallerVerifier(settings.auth),
    health: new HealthCheck({ ...records, staleness }),
  };
}
export type Services = ReturnType<typeof createServices>;

function writersOf({ remediation, ...endpoints }: Settings): Writers | undefined {
  const { credentials } = remediation;
  return credentials && new Writers(new Credentials(credentials), endpoints);
}

/** Gives an invocation its log and telemetry, and flushes what it has to say before it ends. */
async function runInvocation<T>(
  settings: Settings,
  clock: SharedClock,
  context: InvocationContext,
  run: (invocation: Invocation) => Promise<T>,
): Promise<T> {
  const log = lineLog({
    info: (line) => context.info(line),
    warn: (line) => context.warn(line),
    error: (line) => context.error(line),
  });
  const traceParent = context.traceContext?.traceParent;
  const telemetry = createTelemetry(
    settings.telemetry,
    log,
    traceParent === undefined ? {} : { traceParent },
  );
  try {
    return await run({ log, telemetry });
  } finally {
    clock.say(log);
    // What could not be sent has been said in the log, and must not undo what the invocation did.
    await telemetry.flush().catch(() => undefined);
  }
}
