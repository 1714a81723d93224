import { announce } from '../audit/announce';
import { reopened } from '../audit/compare';
import { manualRunId } from '../audit/dispatch';
import { mend } from '../audit/mend';
import type { Records } from '../audit/record';
import { isReadable } from '../model/target';
import type { ControlId } from '../model/verdict';
import { hasExpired } from '../model/waiver';
import type { AuditQueue } from '../storage/audit-queue';
import { statusOf } from '../storage/findings';
import { sayIn } from '../storage/unreadable';
import type { Telemetry } from '../telemetry/telemetry';

/** The tables that findings are in, and the queue for a new audit. */
export interface ReopenServices extends Records {
  queue: AuditQueue;
}

/** So many writers at once would be a fault elsewhere. */
const mostAttempts = 10;

/**
 * Re-opens a finding whose waiver has ended or was taken back: at once, without reading the tenant, so that it also
 * works for a paused target and for one that cannot be read. An audit is enqueued beside it, because alerts on the
 * state of a control go by `AuditCompleted`. Gives false when the finding is not accepted, or still is. Safe to repeat.
 * @throws when others write the finding all the while.
 */
export async function reopen(
  services: ReopenServices,
  telemetry: Telemetry,
  targetId: string,
  control: ControlId,
): Promise<boolean> {
  const { findings, waivers, history, targets, queue, now } = services;
  const told = sayIn(services.log);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const [finding, waiver, target] = await Promise.all([
      findings.find(targetId, control, told),
      waivers.find(targetId, control, told),
      targets.look(targetId),
    ]);
    if (finding?.waived !== true || (waiver !== undefined && !hasExpired(waiver, now()))) return false;

    const moment = now();
    const mending = { now: moment, moment, createdAt: target?.createdAt };
    if (await mend(services, { finding }, mending)) continue;
    // First the message: once the finding is open nothing would come back here. A paused target is not enqueued.
    if (target !== undefined && isReadable(target) && !target.paused)
      await queue.send([{ targetId, controls: [control], runId: manualRunId(now()) }]);
    await history.add(...finding.pending);
    const next = reopened(finding, now());
    await targets.repeat({ targetId }, [statusOf(next)]);
    const etag = await findings.put(next, finding);
    if (etag === undefined) continue;
    await announce([{ ...next, etag }], services, telemetry);
    return true;
  }
  throw new Error(`The finding ${control} of ${targetId} is being written by too many at once.`);
}
