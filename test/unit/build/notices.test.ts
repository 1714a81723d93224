import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundledPackages } from '../../../build/bundled';
import { keptTexts, notices } from '../../../build/notices';
import { ProjectFolder } from '../../support/packages';
import { root } from '../../support/simulated-tenant';

let project: ProjectFolder;
beforeEach(() => (project = new ProjectFolder()));
afterEach(() => project.remove());

/** What goes with a bundle of these packages. */
async function noticesOf(...names: string[]) {
  const imports = names.map((name, index) => `import p${index} from '${name}'; console.log(p${index});`);
  return notices(bundledPackages([await project.bundle(imports.join('\n'))], project.root), project.root);
}

it('name, version and licence of a package stand above the text that it brings', async () => {
  project.package('near', {
    manifest: { version: '2.3.4' },
    files: { 'license.md': 'Do as you like.\r\nReally.\r\n' },
  });
  const { text, complaints } = await noticesOf('near');
  expect(complaints).toEqual([]);
  expect(text).toMatch(/\n=+\nnear 2\.3\.4 \(MIT\)\n\nDo as you like\.\nReally\.\n$/);
});

it('packages with the same text share it', async () => {
  for (const name of ['a', 'b']) project.package(name, { files: { LICENCE: 'The same.' } });
  project.package('c', { files: { COPYING: 'Another.' } });
  const { text } = await noticesOf('c', 'b', 'a');
  expect(text.replace(/^.*\n\n/, '').replaceAll(/=+/g, '=')).toBe(
    '=\na 1.0.0 (MIT)\nb 1.0.0 (MIT)\n\nThe same.\n\n=\nc 1.0.0 (MIT)\n\nAnother.\n',
  );
});

it('what a package says beside its licence goes with it, and the licences of what it took from others', async () => {
  const files = {
    NOTICE: 'Made by many.',
    LICENSE: 'Mine.',
    'LICENSES/other/LICENSE': 'Theirs.',
    'CopyrightNotice.txt': 'Copyright: me.',
    'README.md': 'How to use it.',
  };
  project.package('near', { files });
  const { text } = await noticesOf('near');
  expect(text).toContain('\n\nMine.\n\nTheirs.\n\nCopyright: me.\n\nMade by many.\n');
  expect(text).not.toContain('How to use it.');
});

it.each([
  ['no file', {}],
  ['an empty file', { LICENSE: ' \n' }],
  ['nothing but a notice', { NOTICE: 'Made by many.' }],
  ['a file with another name that begins alike', { 'licensing.js': 'export default 1;' }],
])('a package without the text of its licence is complained of: %s', async (_what, files) => {
  project.package('near', { files });
  expect((await noticesOf('near')).complaints).toEqual([
    'near 1.0.0 comes without the text of its licence. Add the one of its authors to build/notices.ts.',
  ]);
});

it.each([
  ['none', undefined, 'no licence'],
  ['one that asks for more', 'GPL-3.0-only', '"GPL-3.0-only"'],
  ['a choice, which somebody has to make', '(MIT OR GPL-3.0-only)', '"(MIT OR GPL-3.0-only)"'],
  ['one that is no name', { type: 'MIT' }, '{"type":"MIT"}'],
  ['one that is elsewhere', 'SEE LICENSE IN LICENSE', '"SEE LICENSE IN LICENSE"'],
  ['that it is nobody’s', 'UNLICENSED', '"UNLICENSED"'],
])('a package under a licence that is not allowed is complained of: %s', async (_what, license, said) => {
  project.package('near', { manifest: { license } });
  project.package('next');
  const { complaints } = await noticesOf('near', 'next');
  expect(complaints).toEqual([
    `near 1.0.0 states ${said}. Allowed are 0BSD, Apache-2.0, BlueOak-1.0.0, BSD-3-Clause, ISC, MIT: build/notices.ts.`,
  ]);
});

describe.each(Object.entries(keptTexts))('the text that is kept here for %s', (name, file) => {
  it('is taken, as long as the package has none', async () => {
    project.package(name, { files: {} });
    project.file(file, 'Kept here.');
    expect(await noticesOf(name)).toMatchObject({
      complaints: [],
      text: expect.stringContaining('Kept here.') as string,
    });
    project.package(name, { files: { LICENSE: 'Its own.' } });
    expect((await noticesOf(name)).text).not.toContain('Kept here.');
  });

  it('is there', () => {
    expect(readFileSync(path.join(root, file), 'utf8')).toMatch(/Copyright \(c\)/);
  });
});
