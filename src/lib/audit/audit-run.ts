import type { Control, Evaluation } from '../controls/control';
import type { StoredTarget } from '../model/target';
import type { StoredWaiver } from '../model/waiver';

/** One run of a control on a target. */
export interface AuditRun {
  target: StoredTarget;
  control: Control<unknown>;
  evaluation: Evaluation;
  runId: string;
  /** When the reading began. */
  checkedAt: Date;
  /** Requests that it sent. */
  requests: number;
  /**
   * How long it would have had to wait where it gave way to others, in milliseconds: what it read is not complete.
   * @default undefined, for not at all
   */
  deferMs?: number | undefined;
  /** What is accepted of this control on this target, if anything. */
  waiver?: StoredWaiver | undefined;
}
