import type { Control } from '../../lib/controls/control';
import { fallbackWords } from '../../lib/microsoft365/permission-fallback';
import type { Permission } from '../../lib/microsoft365/permissions';
import type { ControlId, Verdict } from '../../lib/model/verdict';
import { verdictMarks } from '../show/findings-table';
import { type TableLook, table } from '../show/table';

/** Whether a permission is there. `unknown`: neither seen nor refused. */
export type PermissionState = 'held' | 'missing' | 'unknown';

/** How an identity stands with a permission. */
export interface PermissionAnswer {
  state: PermissionState;
  /** The permission that it is served by, where that is known: this one, or the one that serves in its place. */
  by?: Permission | undefined;
}

/** Whether an identity can serve a control. */
export interface ControlAccess {
  control: ControlId;
  /** `compliant`: it has all that is needed; `nonCompliant`: it lacks something; `notApplicable`: nothing is needed. */
  verdict: Verdict;
  /** Names of the permissions that serve. */
  has: string[];
  /** What is missing, in words: either of two where a tenant may not publish the first. */
  lacks: string[];
  /** The same of what is neither seen nor refused. */
  notKnown: string[];
}

/** Sums up for one control what it needs and what is there. */
export function accessOf(
  { id }: Control<unknown>,
  needed: readonly Permission[],
  answerFor: (permission: Permission) => PermissionAnswer,
): ControlAccess {
  const inState = (state: PermissionState) =>
    needed.filter((permission) => answerFor(permission).state === state);
  const [lacks, notKnown] = [inState('missing').map(fallbackWords), inState('unknown').map(fallbackWords)];
  const serving = inState('held').map((permission) => (answerFor(permission).by ?? permission).name);
  const verdict = verdictOf(needed, lacks, notKnown);
  return { control: id, verdict, has: [...new Set(serving)], lacks, notKnown };
}

function verdictOf(
  needed: readonly unknown[],
  lacks: readonly unknown[],
  notKnown: readonly unknown[],
): Verdict {
  if (needed.length === 0) return 'notApplicable';
  if (lacks.length > 0) return 'nonCompliant';
  return notKnown.length > 0 ? 'unknown' : 'compliant';
}

const words: Record<Verdict, string> = {
  compliant: 'served',
  nonCompliant: 'not served',
  unknown: 'not known',
  notApplicable: 'needs nothing',
};

/** What each control has and lacks, as a table. */
export function accessTable(accesses: readonly ControlAccess[], look: TableLook): string {
  const rest = Math.max(52, look.columns - 17 - 17 - 5);
  return table(
    look,
    [
      ['control', 17],
      ['', 17],
      ['has', Math.floor(rest / 2)],
      ['lacks', Math.ceil(rest / 2)],
    ],
    accesses.map(({ control, verdict, has, lacks, notKnown }) => [
      control,
      verdictMarks[verdict](look, words[verdict]),
      has.join('\n'),
      [...lacks, ...notKnown.map((name) => `${name} (not known)`)].join('\n'),
    ]),
  );
}
