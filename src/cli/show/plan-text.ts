import type { ManualStep } from '../../lib/model/plan';
import type { AgreedPlan } from '../../lib/remediation/plan';
import { brief, printable } from './printable';
import type { TableLook } from './table';

/** A plan as text: each change with before and after, and what only a person can do. */
export function printedPlan({ planHash, changes, manualSteps }: AgreedPlan, { colors }: TableLook): string {
  const lines = changes.flatMap(({ description, before, after, permission }, index) => [
    `${index + 1}. ${printable(description)}`,
    `   before ${brief(before)}`,
    `   after  ${brief(after)}`,
    colors.dim(`   needs  ${printable(permission)}`),
  ]);
  if (changes.length === 0) lines.push('Nothing that Syncwarden could change.');
  if (manualSteps.length > 0) lines.push('', 'By hand:');
  lines.push(...stepLines(manualSteps));
  return [...lines, '', `planHash ${printable(planHash)}`].join('\n');
}

/** What only a person can do, as lines. */
export function stepLines(steps: readonly ManualStep[]): string[] {
  return steps.flatMap(({ description, link }) => [`- ${printable(description)}`, `  ${printable(link)}`]);
}
