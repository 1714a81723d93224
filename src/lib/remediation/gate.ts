import { randomBytes } from 'node:crypto';
import { manualRunId } from '../audit/dispatch';
import { readOrFault, type ControlReading, requirementOf } from '../audit/reading';
import { persistOne } from '../audit/persist';
import type { AuditServices } from '../audit/run';
import { control as controlOf } from '../controls';
import type { Control, Requirement } from '../controls/control';
import { observed } from '../controls/examine';
import { digest } from '../controls/plan';
import { RefusedError } from '../errors';
import { Budget, realTimers, type Timers } from '../microsoft365/wire/retry';
import type { Writers } from '../microsoft365/writer';
import { type Finding, violationCodes } from '../model/finding';
import type { PlanOption, Change } from '../model/plan';
import type { AppliedChange, Remediation, RemediationStatus } from '../model/remediation';
import type { StoredTarget } from '../model/target';
import { EndedError, type RemediationTable } from '../storage/remediations';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import type { LeasedWriter, LeaseServices } from './lease';
import { type Endpoints, filledIn } from './plan';
import { type Outcome, sendChange } from './send';

/** Everything that a remediation needs. */
export interface RemediationServices extends AuditServices, LeaseServices {
  remediations: RemediationTable;
  /** Absent when there is no identity that writes. */
  writers: Writers | undefined;
  endpoints: Endpoints;
  /** The most changes that one plan may apply. */
  maxChanges: number;
}

/**
 * A call answers within 200 s: this long for reading the ground, for the changes, for finding out about those whose answer
 * was lost, and for seeing what they came to.
 */
export const readingMs = 55_000;
const changesMs = 50_000;
const findingOutMs = 20_000;
const seeingMs = 60_000;

/** How long to wait before each look at the tenant, in milliseconds: changes spread in their own time. */
const looks = [0, 1000, 2000, 4000, 8000, 15_000, 29_000];

/** Random, so that two that begin at once have names of their own. */
export function randomSuffix(): string {
  return randomBytes(4).toString('hex');
}

/** What one run through the gate is about. */
export interface GateTask {
  target: StoredTarget;
  control: Control<unknown>;
  /** Writes as long as the lease is held, and no longer. */
  writer: LeasedWriter;
  /** As it was recorded before anything was sent. */
  remediation: Remediation;
  /** What the plan took on beside what is missing. */
  include: readonly PlanOption[];
  /**
   * What a change is recognised by, where that is not itself: undoing one is seen as the change that it turns round.
   * @default none
   */
  seenAs?: ReadonlyMap<string, Change>;
}

/** One run through the gate: sends changes one after the other, writes down each step, and looks at what came of it. */
export class GateRun {
  private readonly timers: Timers;
  private remediation: Remediation;
  readonly requirement: Requirement;

  constructor(
    private readonly services: RemediationServices,
    private readonly telemetry: Telemetry,
    private readonly task: GateTask,
  ) {
    this.timers = services.timers ?? realTimers;
    this.remediation = task.remediation;
    this.requirement = { ...requirementOf(task.target, services.now()), include: task.include };
  }

  /**
   * Makes the changes in their order. Each is written down before it is sent and after it was answered; one that fails
   * stops the rest.
   */
  async makeChanges(): Promise<boolean> {
    const budget = new Budget(changesMs, this.timers);
    const inAll = new Budget(changesMs + findingOutMs, this.timers);
    for (const { id } of this.remediation.changes) {
      const outcome = await this.makeChange(id, budget, inAll);
      if (outcome !== 'made') return false;
    }
    return true;
  }

  private async makeChange(id: string, budget: Budget, inAll: Budget): Promise<AppliedChange['state']> {
    const change = this.change(id);
    const request = filledIn(change.request, this.results());
    if (request === undefined) {
      const problem =
        'An earlier change did not tell what this one needs. Plan again, and apply what is left.';
      return this.note(id, { state: 'failed', problem });
    }
    await this.note(id, { state: 'sent' });
    const outcome = await sendChange(this.task.writer, request, change.permission, budget);
    if (outcome.kind === 'unclear') return this.note(id, await this.findOut(change, outcome, inAll));
    return this.note(id, { ...answered(outcome, this.services.now()), state: outcome.kind });
  }

  /**
   * The answer was lost: a tenant that shows the change tells that it was made. One that does not tells nothing for
   * certain, because changes spread in their own time.
   */
  private async findOut(
    change: AppliedChange,
    outcome: Outcome,
    inAll: Budget,
  ): Promise<Partial<AppliedChange>> {
    const budget = new Budget(Math.min(findingOutMs, Math.max(0, inAll.remaining)), this.timers);
    for (const [index, wait] of looks.entries()) {
      if (index > 0 && wait >= budget.remaining) break;
      await budget.sleep(wait);
      const { facts } = await this.read(Math.max(1000, budget.remaining));
      if (isSame(this.observe(facts, change), change.after))
        return { ...answered(outcome, this.services.now()), state: 'made' };
    }
    return { ...answered(outcome, this.services.now()), state: 'unknown' };
  }

