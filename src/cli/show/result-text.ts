import type { AppliedChange, RepairResult } from '../../lib/remediation/remediation';
import { findingLine } from './findings-table';
import { printable } from './printable';
import type { Look } from './table';

/** How far each change has come, told by a sign as well as by colour. */
const marks: Record<AppliedChange['state'], (look: Look) => string> = {
  made: ({ colors }) => colors.green('✔ made'),
  failed: ({ colors }) => colors.red('✘ failed'),
  unknown: ({ colors }) => colors.yellow('? not known'),
  sent: ({ colors }) => colors.yellow('? not known'),
  notSent: ({ colors }) => colors.dim('- not sent'),
};

const meanings: Record<RepairResult['status'], string> = {
  verified: 'the tenant was seen to comply.',
  unverified: 'Microsoft 365 accepted everything, and the tenant was not seen to comply yet.',
  failed: 'not every change was made.',
  running: 'it is still at work.',
};

/** What a repair came to, as text. */
export function resultText({ remediationId, status, changes, finding }: RepairResult, look: Look): string {
  const lines = changes.flatMap(({ state, description, problem }) => [
    `${marks[state](look)}: ${printable(description)}`,
    ...(problem === undefined ? [] : [`  ${printable(problem)}`]),
  ]);
  return [
    ...lines,
    findingLine(finding, look),
    `${look.colors.bold(status)}: ${meanings[status]} Remediation ${printable(remediationId)}`,
  ].join('\n');
}
