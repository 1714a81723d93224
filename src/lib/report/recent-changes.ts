import pMap from 'p-map';
import type { Standing } from '../audit/standing';
import { isAhead } from '../clock';
import type { BriefTransition } from '../finding';
import type { FindingStatus, FindingTable, StoredFinding } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import { inBrief } from '../storage/history-rows';
import type { Watched } from '../target';
import { mostChanges } from './model';

export interface RecentChangesServices {
  findings: FindingTable;
  history: HistoryTable;
}

/** The newest changes, and how many there were. */
export interface RecentChanges {
  changes: BriefTransition[];
  /** Of findings that are left out only the last change is counted: they were not looked up. */
  changeCount: number;
}

/** How many targets are looked up at once. */
const atOnce = 16;

/** A target of which something has changed. */
interface Changed {
  standing: Standing;
  /** Its findings whose last change is recent. */
  statuses: readonly FindingStatus[];
}

/**
 * What has changed from `since` on until now, newest first. Findings tell when they changed last, so the history is asked about
 * those targets only that can be among the newest changes: all that is as new as the last one that is shown is, is of a
 * finding whose last change is as new.
 */
export async function recentChanges(
  services: RecentChangesServices,
  standings: readonly Standing[],
  since: Date,
  now: Date,
): Promise<RecentChanges> {
  const limit = since.toISOString();
  const changed = standings
    .map((standing): Changed => {
      const statuses = standing.statuses.filter(({ changedAt }) => changedAt >= limit);
      return { standing, statuses };
    })
    .filter(({ statuses }) => statuses.length > 0);
  const newest = changed
    .flatMap(({ statuses }) => statuses)
    .sort((a, b) => newestFirst({ at: a.changedAt }, { at: b.changedAt }))
    .slice(0, mostChanges);
  const wanted = new Set(newest.map(({ targetId }) => targetId));
  const [lookedUp, leftOut] = partition(changed, ({ standing }) => wanted.has(standing.target.targetId));

  const found = await pMap(lookedUp, (one) => changesOf(services, one, limit, now), { concurrency: atOnce });
  const changes = found.flat().sort(newestFirst);
  return {
    changes: changes.slice(0, mostChanges),
    changeCount: changes.length + leftOut.reduce((sum, { statuses }) => sum + statuses.length, 0),
  };
}

/** Changes of one target: of what now has its id, and not of one that was deleted before. */
async function changesOf(
  { findings, history }: RecentChangesServices,
  { standing: { target }, statuses }: Changed,
  limit: string,
  now: Date,
): Promise<BriefTransition[]> {
  const madeAt = madeAtOf(target, now);
  const from = madeAt > limit ? madeAt : limit;
  const changes: BriefTransition[] = [];
  for await (const change of history.brief(target.targetId, new Date(from))) changes.push(change);
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
  return isAhead(createdAt, now) ? new Date(0).toISOString() : createdAt;
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
export function newestFirst(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : 0;
}
