import { createHash } from 'node:crypto';
import type { Evaluation } from '../controls/control';
import { type ChangedFrom, type FindingWaiver, violationCodes } from '../model/finding';
import type { Reason } from '../model/verdict';
import type { Known, StoredFinding } from '../storage/findings';
import { cutToFit, shorten } from '../storage/json';
import { summaryOfRows } from '../storage/resource-rows';
import type { StoredTransition } from '../storage/schemas';
import type { AuditRun } from './audit-run';
import { type Comparison, againstKnown } from './last-known';
import { Provenance } from './measurements';
import { identityOf, type Judgement, judgementOf } from './pins';

/** A finding keeps at most this many reasons per code; `counts` tells all. */
const reasonsPerCode = 50;

/**
 * All reasons together, in characters of JSON. The entity must stay below 1 MiB of UTF-16, and holds them twice: with
 * the finding, and with its newest transition until that is announced.
 */
const longestReasons = 120_000;

/** While nothing can be announced no more transitions wait than this; the history has them all. */
const mostPending = 50;

/** So many ids of requests tell where a transition comes from; the evidence of the finding has more. */
const idsPerTransition = 20;

/** A finding that is about to be kept. */
export type NextFinding = Omit<StoredFinding, 'etag'>;

/**
 * Compares a run with the last finding: the finding as it is to be kept, with a pending transition when the verdict, the
 * set of violations, or whether it is accepted has changed. Pure, so that doing it twice with the same input comes to the same.
 *
 * @param judgement what the run means for its waiver, for whoever has found that out already.
 */
export function compare(
  run: AuditRun,
  last: StoredFinding | undefined,
  judgement: Judgement | undefined = judgementOf(run),
): NextFinding {
  const { target, control, evaluation, runId, requests } = run;
  const { verdict } = evaluation;
  const checkedAt = run.checkedAt.toISOString();
  const digest = digestOf(evaluation.reasons);
  const isUnknown = verdict === 'unknown';
  const comparison = againstKnown(evaluation, digest, last?.known ?? null, checkedAt);
  const { isKnown, isBlinder } = comparison;
  const isSame = last?.verdict === verdict && (isKnown || isUnknown);
  const waiver = acceptanceOf(run, judgement, comparison);
  const known = withRefusal(comparison, run, waiver);
  const since = isUnknown ? (isSame ? last.since : checkedAt) : (known?.since ?? checkedAt);
  const rows = rowsOf(evaluation, last);

  const finding: NextFinding = {
    targetId: target.targetId,
    tenantId: target.tenantId,
    control: control.id,
    controlVersion: control.version,
    severity: control.severity,
    verdict,
    waived: waiver !== null,
    waiver,
    summary: shorten(evaluation.summary),
    reasons: keepable(evaluation.reasons),
    // What was last known to be true is worth more than the little that an unreadable tenant gave.
    evidence: isUnknown && last?.verifiedAt ? last.evidence : cutToFit(evaluation.evidence),
    counts: {
      resources: rows.count,
      violations: evaluation.reasons.filter((reason) => reason.level === 'violation').length,
    },
    checkedAt,
    verifiedAt: isUnknown ? (last?.verifiedAt ?? null) : checkedAt,
    since,
    runId,
    requests,
    digest,
    resourcesDigest: rows.digest,
    rowCounts: rows.counts,
    changedAt: last?.changedAt ?? checkedAt,
    changedFrom: last?.changedFrom,
    known,
    ...open({ waived: waiver !== null, reasons: evaluation.reasons }, isBlinder, last, checkedAt),
    pending: last?.pending ?? [],
  };
  if (isSame && last.waived === finding.waived) return { ...finding, pending: inBrief(finding.pending) };
  const { requestIds } = Provenance.parse(evaluation.evidence);
  return withTransition(finding, last, {
    at: checkedAt,
    resumed: isKnown && last?.verdict === 'unknown',
    requestIds: requestIds.slice(0, idsPerTransition),
  });
}

/** A finding that is no longer accepted; everything else is as it was last read. */
export function reopened(last: StoredFinding, now: Date): NextFinding {
  const unaccepted = { ...last, waived: false, waiver: null };
  // Two transitions of one moment would be taken for one.
  const at = new Date(Math.max(now.getTime(), Date.parse(last.checkedAt) + 1)).toISOString();
  const { etag, ...finding } = {
    ...unaccepted,
    ...open(unaccepted, last.verdict === 'unknown', last, at),
  };
  // Nothing was read for it.
  return withTransition(finding, last, {
    at,
    resumed: false,
    requestIds: [],
  });
}

