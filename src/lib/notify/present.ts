import type { FindingTable } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import { rowOf } from '../report/cells';
import type { Row } from '../report/model';
import { type OverviewServices, readTargets } from '../report/overview';
import type { AuditQueue } from '../storage/audit-queue';
import type { WaiverTable } from '../storage/waivers';
import type { Log } from '../log';
import { type Overdue, readOverdue } from '../watch/overdue';
import type { TargetStatus } from '../watch/target-status';
import { type Blindness, readBlindness } from './blindness';
import { type End, readEnds } from './ends';

/** What the digest is read from. */
export interface PresentServices extends OverviewServices {
  findings: FindingTable;
  history: HistoryTable;
  waivers: WaiverTable;
  queue: AuditQueue;
  /** Where Exchange is: days of Microsoft's hold in one cloud and not in another. */
  settings: { exchangeEndpoint: string };
  log: Log;
}

/** Everything as it is at one moment: what the page shows, and what it cannot. */
export interface Present {
  at: Date;
  /** Every target, as a row of the page, and the statuses that it comes from. */
  targets: readonly { row: Row; status: TargetStatus }[];
  /** What ends soon. */
  ends: readonly End[];
  /** Messages that failed five times: how many, and the ids of the first. */
  poison: { count: number; messageIds: readonly string[] };
  /** Why nobody is looking, or can tell. */
  blind: readonly Blindness[];
}

/** Reads how everything is at this moment, by the same rules as the page. @throws when storage does not answer. */
export async function readPresent(services: PresentServices, at: Date): Promise<Present> {
  const [statuses, overdue, poison] = await Promise.all([
    readTargets(services, at),
    readOverdue(services, at),
    services.queue.peekPoison(),
  ]);
  const targets = statuses.map((status) => ({ row: rowOf(status, overdue), status }));
  return {
    at,
    targets,
    ends: await readEnds(services, targets, at),
    poison: { count: poison.count, messageIds: poison.messages.map(({ messageId }) => messageId) },
    blind: await blindnessIn(services, statuses, overdue),
  };
}

async function blindnessIn(
  services: PresentServices,
  statuses: readonly TargetStatus[],
  overdue: Overdue,
): Promise<Blindness[]> {
  const watched = statuses.map(({ target }) => target).filter(({ paused }) => !paused);
  return watched.length === 0 ? [] : readBlindness(services, watched, overdue);
}
