import { control } from '../controls';
import type { AuditQueue } from '../storage/audit-queue';
import type { TargetTable } from '../storage/targets';
import type { Telemetry } from '../telemetry/telemetry';
import type { Conditions } from './conditions';

/** What it takes to tell of messages that failed. */
interface PoisonServices {
  queue: AuditQueue;
  targets: TargetTable;
}

/** Says of messages that failed five times that somebody has to look after them, and gives about how many there are. */
export async function reportPoison(
  { queue, targets }: PoisonServices,
  telemetry: Telemetry,
  conditions: Conditions,
): Promise<number> {
  const { count, messages } = await queue.peekPoison();
  for (const { messageId, visit, insertedAt } of messages) {
    const target = visit === null ? undefined : await targets.look(visit.targetId);
    // What is left of a visit: an event for each control, as for everything else.
    for (const id of visit?.controls ?? [undefined]) {
      telemetry.event('AuditPoisoned', {
        targetId: visit?.targetId ?? '',
        customerTenantId: target?.tenantId ?? '',
        control: id ?? '',
        verdict: 'unknown',
        severity: id === undefined ? '' : control(id).severity,
        waived: 'false',
        codes: '',
        messageId,
      });
      // Of a target that is gone or paused nobody has to audit anything.
      if (visit !== null && target?.paused !== false) continue;
      conditions.tell(
        {
          ...{ condition: 'poison', targetId: visit?.targetId ?? '', tenantId: target?.tenantId ?? '' },
          ...{ control: id, finding: undefined, since: insertedAt },
          words: visit === null ? 'A text in the poison queue is no message' : 'an audit failed five times',
        },
        target,
      );
    }
  }
  return count;
}
