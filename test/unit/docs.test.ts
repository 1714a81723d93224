import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ControlId, controlIds } from '../../src/lib/controls/control';
import { Environment } from '../../src/lib/settings';
import { root } from '../support/simulated-tenant';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const files = (folder: string, ending: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));

/** What the source says in quotes and looks like a code of one of these topics. */
function codesOf(folder: string, topics: string): string[] {
  const pattern = new RegExp(`'((?:${topics})\\.[a-z][A-Za-z]+)'`, 'g');
  const found = files(folder, '.ts').flatMap((file) =>
    [...read(file).matchAll(pattern)].flatMap(([, code]) => code ?? []),
  );
  return [...new Set(found)].sort();
}

const topics: Record<ControlId, string> = {
  account: 'account',
  'password-expiry': 'password',
  license: 'license',
  consent: 'consent',
  impersonation: 'impersonation',
  rooms: 'rooms',
  'ews-access': 'ews',
};

describe.each(controlIds)('the page of %s', (id) => {
  const codes = codesOf(`src/lib/controls/${id}`, topics[id]);

  it('has a section for every code, and for no other', () => {
    // Fewer would mean that the search finds nothing: no control has a single code.
    expect(codes.length).toBeGreaterThanOrEqual(2);
    const sections = [...read(`src/lib/controls/${id}/README.md`).matchAll(/^#+ `?([a-z]+\.[A-Za-z]+)`?$/gm)];
    expect(sections.map(([, code]) => code).sort()).toEqual(codes);
  });

  it('is where the list of findings leads to', () => {
    const list = read('docs/findings.md');
    for (const code of codes) {
      expect(list).toContain(`controls/${id}/README.md#${code.toLowerCase().replace('.', '')}`);
    }
  });
});

it('explains every cause of an unreadable tenant', () => {
  const list = read('docs/findings.md');
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
