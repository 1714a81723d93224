import type { ControlId, Reason, Severity, Verdict } from './controls/control';

/** An accepted risk, as a finding shows it. */
export interface FindingWaiver {
  by: string;
  reason: string;
  expiresAt: string;
}

/** The latest verdict of one control on one target. Times are ISO 8601 in UTC. */
export interface Finding {
  targetId: string;
  tenantId: string;
  control: ControlId;
  controlVersion: number;
  severity: Severity;
  verdict: Verdict;
  waived: boolean;
  waiver: FindingWaiver | null;
  /** One sentence for an administrator. */
  summary: string;
  /** At most 50 per code; `counts` tells all. */
  reasons: Reason[];
  /** What was read; from the last good reading while the verdict is `unknown`. */
  evidence: Record<string, unknown>;
  counts: { resources: number; violations: number };
  /** The last attempt. */
  checkedAt: string;
  /** The last time with a verdict other than `unknown`; null if never. */
  verifiedAt: string | null;
  /** When the present set of violations began; a spell of `unknown` in between does not reset it. */
  since: string;
  runId: string;
  /** Requests that the last attempt sent to Microsoft 365. */
  requests: number;
}

/** A change of a finding's verdict, of its set of violations, or of whether it is waived. */
export interface Transition {
  transitionId: string;
  targetId: string;
  tenantId: string;
  control: ControlId;
  severity: Severity;
  /** Null for the first finding. */
  previousVerdict: Verdict | null;
  verdict: Verdict;
  waived: boolean;
  /** Who accepted it, why, and until when; present when it is waived. */
  waiver?: FindingWaiver;
  /** The same violations came back after a spell of `unknown`. */
  resumed: boolean;
  summary: string;
  reasons: Reason[];
  /** Codes of the violations, sorted, each once. */
  codes: string[];
  at: string;
  runId: string;
}

/** Codes of the violations, sorted, each once: what alerts split by. */
export function violationCodes(reasons: readonly Reason[]): string[] {
  return [
    ...new Set(reasons.filter((reason) => reason.level === 'violation').map((reason) => reason.code)),
  ].sort();
}
