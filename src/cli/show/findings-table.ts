import type { Verdict } from '../../lib/model/verdict';
import { printable } from './printable';
import { type TableLook, table } from './table';

/** What of a finding the table shows. */
export interface ShownFinding {
  targetId: string;
  control: string;
  verdict: Verdict;
  summary: string;
  reasons: readonly { code: string }[];
}

/** Verdicts are told by a sign as well as by colour. */
export const verdictMarks: Record<Verdict, (look: TableLook, text?: string) => string> = {
  compliant: ({ colors }, text = 'compliant') => colors.green(`✔ ${text}`),
  nonCompliant: ({ colors }, text = 'nonCompliant') => colors.red(`✘ ${text}`),
  unknown: ({ colors }, text = 'unknown') => colors.yellow(`? ${text}`),
  notApplicable: ({ colors }, text = 'notApplicable') => colors.dim(`- ${text}`),
};

/** Findings as a table, one row each. */
export function findingsTable(findings: readonly ShownFinding[], look: TableLook): string {
  const fixed = { target: 18, control: 17, verdict: 17 };
  const rest = Math.max(40, look.columns - fixed.target - fixed.control - fixed.verdict - 6);
  const codes = Math.min(34, Math.floor(rest / 2));
  return table(
    look,
    [
      ['target', fixed.target],
      ['control', fixed.control],
      ['verdict', fixed.verdict],
      ['codes', codes],
      ['what it means', rest - codes],
    ],
    findings.map((finding) => [
      printable(finding.targetId),
      finding.control,
      verdictMarks[finding.verdict](look),
      [...new Set(finding.reasons.map(({ code }) => printable(code)))].join('\n'),
      printable(finding.summary),
    ]),
    { hasRules: true },
  );
}

/** One finding as one line. */
export function findingLine(finding: ShownFinding, look: TableLook): string {
  const mark = verdictMarks[finding.verdict](look, `${finding.control} is ${finding.verdict}`);
  return `${mark}: ${printable(finding.summary)}`;
}
