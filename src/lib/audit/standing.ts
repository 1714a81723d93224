import { controlIds, type Verdict, verdicts } from '../controls/control';
import type { FindingStatus, FindingTable } from '../storage/findings';
import type { StoredTarget } from '../target';

/** The findings of each of these targets, in their order. They come as the target table lists them: by id. */
export async function* withStatuses(
  findings: FindingTable,
  targets: readonly StoredTarget[],
): AsyncGenerator<{ target: StoredTarget; statuses: FindingStatus[] }> {
  const [first, last] = [targets[0], targets.at(-1)];
  if (first === undefined || last === undefined) return;
  const byTarget = new Map<string, FindingStatus[]>(targets.map(({ targetId }) => [targetId, []]));
  for await (const status of findings.statuses(first.targetId, last.targetId)) {
    byTarget.get(status.targetId)?.push(status);
  }
  for (const target of targets) yield { target, statuses: byTarget.get(target.targetId) ?? [] };
}

/** The worst of a target's verdicts. A waived one counts as compliant, a control that never ran as unknown. */
export function worstVerdict(statuses: readonly FindingStatus[]): Verdict {
  const present = controlIds.map((id) => effectiveVerdict(statuses.find((status) => status.control === id)));
  return verdicts.find((verdict) => present.includes(verdict)) ?? 'unknown';
}

/** The share of applicable controls that are compliant or waived, from 0 to 1; undefined when none applies. */
export function score(statuses: readonly FindingStatus[]): number | undefined {
  const applicable = controlIds
    .map((id) => effectiveVerdict(statuses.find((status) => status.control === id)))
    .filter((verdict) => verdict !== 'notApplicable');
  if (applicable.length === 0) return undefined;
  return applicable.filter((verdict) => verdict === 'compliant').length / applicable.length;
}

function effectiveVerdict(status: FindingStatus | undefined): Verdict {
  if (status === undefined) return 'unknown';
  return status.waived ? 'compliant' : status.verdict;
}
