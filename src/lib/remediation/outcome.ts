import type { RepairResult } from '../model/remediation';

/** What each status means where the answer does not say it better. */
const meanings: Readonly<Record<RepairResult['status'], string>> = {
  verified: 'The tenant was seen to comply.',
  unverified: 'Nothing failed, and the tenant was not seen to comply.',
  failed: 'Not every change was made.',
  running: 'It is still at work.',
};

/** Each status in a word. */
export const statusWords: Readonly<Record<RepairResult['status'], string>> = {
  verified: 'Verified',
  unverified: 'Unverified',
  failed: 'Failed',
  running: 'Still running',
};

/** Why a repair ended as it did, in a sentence. */
export function outcomeOf({ status, problem }: Pick<RepairResult, 'status' | 'problem'>): string {
  return problem ?? meanings[status];
}
