import type { Log } from '../log';
import { isReadable, type UnreadableTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import type { AuditQueue, Visit } from '../storage/audit-queue';
import type { TargetTable } from '../storage/targets';
import type { Telemetry } from '../telemetry/telemetry';

/** What it takes to put visits into the queue. */
export interface DispatchServices {
  targets: TargetTable;
  queue: AuditQueue;
  log: Log;
}

/**
 * Puts a visit of every target that is not paused into the queue, for these controls together. Gives how many. A target that
 * cannot be understood keeps no other from being audited.
 */
export async function dispatch(
  { targets, queue, log }: DispatchServices,
  controls: readonly ControlId[],
  runId: string,
): Promise<number> {
  let enqueued = 0;
  for await (const page of targets.all()) {
    for (const target of page) if (!isReadable(target)) sayUnaudited(log, target);
    const visits = page
      .filter((target) => isReadable(target) && !target.paused)
      .map(({ targetId }): Visit => ({ targetId, controls: [...controls], runId }));
    await queue.send(visits);
    enqueued += visits.length;
  }
  return enqueued;
}

/**
 * Dispatches what is due in a night, and says so, for whatever asks later what is late or silent. Safe to repeat: the same
 * night has the same `runId`.
 */
export async function dispatchNight(
  services: DispatchServices & { now: () => Date },
  telemetry: Telemetry,
  controls: readonly ControlId[],
): Promise<void> {
  const at = services.now();
  const runId = nightlyRunId(at);
  const targets = await dispatch(services, controls, runId);
  const night = { runId, controls: controls.join(','), at: at.toISOString() };
  telemetry.event('NightDispatched', night, { targets });
  services.log.info('A night is dispatched', { runId, controls, targets });
}

/** Says that a target cannot be understood, and so that nobody looks after it. */
export function sayUnaudited(log: Log, { targetId, unreadable: { errors, remedy } }: UnreadableTarget): void {
  log.warn('A target cannot be read and is not audited', { targetId, errors, remedy });
}

/** A nightly run is named by its UTC date, so that its repetition has the same name. */
export function nightlyRunId(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** The id of a run that somebody asks for: it never meets that of a nightly one. */
export function manualRunId(now: Date): string {
  return `manual-${now.toISOString()}`;
}
