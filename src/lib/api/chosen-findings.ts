import * as z from 'zod';
import { latestBelieved } from '../clock';
import { isReadable, type ListedTarget } from '../model/target';
import type { Unreadable } from '../model/unreadable';
import { encodeKey } from '../storage/keys';
import type { FindingFilter, FindingRange, FindingTable, RowKeys, StoredFinding } from '../storage/findings';
import type { Page, PageRequest } from '../storage/pages';
import { positionIn, toContinuation } from '../storage/positions';
import type { TargetTable } from '../storage/targets';
import { type Overdue, type OverdueServices, readOverdue } from '../watch/overdue';
import { chooses, rangesOf, type TargetChoice } from './target-choice';

/** What findings are chosen from by their targets. */
export interface ChoiceServices extends OverdueServices {
  targets: TargetTable;
  findings: FindingTable;
  now: () => Date;
}

/** The last row that was given: the next page begins after it. */
const Position = z.tuple([z.string(), z.string()]);

/**
 * A page of findings that their targets choose. Targets are read in one pass; of the findings only the parts of the table in
 * which there are any of these. It names no row but those on it, also in its continuation.
 * @throws {InputError} for a continuation that is none of this list.
 */
export async function pageOfChosen(
  services: ChoiceServices,
  filter: FindingFilter & TargetChoice,
  { continuation, limit }: PageRequest,
): Promise<Page<StoredFinding>> {
  const after = continuation === undefined ? undefined : afterOf(continuation);
  const now = services.now();
  const [listed, overdue] = await Promise.all([listedTargets(services, filter), readOverdue(services, now)]);
  const targets = new Map(listed.map((target) => [encodeKey(target.targetId), target]));
  const items: StoredFinding[] = [];
  const unreadable: Unreadable[] = [];
  let last: RowKeys | undefined;
  let hasMore = false;
  for await (const row of rowsOf(services, filter, listed, overdue, after, limit + 1)) {
    const target = targets.get(row.partitionKey);
    if (target === undefined || chooses(filter, target) !== 'chosen') continue;
    const { found } = row;
    const isOfRightAge =
      'unreadable' in found ||
      filter.stale === undefined ||
      overdue.isStale(target, found.control, found) === filter.stale;
    if (!isOfRightAge) continue;
    hasMore = items.length + unreadable.length === limit;
    if (hasMore) break;
    if ('unreadable' in found) unreadable.push(found.unreadable);
    else items.push(found);
    last = row;
  }
  const end = hasMore ? last : undefined;
  unreadable.push(...undecidedBetween(filter, listed, after, end));
  return {
    items,
    ...(end === undefined ? {} : { continuation: toContinuation([end.partitionKey, end.rowKey]) }),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

function afterOf(continuation: string): RowKeys {
  const [partitionKey, rowKey] = positionIn(Position, continuation);
  return { partitionKey, rowKey };
}

async function listedTargets(
  { targets }: ChoiceServices,
  { targetId }: FindingFilter,
): Promise<ListedTarget[]> {
  if (targetId !== undefined) {
    const target = await targets.look(targetId);
    return target === undefined ? [] : [target];
  }
  const all: ListedTarget[] = [];
  for await (const page of targets.all()) all.push(...page);
  return all;
}

/** Targets that may or may not be asked for, each on the page on which its findings would be. */
function undecidedBetween(
  filter: TargetChoice,
  listed: readonly ListedTarget[],
  after: RowKeys | undefined,
  end: RowKeys | undefined,
): Unreadable[] {
  return listed.flatMap((target) => {
    if (isReadable(target) || chooses(filter, target) !== 'undecided') return [];
    const key = encodeKey(target.targetId);
    const isHere =
      (after === undefined || key > after.partitionKey) && (end === undefined || key <= end.partitionKey);
    return isHere ? [target.unreadable] : [];
  });
}

async function* rowsOf(
  { findings }: ChoiceServices,
  filter: FindingFilter & TargetChoice,
  listed: readonly ListedTarget[],
  overdue: Overdue,
  after: RowKeys | undefined,
  needed: number,
) {
  const rest = listed.filter(
    ({ targetId }) => after === undefined || encodeKey(targetId) >= after.partitionKey,
  );
  for (const range of rangesOf(rest, filter)) {
    const unlessSeen = filter.stale === true && range.isReadable ? freshWithin(overdue) : undefined;
    yield* findings.range({ ...range, after, unlessSeen }, filter, needed);
  }
}

/** Within this time nothing is stale that was seen, whatever its control: it need not even be read. */
function freshWithin(overdue: Overdue): FindingRange['unlessSeen'] {
  return [overdue.freshSince, latestBelieved(overdue.now)];
}
