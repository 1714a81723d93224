import { compareText } from '../../lib/controls/evaluation';
import type { Finding } from '../../lib/model/finding';
import { severities, verdicts } from '../../lib/model/verdict';
import { verdictMarks } from './findings-table';
import { printable } from './printable';
import { type TableLook, table } from './table';

/** What of a finding an app's list shows. */
type Listed = Pick<Finding, 'targetId' | 'control' | 'severity' | 'verdict' | 'waived' | 'since' | 'summary'>;

/** Tells findings apart. */
export function nameOf({ targetId, control }: Pick<Finding, 'targetId' | 'control'>): string {
  return `${targetId} ${control}`;
}

/** Sorts by verdict, then by severity, then those first that have been so the longest. */
export function worstFirst<T extends Listed>(findings: readonly T[]): T[] {
  return findings.toSorted(
    (a, b) =>
      verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      compareText(a.since, b.since) ||
      compareText(nameOf(a), nameOf(b)),
  );
}

/** Findings of an app as a table. @param stale those that were not verified in time, by {@link nameOf}. */
export function openFindingsTable(
  findings: readonly Listed[],
  stale: ReadonlySet<string>,
  look: TableLook,
): string {
  return table(
    look,
    [
      ['severity', 10],
      ['target', 20],
      ['control', 17],
      ['verdict', 16],
      ['since', 12],
      ['what was found', 'rest'],
    ],
    findings.map((finding) => [
      finding.severity,
      printable(finding.targetId),
      finding.control,
      [
        verdictMarks[finding.verdict](look),
        ...(finding.waived ? ['(accepted)'] : []),
        ...(stale.has(nameOf(finding)) ? ['(stale)'] : []),
      ].join('\n'),
      printable(finding.since.slice(0, 10)),
      printable(finding.summary),
    ]),
  );
}
