import { z } from 'zod';
import { control } from '../controls';
import { parseInput } from '../input';
import { ageOf, AuditMessage, type AuditQueue } from '../storage/audit-queue';
import type { Log } from '../log';
import type { Telemetry } from '../telemetry/telemetry';
import { putOffMs } from './put-off';
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
