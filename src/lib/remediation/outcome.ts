import type { RepairResult } from '../model/remediation';

/** What each status means where the answer does not say it better. */
const meanings: Readonly<Record<RepairResult['status'], string>> = {
  verified: 'The tenant was seen to comply.',
  unverified: 'Nothing failed, and the tenant was not seen to comply.',
  failed: 'Not every change was made.',
  running: 'It is still at work.',
};

/** The same of the undoing of a repair: the tenant need not comply with anything then. */
const meaningsOfUndo: typeof meanings = {
  verified: 'What was there before the repair is there again.',
  unverified: 'Nothing failed, and what was there before was not seen again.',
  failed: 'Not everything was put back.',
  running: meanings.running,
};

/** Each status in a word. */
export const statusWords: Readonly<Record<RepairResult['status'], string>> = {
  verified: 'Verified',
  unverified: 'Unverified',
  failed: 'Failed',
  running: 'Still running',
};

/** Why a repair, or the undoing of one, ended as it did, in a sentence. */
export function outcomeOf(
  { status, problem }: Pick<RepairResult, 'status' | 'problem'>,
  isUndo: boolean,
): string {
  return problem ?? (isUndo ? meaningsOfUndo : meanings)[status];
}
