import type { FindingTable, StoredFinding } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import type { StoredTransition } from '../storage/schemas';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';

/**
 * Puts the pending transitions of a target's findings into the history, announces them, and strikes them off. Safe to repeat.
 * Gives false when the announcement did not arrive, which the log says: then they stay for the next run or the watchdog.
 * @throws what kept one of them from being written: they stay then as well.
 */
export async function announce(
  findings: readonly StoredFinding[],
  records: { findings: FindingTable; history: HistoryTable },
  telemetry: Telemetry,
): Promise<boolean> {
  const transitions = findings.flatMap(({ pending }) => pending);
  if (transitions.length === 0) return true;
  await records.history.add(...transitions);
  for (const transition of transitions)
    telemetry.event('ComplianceTransition', transitionProperties(transition));
  try {
    await telemetry.flush();
  } catch {
    // An outage of Application Insights must not keep findings from being recorded.
    return false;
  }
  // Someone else may have done the same meanwhile, or written a newer finding: both are fine.
  const announced = findings.filter(({ pending }) => pending.length > 0);
  const outcomes = await records.findings.putAll(
    announced.map(({ etag: over, ...finding }) => ({ finding: { ...finding, pending: [] }, over })),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return true;
}

function transitionProperties(transition: StoredTransition): Record<string, string> {
  return {
    ...findingProperties(transition),
    at: transition.at,
    transitionId: transition.transitionId,
    previousVerdict: transition.previousVerdict ?? '',
    resumed: String(transition.resumed),
  };
}
