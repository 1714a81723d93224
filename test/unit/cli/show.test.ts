import { findingLine, findingsTable } from '../../../src/cli/show/findings-table';
import { openFindingsTable, worstFirst } from '../../../src/cli/show/open-findings';
import { printedPlan } from '../../../src/cli/show/plan-text';
import { resultText } from '../../../src/cli/show/result-text';
import { tableLook } from '../../../src/cli/show/table';
import type { AppliedChange, RepairResult } from '../../../src/lib/model/remediation';

const plain = tableLook({ columns: 120, hasColors: false });
const colourful = tableLook({ columns: 120, hasColors: true });
const hostile = '<img src=x onerror=alert(1)> =HYPERLINK("http://x") \u001b[31m\u202E';

const finding = {
  targetId: 'contoso-rooms',
  control: 'license',
  verdict: 'nonCompliant' as const,
  summary: `Nothing is assigned to ${hostile}.`,
  reasons: [{ code: 'license.none' }, { code: 'license.none' }, { code: 'license.noSpareSeats' }],
};

describe('the table of what needs somebody', () => {
  const open = { ...finding, control: 'license' as const, severity: 'high' as const, waived: false };
  const old = { ...open, since: '2026-10-01T00:00:00.000Z' };

  it('has the worst first: by verdict, by severity, by how long it has been so', () => {
    const recent = { ...old, since: '2026-11-01T00:00:00.000Z' };
    const critical = { ...recent, severity: 'critical' as const };
    const unread = { ...critical, verdict: 'unknown' as const };
    const fine = { ...critical, verdict: 'compliant' as const };
    expect(worstFirst([fine, unread, recent, old, critical])).toEqual([critical, old, recent, unread, fine]);
  });

  it('says what is stale, since when it has been so, and shows names from a tenant as text', () => {
    const fine = { ...old, verdict: 'compliant' as const };
    const shown = openFindingsTable([fine], new Set(['contoso-rooms license']), plain);
    expect(shown).toContain('2026-10-01');
    expect(shown).toContain('✔ compliant');
    expect(shown).toContain('(stale)');
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toContain('\u202E');
    expect(openFindingsTable([fine], new Set(), plain)).not.toContain('(stale)');
  });
});

describe('the table of findings', () => {
  it('tells the verdict by a sign and a word, and each code once', () => {
    const shown = findingsTable([finding], plain);
    expect(shown).toContain('✘ nonCompliant');
    expect(shown.match(/license\.none/g)).toHaveLength(1);
    expect(shown).toContain('license.noSpareSeats');
  });

  it('shows names from a tenant as text', () => {
    const shown = findingsTable([finding], tableLook({ columns: 240, hasColors: false }));
    expect(shown).toContain('<img src=x onerror=alert(1)> =HYPERLINK("http://x")');
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toContain('\u202E');
  });

  it('has colours only where they are wanted', () => {
    expect(findingsTable([finding], plain)).not.toContain('\u001b[');
    expect(findingsTable([finding], colourful)).toContain('\u001b[31m✘ nonCompliant');
  });

  it('stays within the terminal', () => {
    const widths = findingsTable([finding], plain)
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(120);
  });
});

it.each([
  ['compliant', '✔'],
  ['nonCompliant', '✘'],
  ['unknown', '?'],
  ['notApplicable', '-'],
] as const)('a finding that is %s begins its line with %s', (verdict, sign) => {
  expect(findingLine({ ...finding, verdict }, plain)).toMatch(
    new RegExp(`^\\${sign} license is ${verdict}: `),
  );
});

const change = {
  id: '1-assign-0123456789abcdef',
  description: `Assign a licence to ${hostile}.`,
  request: { method: 'POST' as const, url: 'https://graph.microsoft.com/v1.0/users/1/assignLicense' },
  before: { usageLocation: undefined, skus: [] },
  after: { skus: [hostile] },
  permission: 'LicenseAssignment.ReadWrite.All',
};

describe('a plan as text', () => {
  const text = printedPlan(
    {
      planHash: 'ab'.repeat(32),
      changes: [change],
      manualSteps: [{ description: 'Buy a licence.', link: 'https://admin.microsoft.com' }],
    },
    plain,
  );

  it('says of each change what there is and will be, and what it needs', () => {
    expect(text).toContain('1. Assign a licence to ');
    expect(text).toContain('before {"skus":[]}');
    expect(text).toContain('needs  LicenseAssignment.ReadWrite.All');
  });

  it('says what is left to people, and its hash', () => {
    expect(text).toContain('- Buy a licence.\n  https://admin.microsoft.com');
    expect(text).toContain(`planHash ${'ab'.repeat(32)}`);
  });

  it('commands nothing', () => {
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202E');
  });

  it('says that there is nothing', () => {
    const empty = printedPlan({ planHash: 'ab', changes: [], manualSteps: [] }, plain);
    expect(empty).toContain('Nothing that Syncwarden could change.');
    expect(empty).not.toContain('By hand');
  });
});

describe('what a repair came to, as text', () => {
  const result = (status: RepairResult['status'], states: AppliedChange['state'][]): RepairResult => ({
    remediationId: '20261124T080000000Z-0a1b2c3d',
    status,
    changes: states.map((state) => ({
      ...change,
      state,
      ...(state === 'failed' ? { problem: 'Microsoft 365 answered 403.' } : {}),
    })),
    finding: finding as unknown as RepairResult['finding'],
  });

  it('says how far each change has come, and why one failed', () => {
    const text = resultText(result('failed', ['made', 'failed', 'unknown', 'sent', 'notSent']), plain, false);
    expect(text).toMatch(/^✔ made: /m);
    expect(text).toMatch(/^✘ failed: .*\n {2}Microsoft 365 answered 403\.$/m);
    expect(text.match(/^\? not known: /gm)).toHaveLength(2);
    expect(text).toMatch(/^- not sent: /m);
  });

  it('never says of one that was not seen that it is done, and says why it is not', () => {
    const problem = 'All 2 changes are in the tenant. license is still nonCompliant: None is assigned.';
    expect(resultText({ ...result('unverified', ['made']), problem }, plain, false)).toContain(
      `unverified: ${problem} Remediation 2026`,
    );
    expect(resultText(result('unverified', ['made']), plain, false)).toContain(
      'unverified: Nothing failed, and the tenant was not seen to comply.',
    );
    expect(resultText(result('verified', ['made']), plain, false)).toContain(
      'verified: The tenant was seen to comply.',
    );
    // What is put back need not comply with anything.
    for (const status of ['verified', 'unverified', 'failed'] as const)
      expect(resultText(result(status, ['made']), plain, true)).not.toMatch(/comply/);
  });

  it('says what is left to people, and commands nothing', () => {
    const manualSteps = [{ description: `Buy ${hostile}.`, link: 'https://admin.microsoft.com' }];
    const text = resultText({ ...result('unverified', []), problem: hostile, manualSteps }, plain, false);
    expect(text).toMatch(/\nStill to be done by hand:\n- Buy <img .*\n {2}https:\/\/admin\.microsoft\.com$/);
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202E');
  });
});
