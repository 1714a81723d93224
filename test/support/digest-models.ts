import type { Evaluation } from '../../src/lib/controls/control';
import { controlIds, type ControlId } from '../../src/lib/model/verdict';
import type { StoredTarget } from '../../src/lib/model/target';
import { compose } from '../../src/lib/notify/compose';
import type { Digest } from '../../src/lib/notify/model';
import { newsOf } from '../../src/lib/notify/news';
import type { Present } from '../../src/lib/notify/present';
import { toldOf } from '../../src/lib/notify/told';
import { rowOf } from '../../src/lib/report/cells';
import type { FindingStatus } from '../../src/lib/storage/findings';
import { address, at, evaluation, overdueAt, status, storedTarget } from './storage';

/** A target, and what was found where it is not fine. */
export interface PresentTarget extends Partial<StoredTarget> {
  targetId: string;
  found?: Partial<Record<ControlId, Evaluation>>;
  /** Controls that never ran. */
  never?: readonly ControlId[];
}

/** How everything is at this hour: audited an hour before. */
export function presentOf(
  targets: readonly PresentTarget[],
  hours = 10,
  more: Partial<Present> = {},
): Present {
  // There may be thousands of them.
  const fine = Object.fromEntries(
    controlIds.map((id) => [id, status('fine', id, evaluation(), hours - 1)]),
  ) as Record<ControlId, FindingStatus>;
  const overdue = overdueAt(at(hours));
  return {
    at: at(hours),
    targets: targets.map(({ targetId, found = {}, never = [], ...options }) => {
      const target = storedTarget(targetId, { targetId, ...options });
      const statuses = controlIds
        .filter((id) => !never.includes(id))
        .map((id) => {
          const of = found[id];
          return of === undefined ? { ...fine[id], targetId } : status(targetId, id, of, hours - 1);
        });
      const targetStatus = { target, statuses };
      return { row: rowOf(targetStatus, overdue), status: targetStatus };
    }),
    ...{ ends: [], poison: { count: 0, messageIds: [] }, blind: [] },
    ...more,
  };
}

/** A history in which nothing has happened. */
export const noHistory = {
  history: {
    async *brief() {
      // There is nothing in it.
    },
  },
};

/** The first digest of such an app; with `before` the one after that. */
export async function digestOf(present: Present, before?: Present): Promise<Digest> {
  const since = before?.at.toISOString();
  const news = await newsOf(noHistory, present, before && toldOf(before), since);
  return compose(present, news, { since, address });
}
