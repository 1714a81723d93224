import type { ControlId } from '../controls/control';
import type { AuditMessage, AuditQueue } from '../storage/audit-queue';
import type { TargetTable } from '../storage/targets';

export interface DispatchServices {
  targets: TargetTable;
  queue: AuditQueue;
}

/** Puts an audit of each control on every target that is not paused into the queue. Gives how many. */
export async function dispatch(
  { targets, queue }: DispatchServices,
  controls: readonly ControlId[],
  runId: string,
): Promise<number> {
  let enqueued = 0;
  for await (const page of targets.all()) {
    const messages = page
      .filter((target) => !target.paused)
      .flatMap(({ targetId }) => controls.map((control): AuditMessage => ({ targetId, control, runId })));
    await queue.send(messages);
    enqueued += messages.length;
  }
  return enqueued;
}

/** A nightly run is named by its UTC date, so that its repetition has the same name. */
export function nightlyRunId(now: Date): string {
  return now.toISOString().slice(0, 10);
}

export function manualRunId(now: Date): string {
  return `manual-${now.toISOString()}`;
}
