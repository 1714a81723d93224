import ts from 'typescript';
import { allCodes, severityAndCodes } from '../../../build/generate/codes';
import { readingOnGraph } from '../../../build/generate/permissions';
import { registryModule } from '../../../build/generate/registry';
import { withSection } from '../../../build/generate/section';
import { sampleSettings } from '../../../build/generate/settings';
import { control, controls } from '../../../src/lib/controls';
import { controlIds } from '../../../src/lib/model/verdict';
import { scheduleSetting } from '../../../src/lib/settings';

describe('a generated part of a file', () => {
  const marked = (begin: string, end: string, within: string) =>
    ['before', begin, ...within.split('\n'), end, 'after'].join('\n');

  it('takes the place of what stood between its marks, and leaves the rest', () => {
    const page = marked('<!-- generated: codes -->', '<!-- end of generated: codes -->', 'old');
    const made = withSection('page.md', page, 'codes', 'new');
    expect(made).toBe(marked('<!-- generated: codes -->', '<!-- end of generated: codes -->', '\nnew\n'));
    expect(withSection('page.md', made, 'codes', 'new')).toBe(made);
  });

  it.each([
    ['list.sh', '# '],
    ['type.bicep', '// '],
  ])('is marked in %s as its comments are, and is indented as its marks', (file, comment) => {
    const text = marked(`  ${comment}generated: a`, `  ${comment}end of generated: a`, 'old');
    expect(withSection(file, text, 'a', 'one\n\ntwo')).toBe(
      marked(`  ${comment}generated: a`, `  ${comment}end of generated: a`, '  one\n\n  two'),
    );
  });

  it('is not put where nobody has marked its place', () => {
    for (const page of [
      'text',
      '<!-- generated: codes -->',
      '<!-- end of generated: codes -->\n<!-- generated: codes -->',
    ])
      expect(() => withSection('page.md', page, 'codes', 'new')).toThrow(
        'page.md must have the lines "<!-- generated: codes -->" and "<!-- end of generated: codes -->".',
      );
    expect(() => withSection('data.json', '{}', 'codes', 'new')).toThrow('data.json has no comments');
  });
});

it('the registry has every control under its id', () => {
  const { importedFiles } = ts.preProcessFile(registryModule());
  const folders = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('./'));
  expect(folders.sort()).toEqual(['./control', ...controlIds.map((id) => `./${id}`)].sort());
  expect(registryModule()).toContain("import { passwordExpiry } from './password-expiry';");
  expect(registryModule()).toContain("  'password-expiry': passwordExpiry,");
  expect(controls.map(({ id }) => id)).toEqual(controlIds);
});

it('codes are listed with all their levels, the heaviest first', () => {
  expect(severityAndCodes(control('rooms'))).toMatch(/^Severity: medium\.$/m);
  expect(severityAndCodes(control('rooms'))).toContain(
    '| [`rooms.calendarSetting`](#roomscalendarsetting) | violation or notice | A room is set up otherwise than the vendor asks |',
  );
  const all = allCodes(controls);
  for (const { id, codes } of controls) {
    expect(all).toContain(`### ${id}\n`);
    for (const code of Object.keys(codes))
      expect(all).toContain(`\n| [\`${code}\`](../src/lib/controls/${id}/`);
  }
});

it('permissions are listed with the reader that they are for, where one does without', () => {
  const rows = readingOnGraph(controls).split('\n');
  expect(rows).toContain('| `Place.Read.All` | `impersonation` with the reader `graph` |');
  expect(rows).toContain('| `Domain.Read.All` | `password-expiry` |');
  expect(rows.join()).not.toContain('Exchange.ManageAsApp');
});

describe('the sample of settings', () => {
  const values = (given: object) =>
    (JSON.parse(sampleSettings(JSON.stringify({ IsEncrypted: false, Values: given }))) as { Values: object })
      .Values;

  it('has the schedule of each control after the common one, and none of another', () => {
    const made = values({ A: '1', AUDIT_SCHEDULE: '2', AUDIT_SCHEDULE_GONE: '', B: '3' });
    expect(Object.keys(made)).toEqual(['A', 'AUDIT_SCHEDULE', ...controlIds.map(scheduleSetting), 'B']);
  });

  it('leaves values as they are', () => {
    const given = { AUDIT_SCHEDULE: '2', AUDIT_SCHEDULE_ROOMS: '0 0 3 * * 0' };
    expect(values(given)).toMatchObject(given);
  });
});
