import pMap from 'p-map';
import { isAhead, unknownTime } from '../clock';
import type { BriefTransition } from '../model/finding';
import type { Watched } from '../model/target';
import type { FindingStatus, FindingTable, StoredFinding } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import { inBrief } from '../storage/history-rows';
import type { TargetStatus } from '../watch/target-status';
import { rankOfChange } from './change-rank';
import { type LeftOut, mostChanged } from './model';
import { lookOfCell, needsAttention } from './page/words';

/** The tables that changes are found in. */
export interface RecentChangesServices {
  findings: FindingTable;
  history: HistoryTable;
}

/** What has changed, and of how many more findings. */
export interface RecentChanges {
  changes: BriefTransition[];
  leftOut: LeftOut;
}

/** How many targets are looked up at once. */
const atOnce = 16;

/** A target of which something is to be told. */
interface Changed {
  target: Watched;
  /** Its findings whose last change is recent, as far as they are told. */
  statuses: readonly FindingStatus[];
}

/**
 * What has changed from `since` on until now, newest first. Findings tell how they stand and when they changed last, so what
 * is told is chosen before the history is asked, and only about those.
 */
export async function recentChanges(
  services: RecentChangesServices,
  targetStatuses: readonly TargetStatus[],
  since: Date,
  now: Date,
): Promise<RecentChanges> {
  const limit = since.toISOString();
  const changed = targetStatuses
    .flatMap(({ statuses }) => statuses)
    .filter(({ changedAt }) => changedAt >= limit);
  const [bad, fine] = partition(changed, isToLookAfter);
  const sorted = [...bad.sort(worstFirst), ...fine.sort(lastChangedFirst)];
  const chosen = new Set(sorted.slice(0, mostChanged));

  const lookedUp = targetStatuses
    .map(({ target, statuses }): Changed => ({
      target,
      statuses: statuses.filter((status) => chosen.has(status)),
    }))
    .filter(({ statuses }) => statuses.length > 0);
  const found = await pMap(lookedUp, (one) => changesOf(services, one, limit, now), { concurrency: atOnce });
  const fineRoom = Math.max(0, mostChanged - bad.length);
  return {
    changes: found.flat().sort(byTimeDescending),
    leftOut: {
      toLookAfter: Math.max(0, bad.length - mostChanged),
      fine: Math.max(0, fine.length - fineRoom),
    },
  };
}

function isToLookAfter({ verdict, waived }: FindingStatus): boolean {
  return needsAttention(lookOfCell({ verdict, waived, stale: false }));
}

function worstFirst(a: FindingStatus, b: FindingStatus): number {
  return rankOfChange(a) - rankOfChange(b) || lastChangedFirst(a, b);
}

function lastChangedFirst(a: FindingStatus, b: FindingStatus): number {
  return byTimeDescending({ at: a.changedAt }, { at: b.changedAt });
}

/** Changes of these findings of one target: of what now has its id, and not of one that was deleted before. */
async function changesOf(
  { findings, history }: RecentChangesServices,
  { target, statuses }: Changed,
  limit: string,
  now: Date,
): Promise<BriefTransition[]> {
  const madeAt = madeAtOf(target, now);
  const from = madeAt > limit ? madeAt : limit;
  const changes: BriefTransition[] = [];
  const controls = new Set(statuses.map(({ control }) => control));
  for await (const change of history.brief(target.targetId, new Date(from))) {
    if (controls.has(change.control)) changes.push(change);
  }
  for (const { control, changedAt } of statuses) {
    if (changes.some((change) => change.control === control && change.at >= changedAt)) continue;
    // What cannot be understood is shown as that in the grid, whenever it has changed.
    const finding = await findings.find(target.targetId, control, () => undefined);
    if (finding !== undefined) changes.push(...notYetIn(changes, finding));
  }
  return changes;
}

/**
 * When a target was made, as far as changes are counted from it: since ever, where that lies ahead. Otherwise all that has
 * really happened to it would count as that of an earlier target of the same id.
 */
export function madeAtOf({ createdAt }: Pick<Watched, 'createdAt'>, now: Date): string {
  return isAhead(createdAt, now) ? unknownTime : createdAt;
}

/**
 * The last transition of a finding, when it is not among these. It is written with the finding first: whoever found it may
 * have died before it came into the history.
 */
export function notYetIn(changes: readonly BriefTransition[], { pending }: StoredFinding): BriefTransition[] {
  const last = pending.at(-1);
  if (last === undefined) return [];
  const isThere = changes.some(({ control, at }) => control === last.control && at === last.at);
  return isThere ? [] : [inBrief(last)];
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** Compares two moments. Times of this form sort as text. */
export function byTimeDescending(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : 0;
}
