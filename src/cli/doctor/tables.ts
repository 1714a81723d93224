import type { Verdict } from '../../lib/model/verdict';
import type { PermissionState } from '../access/control-access';
import type { PermissionCheck } from '../access/permission-check';
import { verdictMarks } from '../show/findings-table';
import { printable } from '../show/printable';
import { type TableLook, table } from '../show/table';
import type { Check } from './checks';

const checkWords: Record<Verdict, string> = {
  compliant: 'fine',
  nonCompliant: 'wrong',
  unknown: 'not known',
  notApplicable: 'not looked at',
};

/** What is around the audits, as a table. */
export function checksTable(checks: readonly Check[], look: TableLook): string {
  return table(
    look,
    [
      ['check', 18],
      ['', 17],
      ['detail', Math.max(40, look.columns - 18 - 17 - 4)],
    ],
    checks.map(({ name, verdict, detail }) => [
      name,
      verdictMarks[verdict](look, checkWords[verdict]),
      printable(detail),
    ]),
  );
}

const verdictOf: Record<PermissionState, Verdict> = {
  held: 'compliant',
  missing: 'nonCompliant',
  unknown: 'unknown',
};

const permissionWords: Record<PermissionState, string> = {
  held: 'held',
  missing: 'missing',
  unknown: 'not known',
};

/** What is known of each permission, as a table. */
export function permissionsTable(permissions: readonly PermissionCheck[], look: TableLook): string {
  return table(
    look,
    [
      ['permission', 30],
      ['', 13],
      ['how that is known', Math.max(40, look.columns - 30 - 13 - 4)],
    ],
    permissions.map(({ permission, state, detail }) => [
      permission.name,
      verdictMarks[verdictOf[state]](look, permissionWords[state]),
      printable(detail),
    ]),
  );
}
