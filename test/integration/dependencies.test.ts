import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BundledPackage } from '../../build/bundled';
import { root } from '../support/simulated-tenant';

const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as unknown;
const manifest = read('package.json') as Record<
  '//' | 'dependencies' | 'devDependencies' | 'scripts',
  Record<string, string>
> & { overrides?: Record<string, string> };
const { packages: locked } = read('package-lock.json') as {
  packages: Record<string, { version: string; dev?: true; devOptional?: true }>;
};
const built = read('dist/build/packages.json') as Record<'app' | 'cli', BundledPackage[]>;
const bundled = [...built.app, ...built.cli];

it('what the code that is given away imports stands under dependencies, and nothing else does', () => {
  const direct = bundled.filter(({ isDirect }) => isDirect).map(({ name }) => name);
  expect(Object.keys(manifest.dependencies)).toEqual([...new Set(direct)].sort());
});

it('an audit without the packages for development sees every package in the bundles, in the version that is inside', () => {
  const unseen = bundled.filter(({ folder, version }) => {
    const entry = locked[folder.slice(folder.indexOf('node_modules/'))];
    return entry?.version !== version || entry.dev === true || entry.devOptional === true;
  });
  expect(unseen.map(({ folder, version }) => `${folder} ${version}`)).toEqual([]);
});

it('nothing runs where somebody installs them after all', () => {
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
});

it('a version that is pinned, or forced upon other packages, says why; and no reason outlives it', () => {
  const named = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides };
  const pinned = Object.entries(named).filter(([, range]) => !range.startsWith('^'));
  const forced = Object.keys(manifest.overrides ?? {});
  expect(Object.keys(manifest['//'])).toEqual(
    expect.arrayContaining([...pinned.map(([name]) => name), ...forced]),
  );
  expect(Object.keys(named)).toEqual(expect.arrayContaining(Object.keys(manifest['//'])));
});
