import pMap from 'p-map';
import type { BriefTransition } from '../model/finding';
import { type LastChange, type Concern, type Row } from '../report/model';
import { lookOfCell, needsAttention, titleOf } from '../report/page/words';
import { changeOf } from '../report/recently-better';
import type { FindingStatus } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import type { ToldSoFar, ToldTrouble } from '../storage/digests';
import { dayOf } from '../watch/day-score';
import type { TargetStatus } from '../watch/target-status';
import type { Blindness } from './blindness';
import type { End } from './ends';
import type { Present } from './present';
import { keyOf, openOf, type OpenTrouble } from './told';

/** Something that was told and is no longer so. */
export interface Better {
  row: Row;
  /** What it was. */
  before: Concern['kind'];
  /** How the finding stands now; undefined for what is about the target as a whole. */
  change: LastChange | undefined;
}

/** Something that broke and got better in between. */
export interface Passed {
  row: Row;
  /** What was wrong. */
  broke: BriefTransition;
  /** How it stands now. */
  change: LastChange;
}

/** Of what was told as wrong nobody looks any more. */
export interface Unwatched extends Pick<ToldTrouble, 'targetId' | 'name' | 'customer'> {
  /** Whether it is paused; else it was deleted. */
  isPaused: boolean;
}

/** What is different from what was told before. */
export interface News {
  /** Why nobody is looking: said once a day as long as it lasts. */
  blind: readonly Blindness[];
  /** What is wrong, or not known, and was not told so. */
  open: readonly OpenTrouble[];
  better: readonly Better[];
  passed: readonly Passed[];
  unwatched: readonly Unwatched[];
  ends: readonly End[];
  /** How many messages there are in the poison queue, where one of them is new; else 0. */
  poison: number;
  /** What was told, and is so still. */
  stillOpen: readonly OpenTrouble[];
}

/** What a sink that was told nothing yet has been told. */
const nothing: ToldSoFar = { open: [], ends: [], poison: { count: 0, messageIds: [] }, blind: [] };

/** Where it is looked up what has come and gone. */
export interface NewsServices {
  history: Pick<HistoryTable, 'brief'>;
}

/**
 * What is different from what was told. What was told is compared with what is, rather than looking for what happened between two
 * moments: so nothing is lost that is recorded late, and what the page shows and what was told add up.
 * @param since when it was told; undefined for never: then all that is open is new.
 */
export async function newsOf(
  services: NewsServices,
  present: Present,
  told: ToldSoFar = nothing,
  since?: string,
): Promise<News> {
  const open = present.targets.flatMap(({ row, status }) =>
    openOf(row).map((trouble) => ({ trouble, status: statusOf(status, trouble.control) })),
  );
  const before = new Map(told.open.map((trouble) => [keyOf(trouble), trouble]));
  const isNew = ({ trouble, status }: (typeof open)[number]) =>
    isNews(trouble, before.get(keyOf(trouble)), status);
  const isOpen = new Set(open.map(({ trouble }) => keyOf(trouble)));
  const gone = told.open.filter((trouble) => !isOpen.has(keyOf(trouble)));
  const daysTold = new Map(told.ends.map(({ key, days }) => [key, days]));
  const today = dayOf(present.at);
  const fresh = open.filter(isNew).map(({ trouble }) => trouble);
  const comesCloser = ({ key, days }: End) => days < (daysTold.get(key) ?? Infinity);
  return {
    blind: present.blind.filter(
      ({ kind }) => !told.blind.some((said) => said.kind === kind && said.day === today),
    ),
    open: fresh,
    stillOpen: open.filter((one) => !isNew(one)).map(({ trouble }) => trouble),
    ...endedOf(present, gone),
    passed: since === undefined ? [] : await passedSince(services, present, new Set(before.keys()), since),
    // What has become a violation by that is told as one, with its day.
    ends: present.ends.filter((end) => comesCloser(end) && !fresh.some((trouble) => tellsOf(trouble, end))),
    poison: hasNewPoison(present.poison, told.poison) ? present.poison.count : 0,
  };
}

/** Whether there is anything to say. What is open still was said. */
export function isSilent({ blind, open, better, passed, unwatched, ends, poison }: News): boolean {
  return [blind, open, better, passed, unwatched, ends].every(({ length }) => length === 0) && poison === 0;
}

