import type { BriefTransition, Finding, FindingWaiver } from '../model/finding';
import type { Names } from '../model/target';
import type { Plan } from '../model/plan';
import type { Remediation } from '../model/remediation';
import type { Unreadable } from '../model/unreadable';
import type { ControlId, Reason, ResourceRow, Severity, Verdict } from '../model/verdict';
import type { ProductReport } from './product';

/**
 * What the pages show, read from storage or from an audit that has just run. Templates get nothing else, so that the
 * same page can be made by the app and by the command line.
 */

/** One control on one target, as a cell of the grid. */
export interface Cell {
  control: ControlId;
  severity: Severity;
  /** `unknown` for one that never ran. */
  verdict: Verdict;
  waived: boolean;
  /** Not verified for longer than is allowed. Never true of a paused target. */
  stale: boolean;
  /** When the present set of violations began; null for a control that never ran. */
  since: string | null;
  /** The last time with a verdict other than `unknown`; null if never. */
  verifiedAt: string | null;
  /** Whether its finding is kept and cannot be understood: then nothing of this is known. */
  unreadable?: true;
  /** The last attempt; null if never. */
  checkedAt: string | null;
  /** Codes of the violations, sorted. */
  codes: readonly string[];
  /** Codes of what could not be read, sorted. */
  unknownCodes: readonly string[];
  /** One sentence for an administrator; empty for a control that never ran. */
  summary: string;
  /** When it changed last; null for a control that never ran. */
  changedAt: string | null;
  /** Requests that the last attempt sent to Microsoft 365. */
  requests: number;
}

/** One target, as a row of the grid. */
export interface Row extends Names {
  targetId: string;
  tenantId: string;
  paused: boolean;
  worstVerdict: Verdict;
  /** Why nobody can audit it, where its definition cannot be understood. It has no page of its own then. */
  unreadable?: Unreadable;
  /** One for each control, in the order of the controls. */
  cells: readonly Cell[];
}

/** The mean score of all targets, or the score of one, on one day. */
export interface DayScore {
  /** `2026-11-23`, UTC. */
  date: string;
  /** From 0 to 1. */
  score: number;
}

/** The last change of a finding. */
export interface LastChange extends Omit<BriefTransition, 'previousVerdict'>, Pick<Names, 'displayName'> {
  /** Null for the first finding; undefined where it was not noted what was before. */
  previousVerdict: BriefTransition['previousVerdict'] | undefined;
}

/** Something that somebody has to look after: one finding, or what more than ten targets have in common. */
export interface Concern {
  /**
   * A violation, something that could not be read, what was not verified in time, what was never audited, or a target that
   * cannot be understood.
   */
  kind: 'violation' | 'unknown' | 'stale' | 'never' | 'target';
  /** Undefined for what is about all controls of a target alike. */
  control: ControlId | undefined;
  /** The worst of all that it is about. */
  severity: Severity;
  /** Whether it is told once for many targets. */
  isShared: boolean;
  /** What is wrong: of one finding in its own words, else what its code means. */
  sentence: string;
  codes: readonly string[];
  /** Since when the first of it is so, ISO 8601; undefined where that is no matter of a finding. */
  since: string | undefined;
  /** When the last of it changed, ISO 8601; undefined for what never ran. */
  changedAt: string | undefined;
  /** The targets, of many the first. */
  targets: readonly Row[];
  /** How many targets there are. */
  count: number;
}

/** All targets, or those of one customer. */
export interface Overview {
  generatedAt: string;
  /** Whose targets these are; undefined for all there are. */
  customer: string | undefined;
  /** All that somebody has to look after, the worst first. */
  concerns: readonly Concern[];
  /** What of the last 24 hours nobody has to look after, newest first: at most {@link mostBetter} of it. */
  better: readonly LastChange[];
  /** How many there are. */
  betterCount: number;
  /** Every target, the worst first. */
  rows: readonly Row[];
  /**
   * The last 90 days, oldest first, each as it began; the last one is today, as it is now. A day without a score is absent:
   * nothing is made up for it. Of one customer alone no days are kept.
   */
  trend: readonly DayScore[];
  /** The score at this moment; undefined when nothing is applicable. */
  score: number | undefined;
}

/** Of more findings that became better nobody reads at 8 a.m.; the rest is in the history. */
export const mostBetter = 50;

/** One control of one target, with all that is known. */
export interface ControlReport {
  control: ControlId;
  title: string;
  cell: Cell;
  /** Undefined for a control that never ran. */
  finding: Finding | undefined;
  /** Its last transitions, newest first. */
  transitions: readonly BriefTransition[];
  /** A waiver that is in force, or one that has ended or no longer covers what is found. */
  waiver: (FindingWaiver & { inForce: boolean }) | null;
  /** What would repair it, where that was read with the finding; undefined where it has to be asked for. */
  plan: Plan | undefined;
}

/** The rooms and stray mailboxes of one control. */
export interface ResourceReport {
  control: ControlId;
  /** How many rows have which verdict, among rooms and among mailboxes that are none. */
  rooms: Readonly<Record<Verdict, number>>;
  strays: number;
  /** One page of the rows that were asked for, the worst first, then by address. */
  rows: readonly ResourceRow[];
  /** Whether `rows` are all there are; the rest is on other pages, and behind the API. */
  complete: boolean;
  /** How many rows there are of what was asked for: all, or those of one verdict, or with a text. */
  matching: number;
  /** Which page `rows` are, from 1, and the most rows that a page has. */
  page: number;
  pageSize: number;
}

/** A repair of a target, or the undoing of one. */
export interface RepairReport extends Pick<
  Remediation,
  'remediationId' | 'control' | 'undoes' | 'status' | 'startedAt'
> {
  /** The name of who asked for it. */
  by: string;
  /** Each change that was made, or may have been, as a sentence. */
  changes: readonly string[];
  /** Why it ended as it did, in a sentence. */
  outcome: string;
  /** Whether it can be asked for that it is put back; the tenant tells whether that is possible. */
  canUndo: boolean;
  isUndone: boolean;
}

/** One target. */
export interface TargetReport extends Names {
  generatedAt: string;
  targetId: string;
  tenantId: string;
  /** Undefined for a product without one. */
  serviceAccount: string | undefined;
  clientAppId: string;
  profile: string;
  product: ProductReport;
  paused: boolean;
  worstVerdict: Verdict;
  controls: readonly ControlReport[];
  resources: readonly ResourceReport[];
  /** What was done to its tenant, newest first: the last of it. */
  repairs: readonly RepairReport[];
  /** As for all targets; empty for a paused one. */
  trend: readonly DayScore[];
  /** Undefined when nothing is applicable, and for a paused one. */
  score: number | undefined;
  /** Requests that its last audits sent to Microsoft 365. */
  requests: number;
  /** Findings and accepted risks of it that are kept and cannot be understood. */
  unreadable: readonly Unreadable[];
}

/** Reasons of one code. */
export interface ReasonGroup {
  code: string;
  level: Reason['level'];
  reasons: readonly Reason[];
}
