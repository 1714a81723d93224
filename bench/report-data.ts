import pMap from 'p-map';
import { compare } from '../src/lib/audit/compare';
import { controls } from '../src/lib/controls';
import type { Control, Evaluation } from '../src/lib/controls/control';
import type { Transition } from '../src/lib/model/finding';
import { type StoredTarget, Target } from '../src/lib/model/target';
import type { Reason, ResourceRow } from '../src/lib/model/verdict';
import { StorageConnection } from '../src/lib/storage/connection';
import { toEntity as toFindingEntity } from '../src/lib/storage/finding-rows';
import { FindingTable, statusOf, type StoredFinding } from '../src/lib/storage/findings';
import { toEntity as toHistoryEntity } from '../src/lib/storage/history-rows';
import { ResourceTable } from '../src/lib/storage/resources';
import { StateTable } from '../src/lib/storage/state';
import { TargetTable } from '../src/lib/storage/targets';
import { type Change, makeChanges } from '../src/lib/storage/transactions';

const dayMs = 86_400_000;

/** How long each target has been watched, in nights. */
const nights = 100;

/** One of so many targets broke last night. */
const brokenLastNight = 20;

/** Writes what a hundred nights leave behind: targets, findings, transitions and scores, past the audits themselves. */
export class ReportData {
  private readonly connection: StorageConnection;

  constructor(
    connectionString: string,
    private readonly now: Date,
  ) {
    this.connection = new StorageConnection({ connectionString });
  }

  /** Adds targets until there are `count`, each with a finding of every control. */
  async grow(from: number, count: number): Promise<void> {
    const targets = new TargetTable(this.connection);
    const made = new Date(this.now.getTime() - nights * dayMs);
    const numbers = Array.from({ length: count - from }, (_target, index) => from + index);
    const put = async (number: number) => (await targets.put(targetOf(number), made)).stored;
    const stored = await pMap(numbers, put, { concurrency: 8 });
    const pasts = stored.flatMap((target, index) =>
      controls.map((control, place) => pastOf(target, control, (from + index) * 7 + place, this.now)),
    );
    const repeat = (target: StoredTarget) =>
      targets.repeat(
        { targetId: target.targetId },
        pasts.flatMap(({ finding }) => (finding.targetId === target.targetId ? [statusOf(finding)] : [])),
      );
    await pMap(stored, repeat, { concurrency: 8 });
    const findings = await this.connection.table('SyncwardenFindings');
    const history = await this.connection.table('SyncwardenHistory');
    await makeChanges(
      findings,
      pasts.map(({ finding }): Change => ['upsert', toFindingEntity(finding), 'Replace']),
    );
    const transitions = pasts
      .flatMap((past) => past.transitions)
      .sort((a, b) => (a.targetId < b.targetId ? -1 : 1));
    await makeChanges(
      history,
      transitions.map((one): Change => ['upsert', toHistoryEntity(one), 'Replace']),
    );
  }

  /** Keeps the scores of as many days as a trend shows, and that the watchdog has looked. */
  async addDays(): Promise<void> {
    const state = new StateTable(this.connection);
    await state.setLastRound(this.now);
    for (let night = 0; night < 90; night++) {
      const date = new Date(this.now.getTime() - night * dayMs).toISOString().slice(0, 10);
      await state.addDayScores({ date, sum: 180 - (night % 11), count: 200 });
    }
  }

  /** Gives the first target so many rooms, some of which are not reached. Gives its id. */
  async addRooms(count: number): Promise<string> {
    const { targetId } = targetOf(0);
    const target = await new TargetTable(this.connection).get(targetId);
    if (target === undefined) throw new Error(`There is no target ${targetId}.`);
    const rows = Array.from({ length: count }, (_room, index) => rowOf(index));
    const missed = rows.filter(({ verdict }) => verdict === 'nonCompliant').map(missedRoom);
    const resources = new ResourceTable(this.connection);
    const findings = new FindingTable(this.connection);
    for (const control of controls.filter(({ id }) => id === 'impersonation' || id === 'rooms')) {
      await resources.replace(targetId, control.id, rows);
      const last = await findings.get(targetId, control.id);
      const run = runOf(target, control, evaluationOf(missed, rows), this.now);
      await findings.put({ ...compare(run, last), pending: [] }, last);
    }
    return targetId;
  }
}