function tellsOf({ targetId, control, codes }: OpenTrouble, end: End): boolean {
  return (
    end.code !== undefined &&
    codes.includes(end.code) &&
    targetId === end.row.targetId &&
    control === end.control
  );
}

function statusOf({ statuses }: TargetStatus, control: string): FindingStatus | undefined {
  return statuses.find((status) => status.control === control);
}

/** Whether more audits have failed than were told. Of many only the first can be looked at: of the others their number tells. */
function hasNewPoison({ count, messageIds }: Present['poison'], told: ToldSoFar['poison']): boolean {
  const isMore = count > messageIds.length && count > told.count;
  return isMore || messageIds.some((id) => !told.messageIds.includes(id));
}

/** Violations that came back as they were told after they could not be read, between two digests, are no news. */
function isNews(
  now: OpenTrouble,
  before: ToldTrouble | undefined,
  status: FindingStatus | undefined,
): boolean {
  if (before?.kind !== now.kind) return true;
  if (now.kind !== 'violation') return false;
  if (now.codes.some((code) => !before.codes.includes(code))) return true;
  if (now.since !== before.since) return true;
  return now.changedAt !== before.changedAt && status?.changedFrom?.resumed !== true;
}

/** What became of troubles that were told and are no more: they got better, or nobody looks any more. */
function endedOf(present: Present, gone: readonly ToldTrouble[]): Pick<News, 'better' | 'unwatched'> {
  const targets = new Map(present.targets.map((one) => [one.row.targetId, one]));
  const better: Better[] = [];
  const unwatched = new Map<string, Unwatched>();
  for (const { targetId, name, customer, control, kind } of gone) {
    const { row, status } = targets.get(targetId) ?? {};
    if (row === undefined || status === undefined || row.paused) {
      // One that is there is called as it is now, and stands with whoever it belongs to now.
      const now = row === undefined ? { name, customer } : { name: titleOf(row), customer: row.customer };
      const about = {
        targetId,
        name: now.name,
        ...(now.customer === undefined ? {} : { customer: now.customer }),
      };
      unwatched.set(targetId, { ...about, isPaused: row !== undefined });
    }
    // Of one that cannot be understood that is what is told: nobody knows how the rest stands.
    else if (row.unreadable === undefined) {
      const finding = statusOf(status, control);
      better.push({
        row,
        before: kind as Concern['kind'],
        change: finding && changeOf({ target: row, status: finding }),
      });
    }
  }
  return { better, unwatched: [...unwatched.values()] };
}

/** So many targets are asked for their history at once. */
const atOnce = 8;

/** What was wrong at some time since then, was not told, and is fine now. */
async function passedSince(
  { history }: NewsServices,
  { targets }: Present,
  told: ReadonlySet<string>,
  since: string,
): Promise<Passed[]> {
  const candidates = targets.flatMap(({ row, status: { statuses } }) => {
    const changed = statuses.filter((status) => hasChanged(row, status, since) && !told.has(keyOf(status)));
    return changed.length === 0 ? [] : [{ row, changed }];
  });
  const found = await pMap(
    candidates,
    async ({ row, changed }) => {
      const broken = new Map<string, BriefTransition>();
      for await (const transition of history.brief(row.targetId, new Date(since))) {
        // The newest comes first.
        if (isBad(transition) && !broken.has(transition.control)) broken.set(transition.control, transition);
      }
      return changed.flatMap((status): Passed[] => {
        const broke = broken.get(status.control);
        return broke === undefined ? [] : [{ row, broke, change: changeOf({ target: row, status }) }];
      });
    },
    { concurrency: atOnce },
  );
  return found.flat();
}

/** Whether a finding is fine now, and has changed since then from something else: a first one that is fine is no news. */
function hasChanged(row: Row, status: FindingStatus, since: string): boolean {
  if (row.paused || row.unreadable !== undefined || status.changedAt <= since) return false;
  const isStale = row.cells.find(({ control }) => control === status.control)?.stale === true;
  return (
    !needsAttention(lookOfCell({ ...status, stale: isStale })) && status.changedFrom?.previousVerdict !== null
  );
}

function isBad({ verdict, waived }: BriefTransition): boolean {
  return needsAttention(lookOfCell({ verdict, waived, stale: false }));
}
