import { exitCodeOf } from '../../../src/cli/exit';
import { complaintAboutNode } from '../../../src/cli/node-version';

describe('the exit code of several verdicts', () => {
  it.each([
    [['compliant', 'compliant'], 0],
    [['compliant', 'notApplicable'], 0],
    [['nonCompliant', 'compliant'], 1],
    [['unknown', 'nonCompliant'], 1],
    [['compliant', 'unknown'], 2],
  ] as const)('%j is %i', (verdicts, code) => {
    expect(exitCodeOf(verdicts)).toBe(code);
  });

  it('is not fine when nothing was checked', () => {
    expect(exitCodeOf(['notApplicable'])).toBe(2);
    expect(exitCodeOf([])).toBe(2);
  });
});

describe('the version of Node', () => {
  it.each(['22.0.0', '24.11.1', '100.0.0'])('%s will do', (version) => {
    expect(complaintAboutNode(version)).toBeUndefined();
  });

  it.each(['20.20.2', '9.0.0', '21.9.9'])('%s is too old, which is said', (version) => {
    expect(complaintAboutNode(version)).toContain(`Node.js 22 or newer, and this is ${version}`);
  });

  it('is the one that package.json asks for', () => {
    const { engines } = jest.requireActual<{ engines: { node: string } }>('../../../package.json');
    expect(engines.node).toBe('>=22');
  });
});
