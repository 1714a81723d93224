import { hash } from 'node:crypto';
import { controls } from '../controls';
import type { Evaluation } from '../controls/control';
import { subjectOf } from '../model/target';
import type { Reason, Verdict } from '../model/verdict';
import { hasExpired, type StoredWaiver } from '../model/waiver';
import type { AuditRun } from './audit-run';

/**
 * Unknowns that may be accepted: their controls say so. `unreadable.*` says that nobody has looked, which is no state of
 * the tenant, and can never be accepted.
 */
export const acceptableUnknowns: ReadonlySet<string> = new Set(
  controls.flatMap(({ codes }) =>
    Object.entries(codes).flatMap(([code, { acceptable }]) => (acceptable === true ? [code] : [])),
  ),
);

/** What makes a violation the same one tomorrow: its code, its resource without regard to case, and the value found. */
export function identityOf({ code, resource, actual }: Reason): string {
  return JSON.stringify([code, resource?.toLowerCase() ?? null, actual ?? null]);
}

/** Digests of reasons, each once, as a waiver with this salt keeps them. */
export function pinsOf(reasons: readonly Reason[], salt: string): Set<string> {
  return new Set(reasons.map((reason) => pinOf(reason, salt)));
}

function pinOf(reason: Reason, salt: string): string {
  return hash('sha256', salt + identityOf(reason), 'hex').slice(0, 16);
}

/** The reasons that decide a verdict, and that have to be accepted for the finding to be: none for a good one. */
export function decidingReasons({ verdict, reasons }: Evaluation): Reason[] {
  return reasons.filter(({ level }) => level === decidingLevel(verdict));
}

function decidingLevel(verdict: Verdict): Reason['level'] | undefined {
  return verdict === 'nonCompliant' ? 'violation' : verdict === 'unknown' ? 'unknown' : undefined;
}

/** Whether a reason says that nobody could look, so that other reasons may be missing. */
export function isUnread({ level, code }: Reason): boolean {
  return level === 'unknown' && !acceptableUnknowns.has(code);
}

/** What a run means for a waiver. */
export interface Judgement {
  /** Whether the finding counts as accepted. */
  waived: boolean;
  /** What is still accepted afterwards; the waiver's own pins when that has not changed. */
  left: ReadonlySet<string>;
}

/** Something that is there now: a violation, or what is unknown. */
type Present = Reason & { pin: string };

/** What a run means for its own waiver; undefined where nothing is accepted. */
export function judgementOf(run: AuditRun): Judgement | undefined {
  return run.waiver && judge(run.waiver, run);
}

/** Judges a waiver by what a run found. Pure. */
export function judge(waiver: StoredWaiver, run: AuditRun): Judgement {
  const { evaluation, target, control, checkedAt } = run;
  // Accepted was the risk of another account, application, tenant or vendor.
  if (waiver.subject !== subjectOf(target)) return { waived: false, left: new Set() };
  // There may be a hundred thousand: each is hashed once.
  const present = evaluation.reasons
    .filter(({ level }) => level !== 'notice')
    .map((reason): Present => ({ ...reason, pin: pinOf(reason, waiver.salt) }));
  const deciding = present.filter(({ level }) => level === decidingLevel(evaluation.verdict));
  const isInForce = waiver.controlVersion === control.version && !hasExpired(waiver, checkedAt);
  const waived = isInForce && deciding.length > 0 && deciding.every(({ pin }) => waiver.pins.has(pin));
  return { waived, left: leftOf(waiver, run, present) };
}

/** What has gone is no longer accepted: should it come back, that is news. */
function leftOf(
  waiver: StoredWaiver,
  { control, checkedAt }: AuditRun,
  present: readonly Present[],
): ReadonlySet<string> {
  // What could not be read has not gone, and a reading that began before the waiver says nothing about what came after.
  if (present.some(isUnread) || checkedAt.getTime() < Date.parse(waiver.createdAt)) return waiver.pins;
  // Another version may call the same things by other names. That there is nothing is the same in any version.
  if (present.length > 0 && waiver.controlVersion !== control.version) return waiver.pins;
  const left = new Set(present.map(({ pin }) => pin).filter((pin) => waiver.pins.has(pin)));
  return left.size === waiver.pins.size ? waiver.pins : left;
}
