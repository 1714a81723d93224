import { isAhead } from '../clock';
import type { Log } from '../log';
import { isReadable, type UnreadableTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import { nextRun } from '../schedule';
import type { Night } from '../settings';
import type { AuditQueue, Visit } from '../storage/audit-queue';
import type { KeptNight, StateTable } from '../storage/state';
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
  services: DispatchServices & { state: StateTable; now: () => Date },
  telemetry: Telemetry,
  { controls, schedule }: Pick<Night, 'controls' | 'schedule'>,
): Promise<void> {
  const at = services.now();
  const runId = nightlyRunId(at);
  const targets = await dispatch(services, controls, runId);
  const night = { runId, controls: controls.join(','), at: at.toISOString() };
  // Last: of one that died on the way nobody must think that all was put into the queue.
  const kept = await services.state.nights();
  const nights = controls.map((control) => ({ control, schedule, at: night.at }));
  await services.state.setNights(nights.map((each) => ({ ...each, due: dueOf(each, kept, at) })));
  telemetry.event('NightDispatched', night, { targets });
  services.log.info('A night is dispatched', { runId, controls, targets });
}

/** When a night was due that begins now: where others have not come, the first of them. */
function dueOf(
  night: Pick<KeptNight, 'control' | 'schedule'>,
  kept: readonly KeptNight[],
  now: Date,
): string {
  const last = kept.find(({ control }) => control === night.control);
  const due = last === undefined || !isBelieved(last, night.schedule, now) ? now : nextNight(last);
  return (due < now ? due : now).toISOString();
}

/** What is kept of a night counts for the schedule that it was on, and unless a clock that ran ahead has dated it. */
export function isBelieved({ schedule, at }: KeptNight, scheduled: string, now: Date): boolean {
  return schedule === scheduled && !isAhead(at, now);
}

/** Azure's timers may fire a little early. The next time that one is due is not the one that it has just fired for. */
const earlyMs = 60_000;

/** When the night is due that comes after one. */
export function nextNight({ schedule, at }: Pick<KeptNight, 'schedule' | 'at'>): Date {
  return nextRun(schedule, new Date(Date.parse(at) + earlyMs));
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
