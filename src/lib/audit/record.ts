import { TargetChangedError } from '../errors';
import type { Finding } from '../model/finding';
import type { StoredTarget } from '../model/target';
import type { ControlId } from '../model/verdict';
import type { StoredWaiver } from '../model/waiver';
import { findingOf, statusOf, type StoredFinding, type UnreadableFinding } from '../storage/findings';
import { isRepeatedAlike } from '../storage/repeated-statuses';
import type { ResourceTable } from '../storage/resources';
import type { TargetTable } from '../storage/targets';
import { sayIn } from '../storage/unreadable';
import type { Telemetry } from '../telemetry/telemetry';
import { announce } from './announce';
import type { AuditRun } from './audit-run';
import { compare, type NextFinding } from './compare';
import { mend, type MendServices } from './mend';
import { type Judgement, judgementOf } from './pins';
import { RowsOfRun } from './resources';

/** The tables that a run is kept in. */
export interface Records extends MendServices {
  targets: TargetTable;
  resources: ResourceTable;
  now: () => Date;
}

/** So many writers at once would be a fault elsewhere. */
const mostAttempts = 10;

/** What became of a run: the finding that stands now, or why it could not be kept. */
type Outcome = PromiseSettledResult<Finding>;

/**
 * Keeps what the runs of one visit found. A transition is written together with its finding, then to the history, then
 * announced, and only then struck off: whatever dies in between, the next run or the watchdog goes on from there. All findings
 * are written in one transaction. One that was overtaken is compared and written again; one that cannot be kept, because
 * the target's definition is no longer the one that was audited, say, keeps no other from being kept.
 * @param found runs of one target, at most one of each control.
 * @returns what became of each, in their order; {@link TargetChangedError} as the reason where that is so.
 */
export async function record(
  found: readonly AuditRun[],
  records: Records,
  telemetry: Telemetry,
): Promise<Outcome[]> {
  const recordings = found.map((run) => new Recording(run, records));
  const written: StoredFinding[] = [];
  let left = recordings;
  for (let attempt = 0; attempt < mostAttempts && left.length > 0; attempt++) {
    const baseline = await readBaseline(left, records);
    await prepareEach(left, baseline);
    if (await repeatChanges(left, baseline, records)) written.push(...(await writeTogether(left, records)));
    left = left.filter(({ outcome }) => outcome === undefined);
  }
  await announce(written, records, telemetry);
  return recordings.map((recording) => recording.outcome ?? recording.givenUp);
}

/** What the runs of a target are compared with. */
interface Baseline {
  target: StoredTarget | undefined;
  findings: ReadonlyMap<ControlId, StoredFinding | UnreadableFinding>;
  waivers: ReadonlyMap<ControlId, StoredWaiver>;
}

/** Read after Microsoft 365, and again whenever a write was overtaken: what lies long ago would be overtaken more often. */
async function readBaseline(recordings: readonly Recording[], records: Records): Promise<Baseline> {
  const controls = recordings.map(({ controlId }) => controlId);
  const targetId = recordings[0]?.targetId ?? '';
  const [target, findings, waivers] = await Promise.all([
    records.targets.get(targetId),
    records.findings.lookAll(targetId, controls),
    records.waivers.findAll(targetId, controls, sayIn(records.log)),
  ]);
  return { target, findings, waivers };
}

/** Prepares each of them; what goes wrong with one is its own affair. */
async function prepareEach(recordings: readonly Recording[], baseline: Baseline): Promise<void> {
  const prepared = await Promise.allSettled(recordings.map((recording) => recording.prepare(baseline)));
  for (const [index, outcome] of prepared.entries())
    if (outcome.status === 'rejected') recordings[index]?.fail(outcome.reason);
}

/**
 * Has the target's row repeat what has changed, before that is kept: whatever dies in between, the row says what was read. Gives
 * false where somebody else has written to the row since it was read: then all of it has to be prepared again.
 */
async function repeatChanges(
  recordings: readonly Recording[],
  { target, findings }: Baseline,
  { targets }: Records,
): Promise<boolean> {
  const changed = recordings.flatMap(({ draft, controlId }) => {
    if (draft === undefined) return [];
    const status = statusOf(draft.finding);
    const last = findings.get(controlId);
    const isAlike = last !== undefined && !('unreadable' in last) && isRepeatedAlike(statusOf(last), status);
    return isAlike ? [] : [status];
  });
  if (target === undefined || changed.length === 0) return true;
  return (await targets.repeat(target, changed)) !== undefined;
}

/** Writes what is prepared, and gives what was written. */
async function writeTogether(recordings: readonly Recording[], records: Records): Promise<StoredFinding[]> {
  const prepared = recordings.flatMap((recording) => recording.draft ?? []);
  const outcomes = await records.findings.putAll(prepared);
  const isFirst = prepared.some(({ over }, index) => over === undefined && isWritten(outcomes[index]));
  // Whoever changes a target removes its findings afterwards, and may have done so just before a first one came.
  const target = isFirst ? await records.targets.get(prepared[0]?.finding.targetId ?? '') : undefined;
  const written = await Promise.all(
    prepared.map(({ recording }, index) => recording.settle(outcomes[index], target)),
  );
  return written.flatMap((finding) => finding ?? []);
}

