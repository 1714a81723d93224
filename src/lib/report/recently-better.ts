import { compareText } from '../controls/evaluation';
import type { Names } from '../model/target';
import { controlIds } from '../model/verdict';
import type { FindingStatus } from '../storage/findings';
import type { TargetStatus } from '../watch/target-status';
import { type LastChange, mostBetter, type Overview } from './model';
import { lookOfCell, needsAttention } from './page/words';

/** What has become better, is new and fine, or was accepted, from `since` on: of each finding the last change, newest first. */
export function recentlyBetter(
  targetStatuses: readonly TargetStatus[],
  since: Date,
): Pick<Overview, 'better' | 'betterCount'> {
  const limit = since.toISOString();
  const better = targetStatuses
    .flatMap(({ target, statuses }) => statuses.map((status) => ({ target, status })))
    .filter(
      ({ status }) => status.changedAt >= limit && !needsAttention(lookOfCell({ ...status, stale: false })),
    )
    .sort((a, b) => lastChangedFirst(a.status, b.status));
  return { better: better.slice(0, mostBetter).map(changeOf), betterCount: better.length };
}

/** The last change of a finding. */
export function changeOf({
  target: { displayName },
  status,
}: {
  target: Names;
  status: FindingStatus;
}): LastChange {
  const { targetId, control, severity, verdict, waived, summary, codes, changedAt, changedFrom } = status;
  const { previousVerdict, previousWaived, resumed = false } = changedFrom ?? {};
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...{ targetId, control, severity, previousVerdict },
    ...(previousWaived === undefined ? {} : { previousWaived }),
    ...{ verdict, waived, resumed, summary, codes, at: changedAt },
  };
}

function lastChangedFirst(a: FindingStatus, b: FindingStatus): number {
  return byTimeDescending({ at: a.changedAt }, { at: b.changedAt }) || compareNames(a, b);
}

/** So that what changed in one moment comes in the same order every time. */
function compareNames(a: FindingStatus, b: FindingStatus): number {
  return compareText(a.targetId, b.targetId) || controlIds.indexOf(a.control) - controlIds.indexOf(b.control);
}

/** Compares two moments. Times of this form sort as text. */
export function byTimeDescending(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : 0;
}
