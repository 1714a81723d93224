import * as z from 'zod';
import type { Control } from '../controls/control';
import type { Usage } from '../microsoft365/wire/retry-policy';
import type { Finding } from '../model/finding';
import type { ResourceRow } from '../model/verdict';
import type { Measurements } from '../telemetry/telemetry';
import type { AuditRun } from './audit-run';

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

/** So many ids are kept with the evidence. A list of ten thousand rooms takes hundreds of requests. */
const mostRequestIds = 100;

/**
 * Where evidence comes from, so that it can be followed to its source: which version of the control collected it and when,
 * and Microsoft's ids of the requests that were answered. Evidence of earlier versions lacks some of it.
 */
export const Provenance = z.object({
  controlVersion: z.number().nullable().catch(null),
  /** When the reading began, ISO 8601 in UTC; empty when it is not known. */
  collectedAt: z.string().catch(''),
  /** The first hundred. */
  requestIds: z.array(z.string()).catch([]),
  /** How many there are in all. */
  requestIdCount: z.number().catch(0),
});
export type Provenance = z.infer<typeof Provenance>;

/** The provenance of what a control has read, as a part of its evidence. */
export function provenanceOf(control: Control<unknown>, usage: Usage, collectedAt: Date): Provenance {
  const ids = [...new Set(usage.requestIds)];
  return {
    controlVersion: control.version,
    collectedAt: collectedAt.toISOString(),
    requestIds: ids.slice(0, mostRequestIds),
    requestIdCount: ids.length,
  };
}
