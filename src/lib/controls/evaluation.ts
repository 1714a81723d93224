import type { ReadFailure } from '../microsoft365/wire/read';
import { levels, type Reason, type Verdict } from '../model/verdict';
import type { ReasonWith, UnreadableCode } from './codes';
import type { Evaluation } from './control';

/** Violations first; with none, whatever could not be read leaves the verdict open. Notices never change it. */
export function verdictOf(reasons: readonly Reason[]): Verdict {
  if (reasons.some((reason) => reason.level === 'violation')) return 'nonCompliant';
  return reasons.some((reason) => reason.level === 'unknown') ? 'unknown' : 'compliant';
}

/**
 * Puts an evaluation together. Reasons are given in a fixed order whatever the order in which the tenant lists
 * things, and the summary is the worst reason, or `fine` when there is nothing to complain about.
 */
export function conclude<Code extends string>(
  reasons: readonly ReasonWith<Code>[],
  fine: string,
  rest: Omit<Evaluation, 'verdict' | 'summary' | 'reasons'>,
): Evaluation<Code> {
  const sorted = [...reasons].sort(
    (a, b) =>
      rank(a) - rank(b) || compareText(a.code, b.code) || compareText(a.resource ?? '', b.resource ?? ''),
  );
  const verdict = verdictOf(sorted);
  return { ...rest, verdict, summary: summarise(sorted, verdict, fine), reasons: sorted };
}

/** For a control that has nothing to say about a target; `why` is a sentence. */
export function notApplicable(why: string): Evaluation<never> {
  return { verdict: 'notApplicable', summary: why, reasons: [], evidence: {}, resources: [] };
}

/** A reason that says that something could not be read. */
export type Unreadable = Omit<Reason, 'code' | 'level'> & { code: UnreadableCode; level: 'unknown' };

/** The reason for something that could not be read: says what, why, and which permission was probably missing. */
export function unreadable({ cause, message, permission }: ReadFailure): Unreadable {
  return {
    ...({ code: `unreadable.${cause}`, level: 'unknown', message } as const),
    ...(permission === undefined ? {} : { expected: permission }),
  };
}

/** The reason for something that was read and is not understood: a value that Microsoft does not document, for example. */
export function notUnderstood(what: string, value: unknown): Unreadable {
  const said = value === null || value === undefined ? 'nothing' : JSON.stringify(value);
  return unreadable({
    cause: 'malformed',
    message: `Could not read ${what}: it is ${said}, and what that means is not documented.`,
  });
}

function rank(reason: Reason): number {
  return levels.indexOf(reason.level);
}

/** Independent of the machine's language, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function summarise(sorted: readonly Reason[], verdict: Verdict, fine: string): string {
  const level = verdict === 'nonCompliant' ? 'violation' : verdict === 'unknown' ? 'unknown' : undefined;
  if (level === undefined) return fine;
  const deciding = sorted.filter((reason) => reason.level === level);
  const first = deciding[0]?.message ?? fine;
  return deciding.length > 1 ? `${first} (and ${deciding.length - 1} more)` : first;
}

/** The most names that one sentence lists. */
const mostNames = 20;

/** Names as a part of a sentence: in a fixed order, and the first ones only when there are many. */
export function listOf(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, mostNames).join(', ');
  return sorted.length > mostNames ? `${shown} and ${sorted.length - mostNames} more` : shown;
}
