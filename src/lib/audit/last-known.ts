import { hash } from 'node:crypto';
import type { Evaluation } from '../controls/control';
import type { Reason } from '../model/verdict';
import type { Known } from '../storage/findings';
import { identityOf, isUnread } from './pins';

/**
 * So many violations are kept one by one. Of more than that it cannot be told which are missing from a reading, so that
 * one that saw less than the last is taken to find the same.
 */
const mostMarks = 4000;

/** What a reading comes to, as far as another one is compared with it. */
interface Marked {
  violations: ReadonlySet<string>;
  /** What could not be read, and may hide others. */
  unread: ReadonlySet<string>;
}

/** What a reading comes to beside what was last known. */
export interface Comparison {
  /** Whether the verdict and the set of violations are those that were last known. */
  isKnown: boolean;
  /**
   * Whether something could not be read this time that was read the last time: what is missing from the violations may
   * be there still.
   */
  isBlinder: boolean;
  /** What the next reading is compared with. */
  known: Known | null;
}

/**
 * Compares a reading with what was last known. What a reading could not see has not gone: one that is blinder than the
 * last finds the same as long as it finds nothing else, and what it finds beside that is added. The next one that sees as
 * much as the last did goes on from there.
 * @param digest of all violations of this reading.
 * @param at when it began, in ISO 8601.
 */
export function againstKnown(
  { verdict, reasons }: Pick<Evaluation, 'verdict' | 'reasons'>,
  digest: string,
  known: Known | null,
  at: string,
): Comparison {
  if (verdict === 'unknown') return { isKnown: false, isBlinder: true, known };
  const { violations, unread } = markedIn(reasons);
  const seen: Known = { verdict, digest, since: at, ...marksOf(violations), unread: [...unread] };
  if (known?.verdict !== verdict) return { isKnown: false, isBlinder: false, known: seen };

  const isBlinder = verdict === 'nonCompliant' && !isWithin(unread, new Set(known.unread));
  if (isSameSet(known, digest, violations, isBlinder)) {
    return { isKnown: true, isBlinder, known: isBlinder ? known : { ...seen, since: known.since } };
  }
  if (!isBlinder) return { isKnown: false, isBlinder, known: seen };
  const all = new Set([...(known.violations ?? []), ...violations]);
  const { unread: unreadBefore = [], refused } = known;
  const added = { ...seen, ...marksOf(all), unread: unreadBefore };
  // A waiver that did not cover what was there before does not cover more.
  return { isKnown: false, isBlinder, known: refused === undefined ? added : { ...added, refused } };
}

/** Whether a reading could not see everything of what was last known, and some of that is not among what it saw. */
export function isKnownOutOfSight(
  { verdict, reasons }: Pick<Evaluation, 'verdict' | 'reasons'>,
  known: Known | null,
): boolean {
  if (verdict !== 'nonCompliant' || known?.verdict !== verdict) return false;
  const { violations, unread } = markedIn(reasons);
  const isBlinder = !isWithin(unread, new Set(known.unread));
  return isBlinder && (known.violations === undefined || !isWithin(new Set(known.violations), violations));
}

function isSameSet(
  known: Known,
  digest: string,
  violations: ReadonlySet<string>,
  isBlinder: boolean,
): boolean {
  if (known.violations === undefined) return isBlinder || known.digest === digest;
  const before = new Set(known.violations);
  return isWithin(violations, before) && (isBlinder || before.size === violations.size);
}

function markedIn(reasons: readonly Reason[]): Marked {
  return {
    violations: new Set(reasons.filter(({ level }) => level === 'violation').map(markOf)),
    unread: new Set(
      reasons.filter(isUnread).map(({ code, message, expected }) => digestOf([code, message, expected])),
    ),
  };
}

function markOf(reason: Reason): string {
  return digestOf(identityOf(reason));
}

function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'hex').slice(0, 16);
}

function marksOf(marks: ReadonlySet<string>): Pick<Known, 'violations'> {
  return marks.size > mostMarks ? {} : { violations: [...marks].sort() };
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((each) => whole.has(each));
}
