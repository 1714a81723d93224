import type { FindingStatus } from '../storage/findings';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';

/**
 * Says of each of these findings what was non-compliant and not accepted when it was last verified. Alert rules look back
 * two days at most, and a control may be audited less often, or be unreadable for longer: without this its alert would end
 * as if all were well.
 * https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
 */
export function tellOpenViolations(telemetry: Telemetry, statuses: readonly FindingStatus[]): void {
  for (const status of statuses) {
    const { openCodes: codes, verifiedAt, checkedAt } = status;
    // What is accepted while it cannot be read is accepted all the same.
    if (codes.length === 0 || status.waived) continue;
    const open = findingProperties({ ...status, verdict: 'nonCompliant', codes });
    telemetry.event('ViolationOpen', { ...open, at: verifiedAt ?? checkedAt });
  }
}
