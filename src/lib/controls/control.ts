import type { Permission } from '../microsoft365/permissions';
import type { Tenant } from '../microsoft365/tenant';
import type { PlanOption, Change, Plan } from '../model/plan';
import type { Dispute, StoredTarget, Target } from '../model/target';
import { type ControlId, type Severity, type Verdict, ResourceRow } from '../model/verdict';
import type { Profile } from '../profiles';
import type { CodeDeclaration, OwnCode, ReasonWith } from './codes';

/** What an evaluation is measured against: the vendor's demands, the target's options, and the time. */
export interface Requirement {
  profile: Profile;
  target: StoredTarget;
  /** The time of the reading; evaluations never look at a clock. */
  now: Date;
  /**
   * What a plan takes on beside what is missing.
   * @default nothing
   */
  include?: readonly PlanOption[];
}

/** What a control concludes from its facts. */
export interface Evaluation<Code extends string = string> {
  verdict: Verdict;
  /** One sentence for an administrator. */
  summary: string;
  reasons: ReasonWith<Code>[];
  /** What was read and matters, for the record. */
  evidence: Record<string, unknown>;
  /**
   * One row per resource that was looked at one by one. Absent when they could not be read: what is known of them from
   * before is kept. An empty list means that there are none.
   */
  resources?: ResourceRow[];
  /** Object id of the service account, where the reading proved it: it is remembered with the target. */
  serviceAccountId?: string;
  /** What its UPN was when it was first found; remembered as well. */
  serviceAccountUpn?: string;
  /** What is in dispute about rooms, for the next reading. Absent where nothing can be said of it: then it stays as it was. */
  disputes?: readonly Dispute[];
}

/** What a control asks the tenant for. Docs, deployments and the commands that grant are made from it. */
export interface ControlPermissions {
  /** All that reading may take, whatever the target. */
  read: readonly Permission[];
  /**
   * Of those, what a target with this reader of Exchange takes.
   * @default all of them
   */
  readWith?: Partial<Record<Target['exchangeReader'], readonly Permission[]>>;
  write: readonly Permission[];
}

/** One requirement, re-checked on its own schedule. */
export interface Control<Facts, Code extends string = string> {
  id: ControlId;
  /** Raised when the same facts may get another verdict. */
  version: number;
  title: string;
  severity: Severity;
  /** Every code that it can give; a reason with another one does not compile. */
  codes: Readonly<Record<OwnCode<Code>, CodeDeclaration>>;
  /**
   * Whether there is anything to check for such a target of such a vendor, or why not, as a sentence. What it refuses is
   * not applicable, and costs no request. Where it takes a reading to know, that is the business of {@link evaluate}.
   */
  appliesTo(target: Target, profile: Profile): true | string;
  permissions: ControlPermissions;
  /** Reads, and only reads. What could not be read is part of the facts; it does not throw for it. */
  collect(tenant: Tenant, target: StoredTarget): Promise<Facts>;
  /** Decides without I/O: the same facts and requirement always give the same evaluation. */
  evaluate(facts: Facts, requirement: Requirement): Evaluation<Code>;
  /**
   * Proposes without I/O: the changes that would make the finding compliant. Equal for equal state, whatever the order
   * in which the tenant lists things; empty for a compliant finding; without a change whose ground could not be read,
   * and without one that changes nothing. See {@link planFor}.
   *
   * @param evaluation what {@link evaluate} has made of the same facts and requirement.
   */
  plan?(facts: Facts, evaluation: Evaluation<Code>, requirement: Requirement): Plan;
  /**
   * What is there now of what a change is about, in the form of its `before` and `after`; undefined when that could not
   * be read. Tells whether a change was made, and whether it is still as it was made.
   */
  observe?(facts: Facts, change: Change, requirement: Requirement): unknown;
}
