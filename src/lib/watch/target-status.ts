import { pMapIterable } from 'p-map';
import { isReadable, type ListedTarget } from '../model/target';
import { controlIds, type Verdict, verdicts } from '../model/verdict';
import type { FindingStatus, FindingTable } from '../storage/findings';
import { largestPage } from '../storage/pages';

/** A target with the findings that there are of it. */
export interface TargetStatus {
  target: ListedTarget;
  statuses: FindingStatus[];
}

/** The part of a finding that tells where its target stands. */
type Decided = Pick<FindingStatus, 'control' | 'verdict' | 'waived'>;

/** So many targets have their findings on one page of the table. */
const targetsPerRange = Math.floor(largestPage / controlIds.length);

/** How many ranges of the table are read at once. */
const rangesAtOnce = 8;

/** The findings of each of these targets, in their order. They come as the target table lists them: by id. */
export async function* withStatuses(
  findings: FindingTable,
  targets: readonly ListedTarget[],
): AsyncGenerator<TargetStatus> {
  yield* targetStatuses(findings, [targets]);
}

/** The findings of all targets on these pages. Ranges of the table are read side by side, and while further pages come. */
export async function* targetStatuses(
  findings: FindingTable,
  pages: Iterable<readonly ListedTarget[]> | AsyncIterable<readonly ListedTarget[]>,
): AsyncGenerator<TargetStatus> {
  const read = (range: readonly ListedTarget[]) => readRange(findings, range);
  for await (const range of pMapIterable(inRanges(pages), read, { concurrency: rangesAtOnce })) yield* range;
}

async function* inRanges(
  pages: Iterable<readonly ListedTarget[]> | AsyncIterable<readonly ListedTarget[]>,
): AsyncGenerator<readonly ListedTarget[]> {
  for await (const page of pages) {
    for (let start = 0; start < page.length; start += targetsPerRange) {
      yield page.slice(start, start + targetsPerRange);
    }
  }
}

async function readRange(findings: FindingTable, targets: readonly ListedTarget[]): Promise<TargetStatus[]> {
  const [first, last] = [targets[0], targets.at(-1)];
  if (first === undefined || last === undefined) return [];
  const byTarget = new Map<string, FindingStatus[]>(targets.map(({ targetId }) => [targetId, []]));
  for await (const status of findings.statuses(first.targetId, last.targetId)) {
    byTarget.get(status.targetId)?.push(status);
  }
  return targets.map((target) => ({ target, statuses: byTarget.get(target.targetId) ?? [] }));
}

/**
 * How a target stands. Of one that cannot be understood what was found last is all that there is: nobody looks any more, so
 * none of it is fine.
 */
export function targetVerdict({ target, statuses }: TargetStatus): Verdict {
  const worst = worstVerdict(statuses);
  return isReadable(target) || worst === 'nonCompliant' ? worst : 'unknown';
}

/** The score of a target, with nothing compliant in one that cannot be understood. Undefined when nothing is applicable. */
export function scoreOf({ target, statuses }: TargetStatus): number | undefined {
  return isReadable(target) ? score(statuses) : 0;
}

/** The worst of a target's verdicts. A waived one counts as compliant, a control that never ran as unknown. */
export function worstVerdict(statuses: readonly Decided[]): Verdict {
  const present = controlIds.map((id) => effectiveVerdict(statuses.find((status) => status.control === id)));
  return verdicts.find((verdict) => present.includes(verdict)) ?? 'unknown';
}

/** The share of applicable controls that are compliant or waived, from 0 to 1; undefined when none applies. */
export function score(statuses: readonly Decided[]): number | undefined {
  const applicable = controlIds
    .map((id) => effectiveVerdict(statuses.find((status) => status.control === id)))
    .filter((verdict) => verdict !== 'notApplicable');
  if (applicable.length === 0) return undefined;
  return applicable.filter((verdict) => verdict === 'compliant').length / applicable.length;
}

function effectiveVerdict(status: Decided | undefined): Verdict {
  if (status === undefined) return 'unknown';
  return status.waived ? 'compliant' : status.verdict;
}
