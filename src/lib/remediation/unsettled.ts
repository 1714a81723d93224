import { isAhead } from '../clock';
import { digest } from '../controls/plan';
import type { Log } from '../log';
import type { Remediation } from '../model/remediation';
import { isReadable, type ListedTarget, subjectOf } from '../model/target';
import type { FindingStatus } from '../storage/findings';
import type { RemediationTable } from '../storage/remediations';
import { sayIn } from '../storage/unreadable';
import { latestEnd } from './exclusive';
import { isOverdue } from './settle';

interface UnsettledServices {
  remediations: RemediationTable;
  now: () => Date;
  log: Log;
}

/** A remediation that came to nothing, and when it ended. */
export interface Unsettled {
  remediation: Remediation;
  endedAt: string;
}

/**
 * Remediations that have failed, or whose process has died, or that were not seen in the tenant within a day: the last one of
 * each control, by target. Whether somebody still has to look after it is for {@link isSettled} to say.
 */
export async function unsettled({
  remediations,
  now,
  log,
}: UnsettledServices): Promise<Map<string, Unsettled[]>> {
  const moment = now();
  const found = new Map<string, Unsettled[]>();
  // Of each target the newest comes first.
  for (const remediation of await remediations.unsettled(sayIn(log))) {
    const { targetId, control, status } = remediation;
    if (status !== 'failed' && !isOverdue(remediation, moment)) continue;
    const others = found.get(targetId) ?? [];
    if (others.some((other) => other.remediation.control === control)) continue;
    const endedAt = remediation.endedAt ?? latestEnd(remediation);
    found.set(targetId, [
      ...others,
      { remediation, endedAt: isAhead(endedAt, moment) ? moment.toISOString() : endedAt },
    ]);
  }
  return found;
}

/**
 * Whether nobody has to look after it any more: the control was seen in order since, or is accepted, or a later remediation of
 * it was verified, or the target is about something else by now.
 */
export async function isSettled(
  { remediations, log }: Omit<UnsettledServices, 'now'>,
  { remediation, endedAt }: Unsettled,
  target: ListedTarget,
  status: FindingStatus | undefined,
): Promise<boolean> {
  const { control, subject, startedAt, status: outcome, changes } = remediation;
  if (subject !== undefined && isReadable(target) && subject !== digest(subjectOf(target))) return true;
  // Nothing was changed, or nobody has looked: then nothing is missing that could be seen.
  if (outcome === 'unverified' && (changes.length === 0 || status === undefined)) return true;
  if (status?.waived === true) return true;
  if (status !== undefined && hasChanged(status, outcome, endedAt)) return true;
  const verified = await remediations.withStatus(target.targetId, 'verified', sayIn(log));
  return verified.some((later) => later.control === control && later.startedAt > startedAt);
}

/** Whether the control was seen in order since then, or to be wrong in another way. */
function hasChanged(
  { verdict, verifiedAt, since }: FindingStatus,
  outcome: Remediation['status'],
  endedAt: string,
): boolean {
  if (verdict === 'compliant' || verdict === 'notApplicable') return (verifiedAt ?? '') > endedAt;
  // Where a process has died what it had made may be all that is different.
  return verdict === 'nonCompliant' && outcome !== 'running' && since > endedAt;
}
