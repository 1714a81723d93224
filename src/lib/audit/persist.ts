import { type Finding, violationCodes } from '../model/finding';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import type { AuditRun } from './audit-run';
import { measurementsOf } from './measurements';
import { record, type Records } from './record';

/** The tables that a run is kept in, and who is told of it. */
export interface PersistServices extends Records {
  /** Told of a control that has become compliant. */
  onCompliant?: (finding: Finding, telemetry: Telemetry) => Promise<void>;
}

/**
 * Keeps what the runs of one visit found, and says so. Gives what became of each, in their order: the finding that stands
 * now, or why it could not be kept. One that could not keeps no other from being kept.
 */
export async function persist(
  services: PersistServices,
  telemetry: Telemetry,
  runs: readonly AuditRun[],
): Promise<PromiseSettledResult<Finding>[]> {
  await learn(services, runs);
  const outcomes = await record(runs, services, telemetry);
  return Promise.allSettled(
    runs.map(async (run, index) => {
      const outcome = outcomes[index];
      if (outcome?.status !== 'fulfilled') throw outcome?.reason;
      await emit(services, telemetry, run, outcome.value);
      return outcome.value;
    }),
  );
}

/** As {@link persist}, for one run. @throws {TargetChangedError} when the target is no longer the one that was read. */
export async function persistOne(
  services: PersistServices,
  telemetry: Telemetry,
  run: AuditRun,
): Promise<Finding> {
  const [outcome] = await persist(services, telemetry, [run]);
  if (outcome?.status !== 'fulfilled') throw outcome?.reason;
  return outcome.value;
}

/** Keeps with the target what makes the next reading of it better. */
async function learn({ targets }: Records, runs: readonly AuditRun[]): Promise<void> {
  const [account] = runs.filter(({ evaluation }) => evaluation.serviceAccountId !== undefined);
  if (account !== undefined) {
    const { target, evaluation } = account;
    const { serviceAccountId: id, serviceAccountUpn: upn } = evaluation;
    if (id !== undefined && (id !== target.serviceAccountId || upn !== target.serviceAccountUpn))
      await targets.learnServiceAccountId(target, id, upn);
  }
  for (const { target, evaluation } of runs) {
    const { disputes } = evaluation;
    if (disputes !== undefined && JSON.stringify(disputes) !== JSON.stringify(target.disputes ?? []))
      await targets.learnDisputes(target, disputes);
  }
}

async function emit(
  services: PersistServices,
  telemetry: Telemetry,
  run: AuditRun,
  finding: Finding,
): Promise<void> {
  if (finding.verdict === 'compliant' && finding.since === finding.checkedAt) {
    await services.onCompliant?.(finding, telemetry);
  }
  const codes = violationCodes(finding.reasons);
  telemetry.event(
    'AuditCompleted',
    { ...findingProperties({ ...finding, codes }), at: finding.checkedAt, runId: finding.runId },
    measurementsOf(run, finding, services.now()),
  );
}
