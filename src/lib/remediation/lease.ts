import { randomUUID } from 'node:crypto';
import { RefusedError } from '../errors';
import type { StoredTarget } from '../target';
import type { Telemetry } from '../telemetry/telemetry';
import { announceRemediation, type RemediationServices } from './gate';
import type { AppliedChange, Remediation } from './remediation';

/** Longer than a call may take, so that nobody else begins while one is at work. */
const leaseMs = 240_000;

/**
 * Does something while nobody else may write to the target.
 * @throws {RefusedError} `remediation.busy` while someone else does, and `remediation.interrupted`, once, when a process
 *   died in the middle of an earlier one.
 */
export async function withLease<T>(
  services: RemediationServices,
  telemetry: Telemetry,
  target: StoredTarget,
  work: () => Promise<T>,
): Promise<T> {
  const owner = randomUUID();
  const { targetId } = target;
  if (!(await services.leases.acquire(targetId, owner, services.now(), leaseMs))) {
    const message = `Another remediation of ${targetId} is at work, or was until a moment ago. Try again in a few minutes.`;
    throw new RefusedError('remediation.busy', message);
  }
  try {
    await reportInterrupted(services, telemetry, target);
    return await work();
  } finally {
    await services.leases.release(targetId, owner);
  }
}

/** Whoever holds the lease knows that nobody is at work: what still runs has died. */
async function reportInterrupted(
  services: RemediationServices,
  telemetry: Telemetry,
  { targetId }: StoredTarget,
): Promise<void> {
  const died = await services.remediations.withStatus(targetId, 'running');
  for (const remediation of died) {
    const ended = {
      ...remediation,
      status: 'failed' as const,
      endedAt: services.now().toISOString(),
      changes: remediation.changes.map(inDoubt),
      problem: 'The process ended in the middle. What it made stands; the next plan holds what is left.',
    };
    await services.remediations.update(ended);
    const finding = await services.findings.get(targetId, remediation.control);
    announceRemediation(telemetry, ended, finding);
  }
  const [first] = died;
  if (first === undefined) return;
  const made = first.changes.filter(({ state }) => state === 'made').length;
  const message = `The remediation ${first.remediationId} was interrupted after ${made} of ${first.changes.length} changes. It is closed now. Plan again: the new plan holds what is left.`;
  throw new RefusedError('remediation.interrupted', message, { remediationId: first.remediationId });
}

/** When the lease of a remediation ends at the latest: one that is `running` after that has died, in ISO 8601. */
export function leaseEnd({ startedAt }: Remediation): string {
  // The lease is older than the record.
  return new Date(Date.parse(startedAt) + leaseMs).toISOString();
}

/** A change that was sent and not answered may have been made. */
function inDoubt(change: AppliedChange): AppliedChange {
  return change.state === 'sent' ? { ...change, state: 'unknown' } : change;
}
