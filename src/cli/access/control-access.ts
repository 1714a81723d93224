import type { Control, ControlId, Verdict } from '../../lib/controls/control';
import type { Permission } from '../../lib/microsoft365/permissions';
import { verdictMarks } from '../show/findings-table';
import { type Look, table } from '../show/table';

/** Whether a permission is there. `unknown`: neither seen nor refused. */
export type PermissionState = 'held' | 'missing' | 'unknown';

/** Whether an identity can serve a control. */
export interface ControlAccess {
  control: ControlId;
  /** `compliant`: it has all that is needed; `nonCompliant`: it lacks something; `notApplicable`: nothing is needed. */
  verdict: Verdict;
  has: string[];
  lacks: string[];
  notKnown: string[];
}

/** Sums up for one control what it needs and what is there. */
export function accessOf(
  { id }: Control<unknown>,
  needed: readonly Permission[],
  stateOf: (permission: Permission) => PermissionState,
): ControlAccess {
  const names = (state: PermissionState) =>
    needed.filter((permission) => stateOf(permission) === state).map(({ name }) => name);
  const [has, lacks, notKnown] = [names('held'), names('missing'), names('unknown')];
  return { control: id, verdict: verdictOf(needed, lacks, notKnown), has, lacks, notKnown };
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
export function accessTable(accesses: readonly ControlAccess[], look: Look): string {
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
