import { hourMs } from '../durations';
import type { ListedTarget } from '../model/target';
import { listOf } from '../controls/evaluation';
import { counted } from '../counted';
import { isRecentRound, roundHoldsMs } from '../report/overview';
import type { FindingTable } from '../storage/findings';
import type { StateTable } from '../storage/state';
import type { TargetTable } from '../storage/targets';
import { isHealthy } from '../watch/health';
import { type Overdue, watchedSince } from '../watch/overdue';
import type { Staleness } from '../watch/staleness';

/** A reason for which nobody is looking: then nothing that is not told is fine. */
export interface Blindness {
  kind: 'nights' | 'audits' | 'watchdog';
  sentence: string;
}

/** What it takes to tell whether anybody is looking. */
export interface BlindnessServices {
  targets: TargetTable;
  findings: FindingTable;
  state: StateTable;
  staleness: Staleness;
}

/**
 * Whether anybody is looking at these targets, of which there is at least one: by nights that have not come, by what was verified at all, and by whether the
 * watchdog, which tells what is stale, has looked.
 */
export async function readBlindness(
  services: BlindnessServices,
  watched: readonly ListedTarget[],
  overdue: Overdue,
): Promise<Blindness[]> {
  const { now } = overdue;
  const [verified, round] = await Promise.all([
    isHealthy({ ...services, now: () => now }),
    services.state.lastRound(),
  ]);
  return [
    ...missedNights(overdue),
    ...(verified ? [] : [nothingVerified(services.staleness)]),
    ...(isRecentRound(round, now) || areNew(watched, now) ? [] : [watchdogSilent]),
  ];
}

function missedNights({ missed }: Overdue): Blindness[] {
  if (missed.length === 0) return [];
  const sentence = `Nobody is looking: the night of ${counted(missed.length, 'control')} was due and has not come (${listOf(missed)}).`;
  return [{ kind: 'nights', sentence }];
}

function nothingVerified(staleness: Staleness): Blindness {
  const hours = Math.round(staleness.shortestMs / hourMs);
  const sentence = `Nobody is looking: nothing at all was verified within ${counted(hours, 'hour')}.`;
  return { kind: 'audits', sentence };
}

const watchdogSilent: Blindness = {
  kind: 'watchdog',
  sentence: 'Nobody is looking: the watchdog, which looks every hour, has not been heard for three hours.',
};

/** Whether there was no time for a round of the watchdog yet. Where nobody knows when they were put, they may have been there for long. */
function areNew(watched: readonly ListedTarget[], now: Date): boolean {
  const limit = now.getTime() - roundHoldsMs;
  return watched.every((target) => {
    const since = watchedSince(target, now);
    return since !== undefined && Date.parse(since) > limit;
  });
}
