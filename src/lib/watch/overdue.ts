import { hourMs } from '../durations';
import { isAhead, unknownTime } from '../clock';
import { isBelieved, nextNight } from '../audit/dispatch';
import { isReadable, type ListedTarget, type Watched } from '../model/target';
import { type ControlId, controlIds } from '../model/verdict';
import type { FindingStatus } from '../storage/findings';
import type { KeptNight, StateTable } from '../storage/state';
import type { Staleness } from './staleness';

/** So long after it is due a night is missed: timers may be late, and filling the queue takes a while. */
const missedAfterMs = 2 * hourMs;

/** So long the visits of a night may wait, behind others and for tenants that are busy. */
const longestNightMs = 8 * hourMs;

/** The part of a finding that tells how old it is. */
type Seen = Pick<FindingStatus, 'waived' | 'checkedAt' | 'verifiedAt'>;

/** What it takes to tell what is overdue. */
export interface OverdueServices {
  state: StateTable;
  staleness: Staleness;
}

/** Looks up what it takes to tell what is overdue at this moment. */
export async function readOverdue({ state, staleness }: OverdueServices, now: Date): Promise<Overdue> {
  return new Overdue(staleness, await state.nights(), now);
}

/** The nights of one control, in milliseconds. */
interface Nights {
  /** When the last one began that was dispatched; now where none is known: then it is waited for from here on. */
  began: number;
  /** When that one was due. */
  due: number;
  /** When the next one is due, or was. */
  next: number;
}

/**
 * Tells what is overdue: controls that were not verified in time, and nights that were not dispatched. The page, exports and
 * alerts go by it, so that they agree. What the next visit will settle is no reason for alarm: while a night is under way, and
 * when none has come at all, of which {@link missed} tells once and not for every target, findings are as old as they were
 * when it began or was due.
 */
export class Overdue {
  private readonly nights: ReadonlyMap<ControlId, Nights>;

  /** @param kept when nights were last dispatched, as the state table has it. */
  constructor(
    private readonly staleness: Staleness,
    kept: readonly KeptNight[],
    /** The moment in question. */
    readonly now: Date,
  ) {
    const { schedules } = staleness;
    this.nights = new Map(
      controlIds.map((id) => {
        const schedule = schedules[id];
        const last = kept.find((night) => night.control === id && isBelieved(night, schedule, now));
        const { at, due } = last ?? { at: now.toISOString(), due: now.toISOString() };
        const next = nextNight({ schedule, at }).getTime();
        return [id, { began: Date.parse(at), due: Date.parse(due), next }];
      }),
    );
  }

  /** Controls whose night has not come, though it was due long ago: their timers do not run. */
  get missed(): ControlId[] {
    return controlIds.filter((id) => this.now.getTime() - this.nightsOf(id).next > missedAfterMs);
  }

  /**
   * Whether a control has gone unverified for too long on a target, or nobody can look at it; never when the target is paused.
   * A control that never ran is counted from when the target was first looked after.
   */
  isStale(target: ListedTarget, control: ControlId, status: Seen | undefined): boolean {
    if (target.paused) return false;
    if (!isReadable(target)) return true;
    const age = this.momentFor(control, status) - Date.parse(this.seenAt(target, status));
    return age > this.staleness.limitMs(control);
  }

  /** What was last seen at this moment or later is not stale, whatever its control. */
  get freshSince(): Date {
    return this.staleness.freshSince(this.now);
  }

  /** What the staleness of a control is counted from: before everything where nobody knows. */
  seenAt(target: Watched, status: Seen | undefined): string {
    const since = watchedSince(target, this.now) ?? unknownTime;
    const seen = lastSeen(status, this.now) ?? unknownTime;
    return seen > since ? seen : since;
  }

  /** The moment at which the age of a finding counts. */
  private momentFor(control: ControlId, status: Seen | undefined): number {
    const now = this.now.getTime();
    const { began, due, next } = this.nightsOf(control);
    if (next <= now) return next;
    const isLookedAt = status !== undefined && Date.parse(status.checkedAt) >= began;
    return isLookedAt || now - began > longestNightMs ? now : due;
  }

  private nightsOf(control: ControlId): Nights {
    return this.nights.get(control) ?? { began: this.now.getTime(), due: this.now.getTime(), next: Infinity };
  }
}

/** Since when a target is looked after as it is now; undefined where nobody knows. */
export function watchedSince({ createdAt, watchedFrom }: Watched, now: Date): string | undefined {
  return [createdAt, watchedFrom]
    .filter((time) => time !== undefined && !isAhead(time, now))
    .sort()
    .at(-1);
}

/** When a control was last seen as it is. Null if never, and if that lies ahead. */
export function lastSeen(status: Seen | undefined, now: Date): string | null {
  // All that is unknown about an accepted one was looked at and accepted, so looking again is all that can be done.
  const seenAt = status?.waived === true ? status.checkedAt : (status?.verifiedAt ?? null);
  return seenAt === null || isAhead(seenAt, now) ? null : seenAt;
}