/** Codes of what is violated and not accepted, and since when; what was open stays so while it cannot be seen. */
function open(
  { waived, reasons }: Pick<StoredFinding, 'waived' | 'reasons'>,
  isBlinder: boolean,
  last: StoredFinding | undefined,
  at: string,
): Pick<StoredFinding, 'openCodes' | 'openSince'> {
  const before = isBlinder ? (last?.openCodes ?? []) : [];
  const openCodes = waived ? before : [...new Set([...before, ...violationCodes(reasons)])].sort();
  const since = (code: string) =>
    last?.openSince[code] ?? (last?.openCodes.includes(code) === true ? last.since : at);
  return { openCodes, openSince: Object.fromEntries(openCodes.map((code) => [code, since(code)])) };
}

/** Who accepted what a run found; null when it is not, or not as a whole, accepted. */
function acceptanceOf(
  { waiver }: AuditRun,
  judgement: Judgement | undefined,
  { isBlinder, known }: Comparison,
): FindingWaiver | null {
  if (waiver === undefined || judgement?.waived !== true) return null;
  const { by, reason, expiresAt, createdAt } = waiver;
  // What it did not cover may be what this reading could not see.
  if (isBlinder && known?.refused === createdAt) return null;
  return { by, reason, expiresAt };
}

/** What is known, with the waiver that does not cover it: only a reading that sees everything can tell. */
function withRefusal(
  { isBlinder, known }: Comparison,
  { waiver }: AuditRun,
  accepted: FindingWaiver | null,
): Known | null {
  if (isBlinder || known === null || waiver === undefined || accepted !== null) return known;
  return { ...known, refused: waiver.createdAt };
}

/** How a transition came about, beside what the finding says. */
type HowFound = Required<Pick<StoredTransition, 'at' | 'resumed' | 'requestIds'>>;

function withTransition(finding: NextFinding, last: StoredFinding | undefined, how: HowFound): NextFinding {
  const transition = transitionTo(finding, last, how);
  const pending = [...inBrief(finding.pending), transition];
  const changedFrom = changedFromOf(transition);
  return { ...finding, changedAt: how.at, changedFrom, pending: pending.slice(-mostPending) };
}

function changedFromOf({ previousVerdict, previousWaived, resumed }: StoredTransition): ChangedFrom {
  return { previousVerdict, ...(previousWaived === undefined ? {} : { previousWaived }), resumed };
}

/** Transitions that are in the history by now, without their texts. */
function inBrief(pending: readonly StoredTransition[]): StoredTransition[] {
  return pending.map(({ waiver, requestIds, ...transition }) => ({
    ...transition,
    summary: '',
    reasons: [],
  }));
}

/** How many rows there are, of which verdict, and their digest; the last ones where they could not be read, because they stay. */
function rowsOf({ resources }: Evaluation, last: StoredFinding | undefined) {
  if (resources !== undefined) return summaryOfRows(resources);
  return {
    count: last?.counts.resources ?? 0,
    digest: last?.resourcesDigest ?? '',
    counts: last?.rowCounts ?? null,
  };
}

function transitionTo(
  finding: NextFinding,
  last: StoredFinding | undefined,
  { at, resumed, requestIds }: HowFound,
): StoredTransition {
  const { targetId, tenantId, control, controlVersion, severity, verdict, waived, waiver } = finding;
  const { summary, reasons, runId } = finding;
  return {
    transitionId: createHash('sha256').update([targetId, control, at].join('\n')).digest('hex').slice(0, 32),
    targetId,
    tenantId,
    control,
    severity,
    previousVerdict: last?.verdict ?? null,
    ...(last === undefined ? {} : { previousWaived: last.waived }),
    verdict,
    waived,
    ...(waiver === null ? {} : { waiver }),
    resumed,
    summary,
    // The finding holds them all; the history needs a few to tell the story.
    reasons: reasons.slice(0, reasonsPerCode),
    codes: violationCodes(reasons),
    at,
    runId,
    controlVersion,
    requestIds,
  };
}

/** What is compared: the identities of all violations, in a fixed order. */
export function digestOf(reasons: readonly Reason[]): string {
  const violations = new Set(reasons.filter((reason) => reason.level === 'violation').map(identityOf));
  return createHash('sha256')
    .update([...violations].sort().join('\n'))
    .digest('hex');
}

/** As many reasons as are kept: the first of each code, shortened, and not more than fit. */
function keepable(reasons: readonly Reason[]): Reason[] {
  const perCode = new Map<string, number>();
  let room = longestReasons;
  return reasons.flatMap((reason) => {
    const count = (perCode.get(reason.code) ?? 0) + 1;
    perCode.set(reason.code, count);
    if (count > reasonsPerCode) return [];
    const kept = shortenReason(reason);
    room -= JSON.stringify(kept).length + 1;
    return room < 0 ? [] : [kept];
  });
}

function shortenReason(reason: Reason): Reason {
  const { resource, expected, actual } = reason;
  return {
    ...reason,
    message: shorten(reason.message),
    ...(resource === undefined ? {} : { resource: shorten(resource) }),
    ...(expected === undefined ? {} : { expected: shorten(expected) }),
    ...(actual === undefined ? {} : { actual: shorten(actual) }),
  };
}
