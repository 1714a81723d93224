import Table from 'cli-table3';
import pc from 'picocolors';
import type { Finding } from './api';

/** Verdicts are told by a sign as well as by colour. */
const looks: Record<Finding['verdict'], (text: string) => string> = {
  compliant: (text) => pc.green(`✔ ${text}`),
  nonCompliant: (text) => pc.red(`✘ ${text}`),
  unknown: (text) => pc.yellow(`? ${text}`),
  notApplicable: (text) => pc.dim(`- ${text}`),
};

/** The findings as a table for a terminal of this many columns. */
export function findingsTable(findings: readonly Finding[], columns: number): string {
  const fixed = { target: 18, control: 17, verdict: 16 };
  const rest = Math.max(40, columns - fixed.target - fixed.control - fixed.verdict - 6);
  const codes = Math.min(34, Math.floor(rest / 2));
  const table = new Table({
    head: ['target', 'control', 'verdict', 'codes', 'what it means'].map((title) => pc.bold(title)),
    colWidths: [fixed.target, fixed.control, fixed.verdict, codes, rest - codes],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const finding of findings) {
    const reasons = [...new Set(finding.reasons.map((reason) => reason.code))].join('\n');
    table.push([
      printable(finding.targetId),
      finding.control,
      looks[finding.verdict](finding.verdict),
      reasons,
      printable(finding.summary),
    ]);
  }
  return table.toString();
}

/** Names from a tenant may hold control characters, which a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}