  /**
   * Looks at the tenant until it shows what it should, or patience ends. `isThere` is asked of each reading; every
   * reading is kept as an audit is.
   * @throws when the readings cannot be kept.
   */
  async see(
    isThere: (reading: ControlReading) => boolean,
  ): Promise<{ isSeen: boolean; finding: Finding; reading: ControlReading }> {
    const budget = new Budget(seeingMs, this.timers);
    for (const [index, wait] of looks.entries()) {
      await budget.sleep(wait);
      const reading = await this.read(Math.max(1000, budget.remaining));
      const isSeen = isThere(reading);
      const isLast = index === looks.length - 1 || budget.remaining < (looks[index + 1] ?? 0);
      if (isSeen || isLast) return { isSeen, reading, finding: await this.persist(reading) };
    }
    throw new Error('There was no time to look at the tenant.');
  }

  /** What stopped the changes, once one did. */
  get whyStopped(): string {
    const isOpen = this.remediation.changes.some(({ state }) => state === 'unknown');
    return isOpen
      ? 'Whether a change was made could not be found out, and the rest was not sent.'
      : 'A change failed, and the rest was not sent.';
  }

  /** Whether every change is seen as it was made. */
  areSeen({ facts }: ControlReading): boolean {
    return this.remediation.changes.every((change) => isSame(this.observe(facts, change), change.after));
  }

  private observe(facts: unknown, change: Change): unknown {
    const { control, seenAs } = this.task;
    return observed(control, facts, seenAs?.get(change.id) ?? change, this.requirement);
  }

  /** Ends the remediation, and says so. */
  async end(status: RemediationStatus, finding: Finding, problem?: string): Promise<Remediation> {
    await this.write({
      status,
      endedAt: this.services.now().toISOString(),
      ...(problem === undefined ? {} : { problem }),
    });
    announceRemediation(this.telemetry, this.remediation, finding);
    return this.remediation;
  }

  private read(milliseconds: number): Promise<ControlReading> {
    const { target, control } = this.task;
    const open = this.services.tenants.open(target.tenantId, milliseconds);
    return readOrFault(open(), control, target, this.services.now(), this.services.log);
  }

  private persist(reading: ControlReading): Promise<Finding> {
    const { target, control } = this.task;
    return persistOne(this.services, this.telemetry, {
      target,
      control,
      runId: manualRunId(this.services.now()),
      ...reading,
    });
  }

  private change(id: string): AppliedChange {
    const change = this.remediation.changes.find((candidate) => candidate.id === id);
    if (change === undefined) throw new Error(`There is no change ${id}.`);
    return change;
  }

  private results(): Map<string, Record<string, string>> {
    return new Map(this.remediation.changes.map(({ id, result }) => [id, result ?? {}]));
  }

  private async note(id: string, news: Partial<AppliedChange>): Promise<AppliedChange['state']> {
    const changes = this.remediation.changes.map((change) =>
      change.id === id ? { ...change, ...news } : change,
    );
    await this.write({ changes });
    return this.change(id).state;
  }

  private async write(news: Partial<Remediation>): Promise<void> {
    this.remediation = { ...this.remediation, ...news };
    const { remediationId } = this.remediation;
    try {
      await this.services.remediations.update(this.remediation);
    } catch (error) {
      if (!(error instanceof EndedError)) throw error;
      const message = `The remediation ${remediationId} had lost its lease, and another one has closed it. Plan again: the new plan holds what is left.`;
      throw new RefusedError('remediation.interrupted', message, { remediationId });
    }
  }
}

function answered({ requestId, result, problem }: Outcome, now: Date): Partial<AppliedChange> {
  return {
    answeredAt: now.toISOString(),
    ...(requestId === undefined ? {} : { requestId }),
    ...(result === undefined ? {} : { result }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Whether two values are the same as JSON; nothing is the same as what could not be read. */
export function isSame(seen: unknown, expected: unknown): boolean {
  return seen !== undefined && digest(seen) === digest(expected);
}

/** Stands in for the finding where the control was never audited, or the target is gone. */
const never = { verdict: 'unknown' as const, waived: false, reasons: [] };

/** Says how a remediation ended, with where the finding stands. */
export function announceRemediation(
  telemetry: Telemetry,
  remediation: Remediation,
  finding: Finding | undefined,
): void {
  const { targetId, tenantId, remediationId, status, undoes, by, changes, endedAt } = remediation;
  const { id, severity } = controlOf(remediation.control);
  const { verdict, waived, reasons } = finding ?? never;
  telemetry.event(
    'RemediationCompleted',
    {
      ...findingProperties({
        ...{ targetId, tenantId, control: id, severity, verdict, waived },
        codes: violationCodes(reasons),
      }),
      remediationId,
      status,
      undoes: undoes ?? '',
      by: by.objectId,
      at: endedAt ?? '',
    },
    { changes: changes.length },
  );
}
