import type { AppliedChange, Remediation } from '../model/remediation';

/** Whether a change was made, or may have been: the tenant tells. */
export function mayBeThere({ state }: AppliedChange): boolean {
  return state === 'made' || state === 'unknown';
}

/** What has undone this one, or is about to, of the remediations of the same target. */
export function undoneBy(
  { remediationId }: Remediation,
  others: readonly Remediation[],
): Remediation | undefined {
  return others.find(({ undoes, status }) => undoes === remediationId && status !== 'failed');
}

/**
 * Whether it can be asked for that a remediation is undone, as far as records tell. Whether the tenant is still as it was
 * written is seen when it is undone.
 */
export function isUndoable(remediation: Remediation, others: readonly Remediation[]): boolean {
  const { undoes, status, changes } = remediation;
  if (undoes !== undefined || status === 'running') return false;
  return changes.some(mayBeThere) && undoneBy(remediation, others) === undefined;
}
