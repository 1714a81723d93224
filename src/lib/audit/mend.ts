import { isAfter } from '../clock';
import type { Log } from '../log';
import type { StoredWaiver } from '../model/waiver';
import type { FindingStatus, FindingTable, StoredFinding } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import { sayIn } from '../storage/unreadable';
import type { WaiverTable } from '../storage/waivers';
import { Provenance } from './measurements';

/** What a clock that runs ahead has dated is put right by whoever comes next with a clock that does not. */
export interface MendServices {
  findings: FindingTable;
  history: HistoryTable;
  waivers: WaiverTable;
  log: Log;
}

/** What is known of a finding's time, beside what it says. */
export interface Mending {
  /** What is later than this is not believed. */
  now: Date;
  /** What it becomes where nothing better is known: not after now. */
  moment: Date;
  /** When the target was first put, if that is known. */
  createdAt: string | undefined;
}

/** The times by which a finding is compared, counted as old, and shown. */
type Dated = Pick<FindingStatus, 'checkedAt' | 'verifiedAt' | 'since' | 'changedAt'>;

/** Whether any time of a finding is later than this moment. */
export function isDatedAfter({ checkedAt, verifiedAt, since, changedAt }: Dated, moment: Date): boolean {
  return [checkedAt, verifiedAt, since, changedAt].some((time) => time !== null && isAfter(time, moment));
}

/** What is kept of a control on a target. */
interface Kept {
  finding: StoredFinding | undefined;
  waiver?: StoredWaiver | undefined;
}

/**
 * Puts right what is dated later than now, and says so. Gives whether there was anything: then all of it has to be read
 * again, because it was written, or someone else has been faster.
 */
export async function mend(
  services: MendServices,
  { finding, waiver }: Kept,
  mending: Mending,
): Promise<boolean> {
  const isFindingAhead = finding !== undefined && isDatedAfter(finding, mending.now);
  if (isFindingAhead) await mendFinding(services, finding, mending);
  const isWaiverAhead = waiver !== undefined && isAfter(waiver.createdAt, mending.now);
  if (isWaiverAhead) await mendWaiver(services, waiver, mending);
  return isFindingAhead || isWaiverAhead;
}

/** What it found stays, so nothing has changed for anybody. */
async function mendFinding(
  { findings, history, log }: MendServices,
  last: StoredFinding,
  mending: Mending,
): Promise<void> {
  const { targetId, control, checkedAt, verifiedAt, since, changedAt } = last;
  // All of them first, so that those that wait are redated with the others.
  await history.add(...last.pending);
  const times = await history.redate(targetId, control, mending.now, mending.moment, sayIn(log));
  // Someone else may have been faster.
  if ((await findings.put(mended(last, mending, times), last)) === undefined) return;
  log.warn('The times of a finding lay ahead of the clock and were put right', {
    ...{ targetId, control, now: mending.now.toISOString() },
    ...{ checkedAt, verifiedAt, since, changedAt },
  });
}

/** One that seems to be younger than every reading would go on accepting what has long gone. */
async function mendWaiver(
  { waivers, log }: MendServices,
  waiver: StoredWaiver,
  { now, moment }: Mending,
): Promise<void> {
  const { targetId, control, createdAt } = waiver;
  await waivers.redate(waiver, moment.toISOString());
  const fields = { targetId, control, now: now.toISOString(), createdAt };
  log.warn('The time of an accepted risk lay ahead of the clock and was put right', fields);
}

/** An audit has ended after so long, or was ended: none that is under way has begun earlier. */
const longestAuditMs = 10 * 60_000;

/**
 * A finding with no time later than now. That it was looked at cannot be dated any more, so it goes back to the last
 * time that is believed: as old as that it is stale, and never fresh for too long. What it found was there at the moment
 * at the latest. Pure.
 */
function mended(
  last: StoredFinding,
  { now, moment, createdAt }: Mending,
  times: ReadonlyMap<string, string>,
): Omit<StoredFinding, 'etag'> {
  const { etag, ...finding } = last;
  const { known } = finding;
  const atMoment = (time: string) => (isAfter(time, now) ? moment.toISOString() : time);
  const lastOf = (...candidates: (string | null | undefined)[]) =>
    candidates
      .filter((time) => typeof time === 'string' && !isAfter(time, new Date(moment.getTime() - 1)))
      .sort()
      .at(-1);
  const verifiedAt =
    finding.verifiedAt !== null && isAfter(finding.verifiedAt, now)
      ? (lastOf(known?.since, createdAt) ?? null)
      : finding.verifiedAt;
  const longAgo = new Date(moment.getTime() - longestAuditMs).toISOString();
  const { collectedAt } = Provenance.parse(finding.evidence);
  return {
    ...finding,
    ...(isAfter(collectedAt, now) ? { evidence: { ...finding.evidence, collectedAt: '' } } : {}),
    checkedAt: isAfter(finding.checkedAt, now)
      ? (lastOf(verifiedAt, finding.since, known?.since, createdAt) ?? longAgo)
      : finding.checkedAt,
    verifiedAt,
    since: atMoment(finding.since),
    known: known && { ...known, since: atMoment(known.since) },
    openSince: Object.fromEntries(
      Object.entries(finding.openSince).map(([code, since]) => [code, atMoment(since)]),
    ),
    changedAt: [...times.values()].sort().at(-1) ?? atMoment(finding.changedAt),
    pending: finding.pending.map((transition) => {
      const at = times.get(transition.transitionId);
      return at === undefined
        ? transition
        : { ...transition, at, statedAt: transition.statedAt ?? transition.at };
    }),
  };
}
