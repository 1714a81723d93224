import { z } from 'zod';
import { control } from '../controls';
import { parseInput } from '../input';
import type { Log } from '../log';
import { ageOf, AuditMessage, type AuditQueue } from '../storage/audit-queue';
import type { Telemetry } from '../telemetry/telemetry';
import { type AuditServices, auditTarget, keep, runInTurn, type Turn } from './run';

export interface WorkServices extends Omit<AuditServices, 'log'> {
  queue: AuditQueue;
}

/** What the queue's trigger says beside the message. https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata */
const Delivery = z.object({ expirationTime: z.coerce.date() });

/**
 * Does what a queue message asks for. A message for a target that is gone is done. Doing one twice is harmless. When
 * the tenant wants to be left alone for a while, the message is put back for later, and nothing is recorded.
 * @param delivery metadata of the trigger; without it the audit waits in its place.
 * @throws when the message asks for nothing that is known, so that it ends in the poison queue.
 */
export async function work(
  given: WorkServices,
  telemetry: Telemetry,
  log: Log,
  message: unknown,
  delivery?: unknown,
): Promise<void> {
  const services = { ...given, log };
  const asked = understood(log, message);
  const { targetId, control: controlId, runId } = asked;
  const target = await services.targets.get(targetId);
  if (target === undefined) {
    log.info('The target of an audit message is gone', { targetId, control: controlId });
    return;
  }
  const { data: delivered } = Delivery.safeParse(delivery);
  if (delivered === undefined) {
    // Without its age a message could be put off for ever.
    await auditTarget(services, telemetry, target, [control(controlId)], runId);
    return;
  }
  const turn = await runInTurn(services, target, control(controlId), runId);
  const isPutOff = await putOff(services, asked, turn, delivered.expirationTime);
  if (!isPutOff) await keep(services, telemetry, turn.run);
}

function understood(log: Log, message: unknown): AuditMessage {
  try {
    return parseInput(AuditMessage, message);
  } catch (error) {
    log.error('An audit message could not be understood', { problem: (error as Error).message });
    throw new Error('An audit message could not be understood.', { cause: error });
  }
}

/** Puts the message of an audit that gave way to others back for later. False for one that was read, or has no time left. */
async function putOff(
  { queue, now, log }: WorkServices & { log: Log },
  message: AuditMessage,
  { heldUpMs }: Turn,
  expiresAt: Date,
): Promise<boolean> {
  if (heldUpMs === undefined) return false;
  const { targetId, control: controlId } = message;
  const delayMs = putOffMs({ ageMs: ageOf(expiresAt, now()), heldUpMs, random: Math.random() });
  if (delayMs === undefined) {
    log.warn('An audit was put off until there was no time left', { targetId, control: controlId });
    return false;
  }
  await queue.sendLater(message, delayMs, expiresAt, now());
  log.info('An audit is put off', { targetId, control: controlId, seconds: Math.ceil(delayMs / 1000) });
  return true;
}

/** An audit that had to give way, as far as trying again is concerned. */
export interface PutOffInput {
  /** How long ago it was put into the queue for the first time, in milliseconds. */
  ageMs: number;
  /** How long it would have had to wait, in milliseconds. */
  heldUpMs: number;
  /** A random number from 0 up to 1, so that many audits do not come back at the same moment. */
  random: number;
}

/** A tenant that could not be read for so long is unknown, and said to be: people are about to look at it. */
export const longestPutOffMs = 4 * 3_600_000;

const shortestMs = 15_000;

/**
 * After how many milliseconds an audit tries again: never sooner than Microsoft 365 asked for, and the later the longer
 * it has been trying, so that a tenant that stays throttled costs some forty attempts and not hundreds. Undefined when
 * there is no time left for that.
 */
export function putOffMs({ ageMs, heldUpMs, random }: PutOffInput): number | undefined {
  const wanted = Math.max(shortestMs, heldUpMs, ageMs / 8);
  const spread = Math.ceil(wanted * (1 + random / 8));
  return ageMs + spread > longestPutOffMs ? undefined : spread;
}
