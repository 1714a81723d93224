import * as z from 'zod';
import { hourMs } from '../durations';
import { isAhead } from '../clock';
import { control } from '../controls';
import { describeError } from '../errors';
import type { Log } from '../log';
import type { StoredTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import { ageOf, type AuditQueue, parseVisit, type Visit } from '../storage/audit-queue';
import type { Telemetry } from '../telemetry/telemetry';
import type { AuditRun } from './audit-run';
import { persist } from './persist';
import type { AuditServices } from './run';
import { visit } from './visit';

/** What it takes to work on a message of the queue; each one logs with fields of its own. */
export interface WorkServices extends Omit<AuditServices, 'log'> {
  queue: AuditQueue;
}

/** The same while a message is worked on. */
type Working = WorkServices & { log: Log };

/** What the queue's trigger says beside the message. https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata */
const Delivery = z.object({
  expirationTime: z.coerce.date(),
  insertionTime: z.coerce.date().optional(),
  /** 1 for the first time that the message is handed out. */
  dequeueCount: z.coerce.number().default(1),
});
type Delivery = z.infer<typeof Delivery>;

/**
 * Does what a queue message asks for. A message for a target that is gone is done, and doing one twice is harmless. A control
 * that had to give way, because the tenant wants to be left alone for a while, is put back for later, and one that could
 * not be kept goes back by itself: the others are kept all the same.
 * @param metadata of the trigger; without it the visit waits in its place.
 * @throws when the message asks for nothing that is known, or nothing of it could be kept: then the queue counts the attempts,
 * and it ends in the poison queue.
 */
export async function work(
  given: WorkServices,
  telemetry: Telemetry,
  log: Log,
  message: unknown,
  metadata?: unknown,
): Promise<void> {
  const services = { ...given, log };
  const asked = understood(log, message);
  const { targetId } = asked;
  const target = await services.targets.get(targetId);
  if (target === undefined) {
    log.info('The target of a visit is gone', { targetId, controls: asked.controls });
    return;
  }
  const delivery = Delivery.safeParse(metadata).data;
  const due = await notKeptYet(services, target, asked, delivery);
  const runs = await read(services, target, due, asked.runId, delivery);
  const complete = await defer(services, asked, runs, delivery);
  const outcomes = await persist(services, telemetry, complete);
  const failed = complete.flatMap(({ control: { id } }, index): Failed[] => {
    const outcome = outcomes[index];
    return outcome?.status === 'rejected' ? [{ control: id, reason: outcome.reason }] : [];
  });
  if (failed.length > 0) await goBack(services, asked, failed, delivery);
}

function understood(log: Log, message: unknown): Visit {
  try {
    return parseVisit(message);
  } catch (error) {
    log.error('A message of the queue could not be understood', { problem: (error as Error).message });
    throw new Error('A message of the queue could not be understood.', { cause: error });
  }
}

/**
 * What of a visit has not been kept yet. A message comes again when whoever had it has died on the way, and what was kept since
 * it was put in is not done again, unless the target was changed after that.
 */
async function notKeptYet(
  { findings, now }: Working,
  { updatedAt }: StoredTarget,
  { targetId, controls }: Visit,
  delivery: Delivery | undefined,
): Promise<ControlId[]> {
  const { insertionTime, dequeueCount = 1 } = delivery ?? {};
  if (insertionTime === undefined || dequeueCount === 1) return controls;
  const kept = await findings.lookAll(targetId, controls);
  return controls.filter((id) => {
    const finding = kept.get(id);
    if (finding === undefined || 'unreadable' in finding || isAhead(finding.checkedAt, now())) return true;
    return Date.parse(finding.checkedAt) < Math.max(insertionTime.getTime(), Date.parse(updatedAt));
  });
}

/** Reads what is due. Where the age of the message is known, without holding up what waits behind it in the queue. */
function read(
  services: Working,
  target: StoredTarget,
  due: readonly ControlId[],
  runId: string,
  delivery: Delivery | undefined,
): Promise<AuditRun[]> {
  // Without its age a message could be deferred for ever.
  const waits = delivery === undefined ? 'long' : 'short';
  return visit(services, target, due.map(control), runId, waits);
}

/** Puts controls that gave way to others back for later, in a message of their own. Gives the runs that are to be kept. */
async function defer(
  { queue, now, log }: Working,
  { targetId, runId }: Visit,
  runs: readonly AuditRun[],
  delivery: Delivery | undefined,
): Promise<readonly AuditRun[]> {
  const deferred = runs.filter(({ deferMs: deferMs }) => deferMs !== undefined);
  if (delivery === undefined || deferred.length === 0) return runs;
  const { expirationTime: expiresAt } = delivery;
  const controls = deferred.map(({ control: { id } }) => id);
  const deferMs = Math.max(...deferred.map((run) => run.deferMs ?? 0));
  const delayMs = deferralMs({ ageMs: ageOf(expiresAt, now()), deferMs: deferMs, random: Math.random() });
  if (delayMs === undefined) {
    log.warn('A visit was deferred until there was no time left', { targetId, controls });
    return runs;
  }
  await queue.sendLater({ targetId, controls, runId }, delayMs, expiresAt, now());
  log.info('A visit is deferred', { targetId, controls, seconds: Math.ceil(delayMs / 1000) });
  return runs.filter((run) => !deferred.includes(run));
}

/** A control that could not be kept, and why. */
interface Failed {
  control: ControlId;
  reason: unknown;
}

/** After so long a control that could not be kept is tried again by itself, as long as host.json says of a message that failed. */
const goBackMs = 5 * 60_000;

/**
 * Puts what could not be kept back into the queue, in a message of its own that has its own attempts. @throws the reason where
 * the message asks for nothing else: then the queue counts them.
 */
async function goBack(
  { queue, now, log }: Working,
  { targetId, controls: asked, runId }: Visit,
  failed: readonly Failed[],
  delivery: Delivery | undefined,
): Promise<void> {
  for (const { control: id, reason } of failed) {
    log.error('What a control found could not be kept', {
      targetId,
      control: id,
      error: describeError(reason),
    });
  }
  if (delivery === undefined || failed.length === asked.length) throw failed[0]?.reason;
  const controls = failed.map((one) => one.control);
  await queue.sendLater({ targetId, controls, runId }, goBackMs, delivery.expirationTime, now());
}

/** An audit that had to give way, as far as trying again is concerned. */
export interface DeferralInput {
  /** How long ago it was put into the queue for the first time, in milliseconds. */
  ageMs: number;
  /** How long it would have had to wait, in milliseconds. */
  deferMs: number;
  /** A random number from 0 up to 1, so that many audits do not come back at the same moment. */
  random: number;
}

/** A tenant that could not be read for so long is unknown, and said to be: people are about to look at it. */
export const longestDeferralMs = 4 * hourMs;

const shortestMs = 15_000;

/**
 * After how many milliseconds an audit tries again: never sooner than Microsoft 365 asked for, and the later the longer
 * it has been trying, so that a tenant that stays throttled costs some forty attempts and not hundreds. Undefined when
 * there is no time left for that.
 */
export function deferralMs({ ageMs, deferMs: deferMs, random }: DeferralInput): number | undefined {
  const wanted = Math.max(shortestMs, deferMs, ageMs / 8);
  const spread = Math.ceil(wanted * (1 + random / 8));
  return ageMs + spread > longestDeferralMs ? undefined : spread;
}
