import { createHash } from 'node:crypto';
import type { Control, Evaluation, Reason } from '../controls/control';
import { violationCodes } from '../finding';
import type { Known, StoredFinding } from '../storage/findings';
import { cutToFit, shorten } from '../storage/json';
import { summaryOfRows } from '../storage/resource-rows';
import type { StoredTransition } from '../storage/schemas';
import type { StoredTarget } from '../target';

/** A finding keeps at most this many reasons per code; `counts` tells all. */
const reasonsPerCode = 50;

/**
 * All reasons together, in characters of JSON. The entity must stay below 1 MiB of UTF-16, and holds them twice: with
 * the finding, and with its newest transition until that is announced.
 */
const longestReasons = 120_000;

/** While nothing can be announced no more transitions wait than this; the history has them all. */
const mostPending = 50;

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
}

/**
 * Compares a run with the last finding: the finding as it is to be kept, with a pending transition when the verdict or
 * the set of violations has changed. Pure, so that doing it twice with the same input comes to the same.
 */
export function compare(run: AuditRun, last: StoredFinding | undefined): Omit<StoredFinding, 'etag'> {
  const { target, control, evaluation, runId, requests } = run;
  const { verdict } = evaluation;
  const checkedAt = run.checkedAt.toISOString();
  const digest = digestOf(evaluation.reasons);
  const isUnknown = verdict === 'unknown';
  const known = last?.known ?? null;
  const isSame = last?.verdict === verdict && last.digest === digest;
  const isBack = !isUnknown && known?.verdict === verdict && known.digest === digest;
  const since = isSame ? last.since : isBack ? known.since : checkedAt;
  const nowKnown: Known | null = isUnknown ? known : { verdict, digest, since };
  const rows = rowsOf(evaluation, last);

  const finding: Omit<StoredFinding, 'etag'> = {
    targetId: target.targetId,
    tenantId: target.tenantId,
    control: control.id,
    controlVersion: control.version,
    severity: control.severity,
    verdict,
    waived: false,
    waiver: null,
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
    known: nowKnown,
    pending: (last?.pending ?? []).map((transition) => ({ ...transition, summary: '', reasons: [] })),
  };
  if (isSame) return finding;
  const transition = transitionTo(finding, last, isBack && last?.verdict === 'unknown');
  return { ...finding, pending: [...finding.pending, transition].slice(-mostPending) };
}

/** How many rows there are and their digest; the last ones where they could not be read, because they stay. */
function rowsOf({ resources }: Evaluation, last: StoredFinding | undefined) {
  if (resources !== undefined) return summaryOfRows(resources);
  return { count: last?.counts.resources ?? 0, digest: last?.resourcesDigest ?? '' };
}

function transitionTo(
  finding: Omit<StoredFinding, 'etag'>,
  last: StoredFinding | undefined,
  resumed: boolean,
): StoredTransition {
  const { targetId, tenantId, control, severity, verdict, waived, summary, reasons, checkedAt, runId } =
    finding;
  return {
    transitionId: createHash('sha256')
      .update([targetId, control, checkedAt].join('\n'))
      .digest('hex')
      .slice(0, 32),
    targetId,
    tenantId,
    control,
    severity,
    previousVerdict: last?.verdict ?? null,
    verdict,
    waived,
    resumed,
    summary,
    // The finding holds them all; the history needs a few to tell the story.
    reasons: reasons.slice(0, reasonsPerCode),
    codes: violationCodes(reasons),
    at: checkedAt,
    runId,
  };
}

/** What is compared: every violation's code, resource in lower case, and value found, in a fixed order. */
export function digestOf(reasons: readonly Reason[]): string {
  const violations = new Set(
    reasons
      .filter((reason) => reason.level === 'violation')
      .map(({ code, resource, actual }) =>
        JSON.stringify([code, resource?.toLowerCase() ?? null, actual ?? null]),
      ),
  );
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
