import { hourMs } from '../durations';
import type { ControlId } from '../model/verdict';
import { longestIntervalMs } from '../schedule';

/** When findings count as stale. */
export class Staleness {
  constructor(
    private readonly staleAfterHours: number,
    /** NCRONTAB, by control. */
    readonly schedules: Readonly<Record<ControlId, string>>,
  ) {}

  /** How long a control's finding may stay unverified: for one with a longer interval, that plus two hours. */
  limitMs(control: ControlId): number {
    const interval = longestIntervalMs(this.schedules[control]);
    const limit = this.staleAfterHours * hourMs;
    return interval > limit ? interval + 2 * hourMs : limit;
  }

  /** The shortest of all limits: within it something must have been verified. */
  get shortestMs(): number {
    return Math.min(...(Object.keys(this.schedules) as ControlId[]).map((control) => this.limitMs(control)));
  }

  /** What was last seen before this has gone without verification for longer than the shortest limit. */
  freshSince(now: Date): Date {
    return new Date(now.getTime() - this.shortestMs);
  }
}
