import { z } from 'zod';
import type { Permission } from '../microsoft365/permissions';
import type { Tenant } from '../microsoft365/tenant';
import type { Profile } from '../profiles';
import type { Dispute, StoredTarget } from '../target';
import type { CodeDeclaration, OwnCode, ReasonWith } from './codes';
import type { Change, Plan } from './plan';

export const controlIds = [
  'account',
  'password-expiry',
  'license',
  'consent',
  'impersonation',
  'rooms',
  'ews-access',
] as const;
export type ControlId = (typeof controlIds)[number];

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

/** Worst first: this is the order in which verdicts of several controls are summed up. */
export const verdicts = ['nonCompliant', 'unknown', 'compliant', 'notApplicable'] as const;
export type Verdict = (typeof verdicts)[number];

/** How much a reason weighs, the heaviest first. */
export const levels = ['violation', 'unknown', 'notice'] as const;
export type Level = (typeof levels)[number];

/** Why a finding has its verdict. Codes are part of the interface: scripts and alerts key on them. */
export const Reason = z
  .object({
    code: z.string().describe('What kind of reason it is, such as `license.none`.'),
    level: z
      .enum(levels)
      .describe(
        'Violations make a finding `nonCompliant`; without any, an `unknown` makes it `unknown`; notices change nothing.',
      ),
    // Dates and counters belong here or in the evidence, never in `actual`.
    message: z.string().describe('A sentence for an administrator.'),
    resource: z
      .string()
      .exactOptional()
      .describe('What it is about: an account, a permission, a room. Compared without regard to case.'),
    expected: z.string().exactOptional().describe('What would be right.'),
    actual: z
      .string()
      .exactOptional()
      .describe('The value found. A different value is a different violation.'),
  })
  .meta({ id: 'Reason', description: 'Why a finding has its verdict.' });
export type Reason = z.infer<typeof Reason>;

/** What a control found out about one room or mailbox. Rows are kept apart from the finding, which only counts them. */
export const ResourceRow = z
  .object({
    resource: z.string().describe('Address in lower case. Unique among the rows of one finding.'),
    kind: z.enum(['room', 'mailbox']).describe('A room of the target, or a mailbox that is none.'),
    displayName: z.string().describe('Its name in the directory.'),
    verdict: z.enum(verdicts).describe('Of this room or mailbox alone.'),
    codes: z.array(z.string()).describe('Codes of its violations and of what is unknown about it, sorted.'),
    path: z.string().exactOptional().describe('How it is reached: the role that is assigned.'),
    scope: z.string().exactOptional().describe('Within which scope it is reached.'),
    detail: z.string().exactOptional().describe('What there is to say about it beyond that, as a sentence.'),
  })
  .meta({ id: 'ResourceRow', description: 'What a control found out about one room or mailbox.' });
export type ResourceRow = z.infer<typeof ResourceRow>;

/** What an evaluation is measured against: the vendor's demands, the target's options, and the time. */
export interface Requirement {
  profile: Profile;
  target: StoredTarget;
  /** The time of the reading; evaluations never look at a clock. */
  now: Date;
  /** What a plan takes on beside what is missing; nothing unless told. */
  include?: readonly PlanOption[];
}

/** `revocations`: a plan also takes back what is granted and not needed. */
export const planOptions = ['revocations'] as const;
export type PlanOption = (typeof planOptions)[number];

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

/** One requirement, re-checked on its own schedule. */
export interface Control<Facts, Code extends string = string> {
  id: ControlId;
  /** Raised when the same facts may get another verdict. */
  version: number;
  title: string;
  severity: Severity;
  /** Every code that it can give; a reason with another one does not compile. */
  codes: Readonly<Record<OwnCode<Code>, CodeDeclaration>>;
  permissions: { read: readonly Permission[]; write: readonly Permission[] };
  /** Reads, and only reads. What could not be read is part of the facts; it does not throw for it. */
  collect(tenant: Tenant, target: StoredTarget): Promise<Facts>;
  /** Decides without I/O: the same facts and requirement always give the same evaluation. */
  evaluate(facts: Facts, requirement: Requirement): Evaluation<Code>;
  /**
   * Proposes without I/O: the changes that would make the finding compliant. Equal for equal state, whatever the order
   * in which the tenant lists things; empty for a compliant finding; without a change whose ground could not be read,
   * and without one that changes nothing. See {@link planFor}.
   */
  plan?(facts: Facts, requirement: Requirement): Plan;
  /**
   * What is there now of what a change is about, in the form of its `before` and `after`; undefined when that could not
   * be read. Tells whether a change was made, and whether it is still as it was made.
   */
  observe?(facts: Facts, change: Change, requirement: Requirement): unknown;
}
