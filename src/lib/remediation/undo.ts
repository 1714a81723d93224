import { readControl, requirementOf } from '../audit/reading';
import { control as controlOf } from '../controls';
import { observed } from '../controls/examine';
import { digest } from '../controls/plan';
import { NotFoundError, RefusedError } from '../errors';
import {
  type AppliedChange,
  type Author,
  type Remediation,
  type RepairResult,
  resultOf,
} from '../model/remediation';
import { type StoredTarget, subjectOf } from '../model/target';
import { refuse } from '../storage/unreadable';
import type { Telemetry } from '../telemetry/telemetry';
import { begin, existing, requireHeld, writersFor } from './apply';
import { withLease } from './exclusive';
import { GateRun, readingMs, isSame, type RemediationServices } from './gate';
import { filledIn } from './plan';
import { mayBeThere, undoneBy } from './undoable';

/**
 * Puts back what a remediation has changed, last change first. It is a remediation with a record of its own.
 * @throws {RefusedError} `undo.changed` when something is no longer as it was written, or has no way back, or the target
 *   is about something else now, and `undo.alreadyDone`. Nothing was changed then.
 */
export async function undoRemediation(
  services: RemediationServices,
  telemetry: Telemetry,
  targetId: string,
  remediationId: string,
  by: Author,
): Promise<RepairResult> {
  const target = await existing(services, targetId);
  const original = await services.remediations.get(targetId, remediationId);
  if (original === undefined)
    throw new NotFoundError(`There is no remediation ${remediationId} of ${targetId}.`);
  refuseIfMoved(target, original);
  const writers = writersFor(services, target);
  return withLease(services, telemetry, target, async (lease) => {
    await refuseIfDone(services, original);
    const control = controlOf(original.control);
    const tenant = services.tenants.open(target.tenantId, readingMs - lease.waitedMs)();
    const now = services.now();
    const { facts } = await readControl(tenant, control, target, now);
    const observe = (change: AppliedChange) => observed(control, facts, change, requirementOf(target, now));
    const changes = waysBack(await withoutOthers(services, original), observe);
    if (changes.length === 0) {
      const message = `Nothing of ${remediationId} can be put back: its changes have no way back, or were undone by hand.`;
      throw new RefusedError('undo.changed', message);
    }
    const undoing: Remediation = {
      ...begin(services, target, control, by, digest(JSON.parse(JSON.stringify(changes)))),
      undoes: remediationId,
      changes,
      manualSteps: [],
    };
    await requireHeld(lease, target);
    await services.remediations.create(undoing);
    const originals = new Map(original.changes.map((change) => [change.id, change]));
    const writer = lease.guard(writers.open(target.tenantId));
    const run = new GateRun(services, telemetry, {
      target,
      control,
      writer,
      remediation: undoing,
      include: [],
      seenAs: originals,
    });
    const isMade = await run.makeChanges();
    const { finding, reading } = await run.see((seen) => !isMade || run.areSeen(seen));
    const status = !isMade ? 'failed' : run.areSeen(reading) ? 'verified' : 'unverified';
    const ended = await run.end(status, finding, status === 'failed' ? run.whyStopped : problemOf(status));
    return resultOf(ended, finding);
  });
}

function problemOf(status: Remediation['status']): string | undefined {
  return status === 'unverified'
    ? 'Microsoft 365 accepted everything, and does not show it all yet.'
    : undefined;
}

/** What was changed is in another tenant, or belongs to another account. @throws {RefusedError} */
function refuseIfMoved(
  target: StoredTarget,
  { remediationId, tenantId, subject, startedAt }: Remediation,
): void {
  const isSame =
    subject === undefined
      ? tenantId === target.tenantId && Date.parse(startedAt) >= Date.parse(target.createdAt)
      : subject === digest(subjectOf(target));
  if (isSame) return;
  const message = `${target.targetId} was about another tenant, account, application or vendor when ${remediationId} was made, in tenant ${tenantId}. What that has changed can be put back there, by hand: its record has every value from before.`;
  throw new RefusedError('undo.changed', message);
}

async function refuseIfDone({ remediations }: RemediationServices, original: Remediation): Promise<void> {
  const { targetId, remediationId, undoes, changes } = original;
  if (undoes !== undefined) {
    throw new RefusedError(
      'undo.alreadyDone',
      `${remediationId} is itself the undoing of ${undoes}. Plan and apply again instead.`,
    );
  }
  if (!changes.some(mayBeThere)) {
    throw new RefusedError(
      'undo.alreadyDone',
      `${remediationId} has changed nothing that could be put back.`,
    );
  }
  const done = undoneBy(original, await remediations.undoing(targetId, remediationId));
  if (done !== undefined) {
    const message = `${remediationId} has been undone already, by ${done.remediationId}.`;
    throw new RefusedError('undo.alreadyDone', message, { remediationId: done.remediationId });
  }
}

/** The remediation without changes that another one has made since: whether this one had made them is not known, and those are its. */
async function withoutOthers(
  { remediations }: RemediationServices,
  original: Remediation,
): Promise<Remediation> {
  if (!original.changes.some(({ state }) => state === 'unknown')) return original;
  const theirs = new Set<string>();
  const later = remediations.range(
    new Date(original.startedAt),
    undefined,
    // One that cannot be understood may have made them.
    refuse,
    original.targetId,
  );
  for await (const { remediationId, undoes, changes } of later) {
    if (remediationId === original.remediationId || undoes !== undefined) continue;
    for (const { id, state } of changes) if (state === 'made') theirs.add(id);
  }
  const isOwn = ({ id, state }: AppliedChange) => state !== 'unknown' || !theirs.has(id);
  return { ...original, changes: original.changes.filter(isOwn) };
}

/** The changes turned round, last first, but for those without a way back. @throws {RefusedError} when one must not or cannot be. */
function waysBack(original: Remediation, observe: (change: AppliedChange) => unknown): AppliedChange[] {
  const made = original.changes.filter(mayBeThere).reverse();
  const results = new Map(original.changes.map(({ id, result }) => [id, result ?? {}]));
  return made.flatMap((change): AppliedChange[] => {
    // What has no way back stays, and keeps nothing else from being put back.
    if (change.undo === undefined) return [];
    const seen = observe(change);
    // An undo that failed in the middle has put some back already, and one that may have been made was not.
    if (isSame(seen, change.before)) return [];
    if (!isSame(seen, change.after)) {
      const message =
        seen === undefined
          ? `What "${change.description}" has changed cannot be read at the moment.`
          : `What "${change.description}" has changed was changed again since: it is ${JSON.stringify(seen)} and not ${JSON.stringify(change.after)}.`;
      throw new RefusedError('undo.changed', message, { change: change.id });
    }
    const request = filledIn(change.undo, results);
    if (request === undefined) {
      const message = `"${change.description}" cannot be put back: ${change.state === 'unknown' ? 'the answer that was lost would have told what that takes' : 'it did not tell what that takes'}. Do it by hand: it is there.`;
      throw new RefusedError('undo.changed', message, { change: change.id });
    }
    const { id, description, permission, before, after } = change;
    return [
      {
        ...{ id, description: `Undo: ${description}`, request, permission },
        ...{ before: after, after: before, state: 'notSent' },
      },
    ];
  });
}
