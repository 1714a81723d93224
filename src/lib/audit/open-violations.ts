import type { FindingStatus } from '../storage/findings';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';

/**
 * Says of each of these findings that is non-compliant and not accepted that it still is. Alert rules look back two days
 * at most, and a control may be audited less often: without this its alert would end as if all were well.
 * https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
 */
export function tellOpenViolations(telemetry: Telemetry, statuses: readonly FindingStatus[]): void {
  for (const status of statuses) {
    if (status.verdict !== 'nonCompliant' || status.waived) continue;
    telemetry.event('ViolationOpen', { ...findingProperties(status), at: status.checkedAt });
  }
}
