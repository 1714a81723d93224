import type { Finding } from '../model/finding';
import type { ResourceRow } from '../model/verdict';
import type { Measurements } from '../telemetry/telemetry';
import type { AuditRun } from './compare';

/**
 * What an audit took and counted: `durationMs` in milliseconds, `requests` to Microsoft 365, `violations` of the finding,
 * and where rooms were looked at one by one, how many `rooms` there are and how many are compliant (`roomsCompliant`).
 */
export function measurementsOf(run: AuditRun, finding: Finding, now: Date): Measurements {
  return {
    durationMs: now.getTime() - run.checkedAt.getTime(),
    requests: run.requests,
    violations: finding.counts.violations,
    // When a later reading was kept in place of this one, the event is about that one.
    ...(finding.checkedAt === run.checkedAt.toISOString() ? roomsIn(run.evaluation.resources ?? []) : {}),
  };
}

/** Nothing where there is no room: that, too, is what a control says that could not read them. */
function roomsIn(rows: readonly ResourceRow[]): Measurements {
  const rooms = rows.filter(({ kind, verdict }) => kind === 'room' && verdict !== 'notApplicable');
  if (rooms.length === 0) return {};
  const roomsCompliant = rooms.filter(({ verdict }) => verdict === 'compliant').length;
  return { rooms: rooms.length, roomsCompliant };
}
