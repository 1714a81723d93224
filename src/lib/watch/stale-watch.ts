import { isAhead } from '../clock';
import { control } from '../controls';
import { controlIds } from '../model/verdict';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import { type Conditions, never } from './conditions';
import type { Overdue } from './overdue';
import type { TargetStatus } from './target-status';

/** Says what somebody has to look after because it is stale, and gives how many there are. */
export function tellStale(
  conditions: Conditions,
  overdue: Overdue,
  { target, statuses }: TargetStatus,
): number {
  const stale = staleIn(overdue, { target, statuses });
  for (const { id, status, since } of stale) {
    const { targetId, tenantId } = target;
    conditions.tell(
      {
        ...{ condition: 'unverified', targetId, tenantId, control: id, finding: status, since },
        words: 'it was not verified in time',
      },
      target,
    );
  }
  return stale.length;
}

/** Notes what was not verified in time, and since when, as an event for each control. */
export function reportStale(
  telemetry: Telemetry,
  overdue: Overdue,
  { target, statuses }: TargetStatus,
): void {
  for (const { id, status, since } of staleIn(overdue, { target, statuses })) {
    const { targetId, tenantId } = target;
    const { severity } = control(id);
    const { verifiedAt = null } = status ?? {};
    telemetry.event('AuditStale', {
      ...findingProperties({ ...(status ?? never), targetId, tenantId, control: id, severity }),
      verifiedAt: verifiedAt === null || isAhead(verifiedAt, overdue.now) ? '' : verifiedAt,
      at: since,
    });
  }
}

function staleIn(overdue: Overdue, { target, statuses }: TargetStatus) {
  return controlIds.flatMap((id) => {
    const status = statuses.find((candidate) => candidate.control === id);
    return overdue.isStale(target, id, status) ? [{ id, status, since: overdue.seenAt(target, status) }] : [];
  });
}
