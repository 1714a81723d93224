import { control } from '../controls';
import { AuditMessage } from '../storage/audit-queue';
import type { Log } from '../log';
import type { Telemetry } from '../telemetry/telemetry';
import { type AuditServices, auditTarget } from './run';

/**
 * Does what a queue message asks for. A message for a target that is gone is done. Doing one twice is harmless.
 * @throws when the message asks for nothing that is known, so that it ends in the poison queue.
 */
export async function work(
  services: AuditServices,
  telemetry: Telemetry,
  log: Log,
  message: unknown,
): Promise<void> {
  const parsed = AuditMessage.safeParse(message);
  if (!parsed.success) {
    log.error('An audit message could not be understood', { problem: parsed.error.issues[0]?.message ?? '' });
    throw new Error('An audit message could not be understood.');
  }
  const { targetId, control: controlId, runId } = parsed.data;
  const target = await services.targets.get(targetId);
  if (target === undefined) {
    log.info('The target of an audit message is gone', { targetId, control: controlId });
    return;
  }
  await auditTarget(services, telemetry, target, [control(controlId)], runId);
}
