import { controlIds } from '../model/verdict';
import type { FindingStatus } from '../storage/findings';
import type { TargetStatus } from '../watch/target-status';
import { rankOfChange } from './change-rank';
import { type Change, type LeftOut, mostChanged } from './model';
import { lookOfCell, needsAttention } from './page/words';

/** What has changed, and of how many more findings. */
export interface RecentChanges {
  changes: Change[];
  leftOut: LeftOut;
}

/**
 * What has changed from `since` on, newest first, of each finding the last change. Those that somebody has to look after are
 * told first, the worst and the latest of them.
 */
export function recentChanges(targetStatuses: readonly TargetStatus[], since: Date): RecentChanges {
  const limit = since.toISOString();
  const changed = targetStatuses
    .flatMap(({ statuses }) => statuses)
    .filter(({ changedAt }) => changedAt >= limit);
  const [bad, fine] = partition(changed, isToLookAfter);
  const told = [...bad.sort(worstFirst), ...fine.sort(lastChangedFirst)].slice(0, mostChanged);
  const fineRoom = Math.max(0, mostChanged - bad.length);
  return {
    changes: told.sort(lastChangedFirst).map(changeOf),
    leftOut: {
      toLookAfter: Math.max(0, bad.length - mostChanged),
      fine: Math.max(0, fine.length - fineRoom),
    },
  };
}

function changeOf(status: FindingStatus): Change {
  const { targetId, control, severity, verdict, waived, summary, codes, changedAt, changedFrom } = status;
  const { previousVerdict, previousWaived, resumed = false } = changedFrom ?? {};
  return {
    ...{ targetId, control, severity, previousVerdict },
    ...(previousWaived === undefined ? {} : { previousWaived }),
    ...{ verdict, waived, resumed, summary, codes, at: changedAt },
  };
}

function isToLookAfter({ verdict, waived }: FindingStatus): boolean {
  return needsAttention(lookOfCell({ verdict, waived, stale: false }));
}

function worstFirst(a: FindingStatus, b: FindingStatus): number {
  return rankOfChange(a) - rankOfChange(b) || lastChangedFirst(a, b);
}

function lastChangedFirst(a: FindingStatus, b: FindingStatus): number {
  return byTimeDescending({ at: a.changedAt }, { at: b.changedAt }) || compareNames(a, b);
}

/** So that what changed in one moment comes in the same order every time. */
function compareNames(a: FindingStatus, b: FindingStatus): number {
  if (a.targetId !== b.targetId) return a.targetId < b.targetId ? -1 : 1;
  return controlIds.indexOf(a.control) - controlIds.indexOf(b.control);
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** Compares two moments. Times of this form sort as text. */
export function byTimeDescending(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : 0;
}
