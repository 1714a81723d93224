import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { controls } from '../../src/lib/controls';
import { levelsOf } from '../../src/lib/controls/codes';
import { type Level, levels } from '../../src/lib/controls/control';
import { Environment } from '../../src/lib/settings';
import { root } from '../support/simulated-tenant';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const files = (folder: string, ending: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));

/** The levels that a text names, in the order of their weight. */
function levelsIn(text = ''): Level[] {
  return levels.filter((level) => new RegExp(`\\b${level}\\b`).test(text));
}

const list = read('docs/findings.md');

describe.each(controls)('the page of $id', ({ id, codes, severity }) => {
  const page = read(`src/lib/controls/${id}/README.md`);
  const sections = [...page.matchAll(/^#+ `?([a-z]+\.[A-Za-z]+)`?\n+([^\n]+)/gm)];

  it('has a section for every code, and for no other', () => {
    expect(sections.map(([, code]) => code).sort()).toEqual(Object.keys(codes).sort());
  });

  it('says its severity, and the levels of its codes, as the control declares them', () => {
    expect(page).toContain(`\nSeverity: ${severity}.\n`);
    for (const [, code = '', firstLine = ''] of sections) {
      const declared = codes[code];
      expect(firstLine).toMatch(/^Level: /);
      expect([code, levelsIn(firstLine)]).toEqual([code, declared && inOrder(levelsOf(declared))]);
    }
  });

  it('is where the list of findings leads to, with the same levels', () => {
    for (const [code, declared] of Object.entries(codes)) {
      const anchor = `controls/${id}/README.md#${code.toLowerCase().replace('.', '')}`;
      const row = list.split('\n').find((line) => line.startsWith(`| [\`${code}\`]`));
      expect(row).toContain(anchor);
      expect([code, levelsIn(row?.split('|')[2])]).toEqual([code, inOrder(levelsOf(declared))]);
    }
  });

  it('is linked where the list of findings says what can be accepted', () => {
    const acceptable = list.slice(list.indexOf('## Accepted risks'), list.indexOf('## Codes'));
    for (const [code, declared] of Object.entries(codes)) {
      const isUnknown = levelsOf(declared).includes('unknown');
      if (isUnknown)
        expect([code, acceptable.includes(`[\`${code}\`]`)]).toEqual([code, declared.acceptable === true]);
      else expect(declared).not.toHaveProperty('acceptable');
    }
  });
});

/** As {@link levelsIn} gives them. */
function inOrder(some: readonly Level[]): Level[] {
  return levels.filter((level) => some.includes(level));
}

it('lists no code that no control gives', () => {
  const listed = [...list.matchAll(/^\| \[`((?!unreadable)[a-z]+\.[A-Za-z]+)`\]/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual(controls.flatMap(({ codes }) => Object.keys(codes)).sort());
});

it('explains every cause of an unreadable tenant', () => {
  for (const cause of ['permission', 'throttled', 'unavailable', 'malformed', 'notFound'])
    expect(list).toMatch(new RegExp(`^#+ \`?unreadable\\.${cause}\`?$`, 'm'));
});

it('explains every setting, and shows it in the sample', () => {
  const sample = JSON.parse(read('local.settings.sample.json')) as { Values: Record<string, string> };
  const page = read('docs/settings.md');
  for (const name of Object.keys(Environment.shape)) {
    expect(page).toContain(name);
    expect(Object.keys(sample.Values)).toContain(name);
  }
});

it('describes every route', () => {
  const page = read('docs/api.md');
  const source = files('src/functions', '.ts').map(read).join('\n');
  const routes = [...source.matchAll(/method: '(\w+)',\s+path: '([^']+)'/g)];
  expect(routes.length).toBeGreaterThan(10);
  for (const [, method, route] of routes) expect(page).toContain(`${method} ${route}`);
});

it('leads nowhere that does not exist', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...files('docs', '.md'),
    ...files('src', '.md'),
    ...files('local', '.md'),
  ];
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, link = '']) => path.join(path.dirname(page), link))
      .filter((target) => !existsSync(path.join(root, target)))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});
