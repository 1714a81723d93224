import type { AppliedChange, Remediation } from '../../../src/lib/model/remediation';
import { isUndoable, undoneBy } from '../../../src/lib/remediation/undoable';

const change = (state: AppliedChange['state']) => ({ state }) as AppliedChange;
const made = (of: Partial<Remediation> = {}) =>
  ({ remediationId: 'one', status: 'verified', changes: [change('made')], ...of }) as Remediation;

describe('whether a repair can be put back', () => {
  it.each<[string, Partial<Remediation>, Remediation[], boolean]>([
    ['was made', {}, [], true],
    ['may have been made', { status: 'failed', changes: [change('failed'), change('unknown')] }, [], true],
    ['has changed nothing', { status: 'failed', changes: [change('failed'), change('notSent')] }, [], false],
    ['is still at work', { status: 'running' }, [], false],
    ['is the undoing of another', { undoes: 'another' }, [], false],
    ['has been undone', {}, [made({ remediationId: 'two', undoes: 'one' })], false],
    ['is being undone', {}, [made({ remediationId: 'two', undoes: 'one', status: 'running' })], false],
    [
      'was not undone, because that failed',
      {},
      [made({ remediationId: 'two', undoes: 'one', status: 'failed' })],
      true,
    ],
    ['stands beside another that was undone', {}, [made({ remediationId: 'two', undoes: 'three' })], true],
  ])('where it %s', (_case, of, others, expected) => {
    const remediation = made(of);
    expect(isUndoable(remediation, [remediation, ...others])).toBe(expected);
    if (expected) expect(undoneBy(remediation, others)).toBeUndefined();
  });
});
