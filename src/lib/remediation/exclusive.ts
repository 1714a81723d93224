import { counted, grouped } from '../counted';
import { RefusedError } from '../errors';
import type { AppliedChange, Remediation } from '../model/remediation';
import type { StoredTarget } from '../model/target';
import { EndedError } from '../storage/remediations';
import { sayIn } from '../storage/unreadable';
import type { Telemetry } from '../telemetry/telemetry';
import { announceRemediation, type RemediationServices } from './gate';
import { Lease } from './lease';

/** Longer than a call may take. */
const longestCallMs = 240_000;

/**
 * Does something while nobody else may write to the target.
 * @throws {RefusedError} `remediation.busy` while someone else does, and `remediation.interrupted`, once, when a process
 *   died in the middle of an earlier one.
 */
export async function withLease<T>(
  services: RemediationServices,
  telemetry: Telemetry,
  target: StoredTarget,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await Lease.take(services, target.targetId);
  try {
    await reportInterrupted(services, telemetry, target);
    return await work(lease);
  } finally {
    await lease.release();
  }
}

/** Whoever holds the lease knows that nobody is at work: what still runs has died, or has lost its lease and will see so. */
async function reportInterrupted(
  services: RemediationServices,
  telemetry: Telemetry,
  { targetId }: StoredTarget,
): Promise<void> {
  const died: Remediation[] = [];
  const told = sayIn(services.log);
  for (const remediation of await services.remediations.withStatus(targetId, 'running', told)) {
    if (await close(services, telemetry, remediation)) died.push(remediation);
  }
  const [first] = died;
  if (first === undefined) return;
  const made = first.changes.filter(({ state }) => state === 'made').length;
  const message = `The remediation ${first.remediationId} was interrupted after ${grouped(made)} of ${counted(first.changes.length, 'change')}. It is closed now. Plan again: the new plan holds what is left.`;
  throw new RefusedError('remediation.interrupted', message, { remediationId: first.remediationId });
}

/** Closes a remediation whose process has died. Gives false when it has ended by itself meanwhile. */
async function close(
  services: RemediationServices,
  telemetry: Telemetry,
  remediation: Remediation,
): Promise<boolean> {
  const ended = {
    ...remediation,
    status: 'failed' as const,
    endedAt: services.now().toISOString(),
    changes: remediation.changes.map(inDoubt),
    problem: 'The process ended in the middle. What it made stands; the next plan holds what is left.',
  };
  try {
    await services.remediations.update(ended);
  } catch (error) {
    if (error instanceof EndedError) return false;
    throw error;
  }
  const { targetId, control } = remediation;
  const finding = await services.findings.find(targetId, control, sayIn(services.log));
  announceRemediation(telemetry, ended, finding);
  return true;
}

/** When a remediation has ended at the latest: one that is `running` after that has died, in ISO 8601. */
export function latestEnd({ startedAt }: Remediation): string {
  return new Date(Date.parse(startedAt) + longestCallMs).toISOString();
}

/** A change that was sent and not answered may have been made. */
function inDoubt(change: AppliedChange): AppliedChange {
  return change.state === 'sent' ? { ...change, state: 'unknown' } : change;
}
