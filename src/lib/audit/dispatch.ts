import type { Log } from '../log';
import { isReadable, type UnreadableTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import type { AuditMessage, AuditQueue } from '../storage/audit-queue';
import type { TargetTable } from '../storage/targets';

export interface DispatchServices {
  targets: TargetTable;
  queue: AuditQueue;
  log: Log;
}

/**
 * Puts an audit of each control on every target that is not paused into the queue. Gives how many. A target that cannot be
 * understood keeps no other from being audited.
 */
export async function dispatch(
  { targets, queue, log }: DispatchServices,
  controls: readonly ControlId[],
  runId: string,
): Promise<number> {
  let enqueued = 0;
  for await (const page of targets.all()) {
    for (const target of page) if (!isReadable(target)) sayUnaudited(log, target);
    const messages = page
      .filter((target) => isReadable(target) && !target.paused)
      .flatMap(({ targetId }) => controls.map((control): AuditMessage => ({ targetId, control, runId })));
    await queue.send(messages);
    enqueued += messages.length;
  }
  return enqueued;
}

/** Says that a target cannot be understood, and so that nobody looks after it. */
export function sayUnaudited(log: Log, { targetId, unreadable: { errors, remedy } }: UnreadableTarget): void {
  log.warn('A target cannot be read and is not audited', { targetId, errors, remedy });
}

/** A nightly run is named by its UTC date, so that its repetition has the same name. */
export function nightlyRunId(now: Date): string {
  return now.toISOString().slice(0, 10);
}

export function manualRunId(now: Date): string {
  return `manual-${now.toISOString()}`;
}
