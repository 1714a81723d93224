import type { AuditRun } from '../../src/lib/audit/audit-run';
import { record, type Records } from '../../src/lib/audit/record';
import type { Finding } from '../../src/lib/model/finding';
import type { Telemetry } from '../../src/lib/telemetry/telemetry';

/** Records one run, and gives what stands then. @throws what kept it from being recorded. */
export async function recordOne(run: AuditRun, records: Records, telemetry: Telemetry): Promise<Finding> {
  const [outcome] = await record([run], records, telemetry);
  if (outcome?.status !== 'fulfilled') throw outcome?.reason;
  return outcome.value;
}