function isWritten(outcome: PromiseSettledResult<string | undefined> | undefined): boolean {
  return outcome?.status === 'fulfilled' && outcome.value !== undefined;
}

/** A finding that is about to be written, and what it is compared with. */
interface Draft {
  recording: Recording;
  finding: NextFinding;
  /** The etag of what it is to replace; undefined for a first finding. */
  over: string | undefined;
  waiver: StoredWaiver | undefined;
  judgement: Judgement | undefined;
}

/** One run on its way into the tables. */
class Recording {
  readonly targetId: string;
  readonly controlId: ControlId;
  /** What became of it, once that is certain. */
  outcome: Outcome | undefined;
  /** What is to be written next, if anything. */
  draft: Draft | undefined;
  private readonly rows: RowsOfRun;

  constructor(
    private readonly found: AuditRun,
    private readonly records: Records,
  ) {
    this.targetId = found.target.targetId;
    this.controlId = found.control.id;
    this.rows = new RowsOfRun(found, records);
  }

  /** Compares the run with what there is, and writes its rows. Leaves a draft, or an outcome, or neither: then it has to be read again. */
  async prepare({ target, findings, waivers }: Baseline): Promise<void> {
    const { records, rows } = this;
    this.draft = undefined;
    const kept = findings.get(this.controlId);
    const waiver = waivers.get(this.controlId);
    const isLost = kept !== undefined && 'unreadable' in kept;
    if (isLost) sayIn(records.log)(kept.unreadable);
    // There is nothing to compare with, so what is found now is the first finding, in the place of what cannot be understood.
    const last = isLost ? undefined : kept;
    if (!this.isAudited(target)) throw await this.withdrawn();
    // Looked at after what was read: nobody who was right can have dated that later.
    const now = records.now();
    const run = begunBy(now, this.found);
    // What a clock that ran ahead has written would stand in the way of this until its time has come.
    const mending = { now, moment: run.checkedAt, createdAt: target?.createdAt };
    if (await mend(records, { finding: last, waiver }, mending)) return;
    // A slower reading that began earlier must not overwrite a later one.
    if (last !== undefined && Date.parse(last.checkedAt) >= run.checkedAt.getTime()) {
      this.end(await rows.giveWayTo(last));
      return;
    }

    if (kept !== undefined && kept.pending.length > 0) await records.history.add(...kept.pending);
    const judged = { ...run, waiver };
    // There may be a hundred thousand pins: once is enough.
    const judgement = judgementOf(judged);
    const finding = compare(judged, last, judgement);
    const replaced = await rows.write(finding, last);
    if (replaced === 'overtaken') return;
    const over = isLost ? kept.etag : replaced?.etag;
    this.draft = { recording: this, finding, over, waiver, judgement };
  }

  /** Takes note of what became of the draft: gives the finding that was written, if it was. */
  async settle(
    outcome: PromiseSettledResult<string | undefined> | undefined,
    target: StoredTarget | undefined,
  ): Promise<StoredFinding | undefined> {
    const { draft } = this;
    this.draft = undefined;
    try {
      if (outcome?.status === 'rejected') throw outcome.reason;
      const etag = outcome?.value;
      if (draft === undefined || etag === undefined) return undefined;
      return await this.written(draft, etag, target);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private async written(
    { finding, over, waiver, judgement }: Draft,
    etag: string,
    target: StoredTarget | undefined,
  ): Promise<StoredFinding> {
    const { records } = this;
    if (over === undefined && !this.isAudited(target)) {
      await records.findings.delete(this.targetId, this.controlId);
      throw await this.withdrawn();
    }
    if (waiver !== undefined && judgement !== undefined) await shrink(waiver, judgement, records);
    const stored = { ...finding, etag };
    this.end(stored);
    return stored;
  }

  /** It cannot be kept. */
  fail(reason: unknown): void {
    this.outcome = { status: 'rejected', reason };
  }

  /** What is left to say where others wrote at the same time again and again. */
  get givenUp(): Outcome {
    const message = `The finding ${this.controlId} of ${this.targetId} is being written by too many at once.`;
    return { status: 'rejected', reason: new Error(message) };
  }

  private end(stored: StoredFinding): void {
    this.outcome = { status: 'fulfilled', value: findingOf(stored) };
  }

  /** Takes back what was written about a target that is now another one, or gone. Gives why it cannot be kept. */
  private async withdrawn(): Promise<TargetChangedError> {
    await this.rows.withdraw();
    return new TargetChangedError(this.targetId);
  }

  /** Whether the target still has the definition that was audited. */
  private isAudited(target: StoredTarget | undefined): boolean {
    return target?.updatedAt === this.found.target.updatedAt;
  }
}

/** A reading has begun before it has ended, whatever the clock said: it may have been put right in between. */
function begunBy(now: Date, run: AuditRun): AuditRun {
  return run.checkedAt > now ? { ...run, checkedAt: now } : run;
}

/** Takes what has gone out of the waiver. Should that get lost, the next run does it. */
async function shrink(waiver: StoredWaiver, { left }: Judgement, { waivers }: Records): Promise<void> {
  if (left.size < waiver.pins.size) await waivers.shrink(waiver, left);
}
