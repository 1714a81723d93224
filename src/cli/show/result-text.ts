import type { AppliedChange, RepairResult } from '../../lib/model/remediation';
import { outcomeOf } from '../../lib/remediation/outcome';
import { findingLine } from './findings-table';
import { stepLines } from './plan-text';
import { printable } from './printable';
import type { TableLook } from './table';

/** How far each change has come, told by a sign as well as by colour. */
const marks: Record<AppliedChange['state'], (look: TableLook) => string> = {
  made: ({ colors }) => colors.green('✔ made'),
  failed: ({ colors }) => colors.red('✘ failed'),
  unknown: ({ colors }) => colors.yellow('? not known'),
  sent: ({ colors }) => colors.yellow('? not known'),
  notSent: ({ colors }) => colors.dim('- not sent'),
};

/** What a repair, or the undoing of one, came to, as text. */
export function resultText(result: RepairResult, look: TableLook, isUndo: boolean): string {
  const { remediationId, status, changes, finding, manualSteps = [] } = result;
  const lines = changes.flatMap(({ state, description, problem }) => [
    `${marks[state](look)}: ${printable(description)}`,
    ...(problem === undefined ? [] : [`  ${printable(problem)}`]),
  ]);
  return [
    ...lines,
    findingLine(finding, look),
    `${look.colors.bold(status)}: ${printable(outcomeOf(result, isUndo))} Remediation ${printable(remediationId)}`,
    ...(manualSteps.length === 0 ? [] : ['Still to be done by hand:', ...stepLines(manualSteps)]),
  ].join('\n');
}
