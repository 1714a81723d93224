import { dayMs } from '../durations';
import type { BriefTransition } from '../model/finding';
import { type ControlId, controlIds, type Verdict } from '../model/verdict';
import type { FindingStatus } from '../storage/findings';
import { dayOf } from '../watch/day-score';
import { score } from '../watch/target-status';
import type { DayScore } from './model';
import { firstDayOf } from './trend-days';

/** Scores are sent by the watchdog, whose first round of a day (UTC) comes this long after midnight. */
const scoredAfterMs = 30 * 60_000;

/** Where a control stood. */
interface Stand {
  verdict: Verdict;
  waived: boolean;
}

/** Everything that is known of how one target came to stand where it stands. */
export interface TargetPast {
  /** Its transitions since it was made, newest first. */
  changes: readonly BriefTransition[];
  statuses: readonly FindingStatus[];
  createdAt: string;
}

/**
 * The score of one target on each of the last days, oldest first, as it was when the watchdog sent it; the last one is of
 * this moment. It comes from the transitions: between two of them nothing changes. A day of which they do not tell everything,
 * because older ones were removed, is absent; and so is one on which nothing applied. Whether it was paused is not known of the past.
 */
export function trendOf(past: TargetPast, now: Date): DayScore[] {
  const days: DayScore[] = [];
  const today = Date.parse(dayOf(now));
  const first = Math.max(Date.parse(firstDayOf(now)), Date.parse(dayOf(new Date(past.createdAt))));
  const timelines = controlIds.map((control) => ({ control, standAt: timelineOf(control, past) }));
  for (let day = first; day < today; day += dayMs) {
    const moment = new Date(day + scoredAfterMs).toISOString();
    if (moment < past.createdAt) continue;
    const stands = timelines.map(({ control, standAt }) => ({ control, stand: standAt(moment) }));
    const known = stands.flatMap(({ control, stand }) =>
      stand === undefined ? [] : [{ control, ...stand }],
    );
    if (known.length === stands.length) addDay(days, moment.slice(0, 10), score(known));
  }
  addDay(days, dayOf(now), score(past.statuses));
  return days;
}

function addDay(days: DayScore[], date: string, value: number | undefined): void {
  if (value !== undefined) days.push({ date, score: value });
}

/** What is known of where a control stood at a time; the function gives undefined for a time of which nothing is. */
function timelineOf(
  control: ControlId,
  { changes, statuses }: TargetPast,
): (time: string) => Stand | undefined {
  const own = changes.filter((change) => change.control === control);
  const status = statuses.find((candidate) => candidate.control === control);
  const earliest = own.at(-1);
  return (time) => {
    const last = own.find(({ at }) => at <= time);
    if (last !== undefined) return last;
    if (earliest !== undefined) return before(earliest);
    // Nothing is left of how it came about; it is so at least since its last change.
    if (status !== undefined) return status.changedAt <= time ? status : undefined;
    return neverRan;
  };
}

const neverRan: Stand = { verdict: 'unknown', waived: false };

/** Where a control stood before a transition of which it is the only witness. */
function before({ previousVerdict }: BriefTransition): Stand | undefined {
  if (previousVerdict === null) return neverRan;
  // There is nothing to accept in these; of the others it does not say whether they were accepted.
  const isGood = previousVerdict === 'compliant' || previousVerdict === 'notApplicable';
  return isGood ? { verdict: previousVerdict, waived: false } : undefined;
}
