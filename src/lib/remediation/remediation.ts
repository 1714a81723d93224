import type { ControlId } from '../controls/control';
import type { Change, ManualStep } from '../controls/plan';

/** Who asked for it. */
export interface Author {
  objectId: string;
  name: string;
  applicationId: string | null;
}

/** How far a change has come. `unknown`: it was sent, and whether it was made could not be found out. */
export type ChangeState = 'notSent' | 'sent' | 'made' | 'failed' | 'unknown';

export interface AppliedChange extends Change {
  state: ChangeState;
  /** When it was answered, ISO 8601 in UTC. */
  answeredAt?: string;
  /** Microsoft's id of the request, for a support case. */
  requestId?: string;
  /** What the answer told that undoing it needs. */
  result?: Record<string, string>;
  /** Why it failed; a sentence for an administrator. */
  problem?: string;
}

/**
 * `running` until it has ended; `verified` when the tenant was seen to comply, `unverified` when Microsoft accepted
 * everything and the tenant was not seen to comply yet, `failed` when something was not made.
 */
export type RemediationStatus = 'running' | 'verified' | 'unverified' | 'failed';

/** A repair, or the undoing of one. Never changed any more once it is `verified` or `failed`. */
export interface Remediation {
  remediationId: string;
  targetId: string;
  tenantId: string;
  control: ControlId;
  controlVersion: number;
  /** The remediation that this one undoes. */
  undoes?: string;
  planHash: string;
  status: RemediationStatus;
  by: Author;
  /** ISO 8601 in UTC. */
  startedAt: string;
  endedAt: string | null;
  /** When it was announced again, because it was still unverified a day later. */
  remindedAt?: string;
  changes: AppliedChange[];
  manualSteps: ManualStep[];
  /** What stood in the way, or what is left; a sentence for an administrator. */
  problem?: string;
}
