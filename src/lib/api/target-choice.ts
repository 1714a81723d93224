import { isReadable, type ListedTarget } from '../model/target';
import type { FindingRange } from '../storage/findings';

/** What only the target of a finding tells. */
export interface TargetChoice {
  customer?: string | undefined;
  tag?: string | undefined;
  /** Whether it was not verified in time, as `Overdue` says it. */
  stale?: boolean | undefined;
}

/** Whether targets have to be looked at. */
export function asksForTargets({ customer, tag, stale }: TargetChoice): boolean {
  return customer !== undefined || tag !== undefined || stale !== undefined;
}

/**
 * A target that is certainly of another customer, or of which nobody can say whose it is, is left out: a customer's answer says
 * nothing of others. One whose tags nobody can tell is not left out, and not chosen: it is undecided.
 */
export function chooses(
  { customer, tag }: TargetChoice,
  target: ListedTarget,
): 'chosen' | 'undecided' | 'other' {
  if (customer !== undefined && target.customer !== customer) return 'other';
  if (tag === undefined || target.tags?.includes(tag) === true) return 'chosen';
  return isReadable(target) || target.tags !== undefined ? 'other' : 'undecided';
}

/** So many targets of others are read along rather than asked around: a request more costs as much. */
const widestGap = 50;

interface ChosenRange extends Pick<FindingRange, 'first' | 'last'> {
  /** Whether its targets can be understood. One that cannot is a range of its own: all of it is stale, however fresh. */
  isReadable: boolean;
}

/** The parts of the table that hold all chosen targets of these, which come in the order of their keys. */
export function rangesOf(listed: readonly ListedTarget[], filter: TargetChoice): ChosenRange[] {
  const ranges: ChosenRange[] = [];
  let lastIndex = -Infinity;
  for (const [index, target] of listed.entries()) {
    if (chooses(filter, target) !== 'chosen') continue;
    const range = ranges.at(-1);
    const goesOn = index - lastIndex <= widestGap && isReadable(target) && range?.isReadable === true;
    if (goesOn) range.last = target.targetId;
    else ranges.push({ first: target.targetId, last: target.targetId, isReadable: isReadable(target) });
    lastIndex = index;
  }
  return ranges;
}
