import { TargetChangedError } from '../errors';
import type { Finding } from '../model/finding';
import type { StoredTarget } from '../model/target';
import type { StoredWaiver } from '../model/waiver';
import { findingOf, type StoredFinding } from '../storage/findings';
import type { ResourceTable } from '../storage/resources';
import type { StoredTransition } from '../storage/schemas';
import type { TargetTable } from '../storage/targets';
import { sayIn } from '../storage/unreadable';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import type { AuditRun } from './audit-run';
import { compare } from './compare';
import { mend, type MendServices } from './mend';
import { type Judgement, judgementOf } from './pins';
import { RowsOfRun } from './resources';

export interface Records extends MendServices {
  targets: TargetTable;
  resources: ResourceTable;
  now: () => Date;
}

/** So many writers at once would be a fault elsewhere. */
const mostAttempts = 10;

/**
 * Keeps what a run found. A transition is written together with the finding, then to the history, then announced, and
 * only then struck off: whatever dies in between, the next run or the watchdog goes on from there.
 * @throws {TargetChangedError} when the target's definition is no longer the one that was audited.
 */
export async function record(found: AuditRun, records: Records, telemetry: Telemetry): Promise<Finding> {
  const { targetId } = found.target;
  const rows = new RowsOfRun(found, records);
  const told = sayIn(records.log);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const [target, kept, waiver] = await Promise.all([
      records.targets.get(targetId),
      records.findings.look(targetId, found.control.id),
      records.waivers.find(targetId, found.control.id, told),
    ]);
    const isLost = kept !== undefined && 'unreadable' in kept;
    if (isLost) told(kept.unreadable);
    // There is nothing to compare with, so what is found now is the first finding, in the place of what cannot be understood.
    const last = isLost ? undefined : kept;
    if (target === undefined || !isAudited(target, found)) {
      await rows.withdraw();
      throw new TargetChangedError(targetId);
    }
    // Looked at after what was read: nobody who was right can have dated that later.
    const now = records.now();
    const run = begunBy(now, found);
    // What a clock that ran ahead has written would stand in the way of this until its time has come.
    const mending = { now, moment: run.checkedAt, createdAt: target.createdAt };
    if (await mend(records, { finding: last, waiver }, mending)) continue;
    // A slower reading that began earlier must not overwrite a later one.
    if (last !== undefined && Date.parse(last.checkedAt) >= run.checkedAt.getTime()) {
      return findingOf(await rows.giveWayTo(last));
    }

    for (const transition of kept?.pending ?? []) await records.history.add(transition);
    const judged = { ...run, waiver };
    // There may be a hundred thousand pins: once is enough.
    const judgement = judgementOf(judged);
    const next = compare(judged, last, judgement);
    const replaced = await rows.write(next, last);
    if (replaced === 'overtaken') continue;
    const etag = isLost
      ? await records.findings.putOver(next, kept)
      : await records.findings.put(next, replaced);
    if (etag === undefined) continue;
    // Whoever changes a target removes its findings afterwards, and may have done so just before this first one came.
    if (last === undefined && !isAudited(await records.targets.get(targetId), run)) {
      await records.findings.delete(targetId, run.control.id);
      await rows.withdraw();
      throw new TargetChangedError(targetId);
    }
    const stored = { ...next, etag };
    if (waiver !== undefined && judgement !== undefined) await shrink(waiver, judgement, records);
    if (stored.pending.length > 0) await announce(stored, records, telemetry);
    return findingOf(stored);
  }
  throw new Error(`The finding ${found.control.id} of ${targetId} is being written by too many at once.`);
}

/** A reading has begun before it has ended, whatever the clock said: it may have been put right in between. */
function begunBy(now: Date, run: AuditRun): AuditRun {
  return run.checkedAt > now ? { ...run, checkedAt: now } : run;
}

/** Takes what has gone out of the waiver. Should that get lost, the next run does it. */
async function shrink(waiver: StoredWaiver, { left }: Judgement, { waivers }: Records): Promise<void> {
  if (left.size < waiver.pins.size) await waivers.shrink(waiver, left);
}

/** Whether the target still has the definition that was audited. */
function isAudited(target: StoredTarget | undefined, run: AuditRun): boolean {
  return target?.updatedAt === run.target.updatedAt;
}

/**
 * Puts a finding's pending transitions into the history, announces them, and strikes them off. Safe to repeat.
 * Gives false when the announcement did not arrive, which the log says: then they stay for the next run or the watchdog.
 */
export async function announce(
  finding: StoredFinding,
  records: Records,
  telemetry: Telemetry,
): Promise<boolean> {
  for (const transition of finding.pending) {
    await records.history.add(transition);
    telemetry.event('ComplianceTransition', transitionProperties(transition));
  }
  try {
    await telemetry.flush();
  } catch {
    // An outage of Application Insights must not keep findings from being recorded.
    return false;
  }
  // Someone else may have done the same meanwhile, or written a newer finding: both are fine.
  await records.findings.put({ ...finding, pending: [] }, finding);
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
