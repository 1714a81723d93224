import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BundledPackage } from '../../build/bundled';
import { keptTexts } from '../../build/notices';
import { root } from '../support/simulated-tenant';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const packages = JSON.parse(read('dist/build/packages.json')) as Record<'app' | 'cli', BundledPackage[]>;
const files = { app: 'dist/THIRD-PARTY-NOTICES', cli: 'dist/cli/THIRD-PARTY-NOTICES' };

it.each(['app', 'cli'] as const)(
  'what is inside the %s is named with its licence, package by package',
  (name) => {
    const notices = read(files[name]);
    expect(packages[name].length).toBeGreaterThan(100);
    const titles = packages[name].map((each) => `${each.name} ${each.version} (${String(each.licence)})`);
    expect(titles.filter((title) => !notices.includes(`\n${title}\n`))).toEqual([]);
  },
);

it('what only one of the two loads is named with that one', () => {
  expect(packages.app.map(({ name }) => name)).toContain('applicationinsights');
  expect(read(files.cli)).not.toContain('\napplicationinsights ');
  expect(packages.cli.map(({ name }) => name)).toContain('commander');
  expect(read(files.app)).not.toContain('\ncommander ');
});

it('no text is kept here for a package that is no longer inside, or brings its own by now', () => {
  const notices = Object.values(files).map(read).join('');
  for (const [name, file] of Object.entries(keptTexts)) {
    expect(notices).toContain(`\n${name} `);
    expect(notices).toContain(read(file).trim());
  }
});
