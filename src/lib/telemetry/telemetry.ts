import type { FindingStatus } from '../storage/findings';

/** The custom events that alert rules and workbooks key on. */
export type EventName =
  | 'AuditCompleted'
  | 'ComplianceTransition'
  | 'ConditionOpen'
  | 'AuditStale'
  | 'AuditPoisoned'
  | 'NightDispatched'
  | 'WaiverExpiring'
  | 'RemediationCompleted'
  | 'ChangeRequested'
  | 'WatchdogCompleted'
  | 'DigestSent';

/** What an event says in words. */
export type Properties = Readonly<Record<string, string>>;

/** What an event says in numbers. */
export type Measurements = Readonly<Record<string, number>>;

/** What Syncwarden tells Application Insights; the log alone when that is not set up. */
export interface Telemetry {
  /** Notes an event. It is sent with the next flush at the latest. */
  event(name: EventName, properties: Properties, measurements?: Measurements): void;
  /** Notes the share of applicable controls that are compliant or waived on one target, from 0 to 1. */
  score(value: number, properties: Properties): void;
  /** Sends what was noted, and waits for it. Every invocation ends with it. */
  flush(): Promise<void>;
}

/** The properties that every event about a finding carries. */
export function findingProperties(
  status: Pick<
    FindingStatus,
    'targetId' | 'tenantId' | 'control' | 'verdict' | 'severity' | 'waived' | 'codes'
  >,
): Record<string, string> {
  return {
    targetId: status.targetId,
    // Not "tenantId": a column of that name holds the workspace in Log Analytics.
    customerTenantId: status.tenantId,
    control: status.control,
    verdict: status.verdict,
    severity: status.severity,
    waived: String(status.waived),
    codes: status.codes.join(','),
  };
}

/** Where telemetry goes. Without a connection string it goes to the log. */
export interface TelemetrySettings {
  connectionString: string | undefined;
  /** `Authorization=AAD`, with `ClientId=<id>` for a user-assigned identity. */
  authentication: string | undefined;
}