/** The target of this number; ids sort by it. */
function targetOf(index: number): Target {
  const number = String(index).padStart(5, '0');
  return Target.parse({
    targetId: `customer-${number}-rooms`,
    tenantId: `0c0c0c0c-0000-4000-8000-0000000${number}`,
    profile: 'condeco-exchange-sync',
    serviceAccount: `svc-condeco@customer-${number}.example`,
    clientAppId: '0b0b0b0b-0000-4000-8000-000000000001',
    exchangeReader: 'admin-api',
  });
}

/** What a hundred nights came to for one control: its finding, and how it came about. `seed` makes targets differ. */
function pastOf(
  target: StoredTarget,
  control: Control<unknown>,
  seed: number,
  now: Date,
): { finding: Omit<StoredFinding, 'etag'>; transitions: Transition[] } {
  const transitions: Transition[] = [];
  let last: StoredFinding | undefined;
  for (const night of turningNights(seed)) {
    const checkedAt = new Date(now.getTime() - night * dayMs - 6 * 3_600_000);
    const isBroken = last !== undefined && last.verdict !== 'nonCompliant';
    const reasons = isBroken
      ? Array.from({ length: 1 + (seed % 4) }, (_reason, index) => reasonOf(control, index))
      : [];
    const finding = compare(runOf(target, control, evaluationOf(reasons), checkedAt), last);
    transitions.push(...finding.pending);
    last = { ...finding, pending: [], etag: '' };
  }
  if (last === undefined) throw new Error('There was no night.');
  const { etag, ...finding } = last;
  const checkedAt = new Date(now.getTime() - 6 * 3_600_000).toISOString();
  return { finding: { ...finding, checkedAt, verifiedAt: checkedAt }, transitions };
}

/** The nights in which something changed, oldest first: the first one, some on which it broke or was mended, for a few the last one. */
function turningNights(seed: number): number[] {
  const first = [nights - 1];
  const between = seed % 3 === 0 ? [60 - (seed % 17), 40 - (seed % 13)] : [];
  const lately = seed % (brokenLastNight * 7) === 0 ? [0] : seed % 31 === 0 ? [5 + (seed % 20)] : [];
  return [...first, ...between, ...lately];
}

function runOf(target: StoredTarget, control: Control<unknown>, evaluation: Evaluation, checkedAt: Date) {
  return { target, control, evaluation, checkedAt, runId: checkedAt.toISOString().slice(0, 10), requests: 3 };
}

function evaluationOf(reasons: Reason[], resources?: ResourceRow[]): Evaluation {
  return {
    verdict: reasons.length > 0 ? 'nonCompliant' : 'compliant',
    summary:
      reasons.length > 0
        ? `The service account lacks ${reasons.length} of what Exchange Sync needs, and meetings are no longer synchronised.`
        : 'The service account has everything that Exchange Sync needs.',
    reasons,
    evidence: {
      requestIds: ['3f0a8c1e-1111-4222-8333-444455556666', '7d1b9d2f-1111-4222-8333-444455556666'],
    },
    ...(resources === undefined ? {} : { resources }),
  };
}

function reasonOf({ id }: Control<unknown>, index: number): Reason {
  return {
    code: `${id.replace('-', '')}.missing`,
    level: 'violation',
    message: `Part ${index} of what the account is to have was taken away. Without it the product cannot read or write the calendars of rooms.`,
    resource: `part-${index}`,
    expected: 'assigned',
    actual: 'not assigned',
  };
}

function rowOf(index: number): ResourceRow {
  const isMissed = index % 50 === 0;
  const number = String(index).padStart(5, '0');
  return {
    resource: `room-${number}@customer-00000.example`,
    kind: 'room',
    displayName: `Building ${index % 20}, floor ${index % 7}, room ${number}`,
    verdict: isMissed ? 'nonCompliant' : 'compliant',
    codes: isMissed ? ['impersonation.roomNotCovered'] : [],
    path: 'Application Calendars.ReadWrite',
    scope: `Rooms of building ${index % 20}`,
  };
}

function missedRoom({ resource, displayName }: ResourceRow): Reason {
  return {
    code: 'impersonation.roomNotCovered',
    level: 'violation',
    message: `${displayName} is in no scope of the account.`,
    resource,
  };
}
