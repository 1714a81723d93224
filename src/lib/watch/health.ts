import { latestBelieved } from '../clock';
import type { FindingTable } from '../storage/findings';
import type { TargetTable } from '../storage/targets';
import { watchedSince } from './overdue';
import type { Staleness } from './staleness';

/** What tells whether the watch goes on. */
export interface HealthServices {
  targets: TargetTable;
  findings: FindingTable;
  staleness: Staleness;
  now: () => Date;
}

/** How long an answer holds: anyone may ask, and asking must not cost a scan of the table every time. */
const answerHoldsMs = 30_000;

/** Remembers for half a minute whether the watch goes on. */
export class HealthCheck {
  private answer: { at: number; healthy: Promise<boolean> } | undefined;

  constructor(private readonly services: HealthServices) {}

  /** False also when storage does not answer. */
  isHealthy(): Promise<boolean> {
    const now = this.services.now().getTime();
    // A clock that was set back must not make an answer hold until it has caught up.
    if (this.answer === undefined || Math.abs(now - this.answer.at) > answerHoldsMs) {
      this.answer = { at: now, healthy: isHealthy(this.services).catch(() => false) };
    }
    return this.answer.healthy;
  }
}

/**
 * Whether the watch goes on: storage answers, and something was verified lately, unless there is nothing to watch or
 * it was only just set up, or paused until now. Says nothing about the tenants.
 */
export async function isHealthy({ targets, findings, staleness, now }: HealthServices): Promise<boolean> {
  const moment = now();
  const limit = staleness.freshSince(moment);
  const watched = new Set<string>();
  let oldest: number | undefined;
  for await (const page of targets.all()) {
    for (const target of page) {
      if (target.paused) continue;
      watched.add(target.targetId);
      const since = watchedSince(target, moment);
      if (since !== undefined) oldest = Math.min(oldest ?? Infinity, Date.parse(since));
    }
  }
  if (watched.size === 0) return true;
  // Where nobody knows when they were put, they may have been there for long.
  if (oldest !== undefined && oldest >= limit.getTime()) return true;
  for await (const targetId of findings.targetsVerifiedBetween(limit, latestBelieved(moment))) {
    if (watched.has(targetId)) return true;
  }
  return false;
}
