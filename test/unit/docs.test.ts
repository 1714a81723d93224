import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { control, controls } from '../../src/lib/controls';
import { type CodeDeclaration, levelsOf } from '../../src/lib/controls/codes';
import { routes } from '../../src/lib/http/routes';
import { type Level, levels } from '../../src/lib/model/verdict';
import { columns } from '../../src/lib/report/export/rows';
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

describe.each(controls)('the page of $id', ({ id, codes }) => {
  const page = read(`src/lib/controls/${id}/README.md`);
  const sections = [...page.matchAll(/^#+ `?([a-z]+\.[A-Za-z]+)`?\n+([^\n]+)/gm)];

  it('has a section for every code, and for no other', () => {
    expect(sections.map(([, code]) => code).sort()).toEqual(Object.keys(codes).sort());
  });

  it('says of its codes the levels that the control declares', () => {
    for (const [, code = '', firstLine = ''] of sections) {
      const declared = codes[code];
      expect(firstLine).toMatch(/^Level: /);
      expect([code, levelsIn(firstLine)]).toEqual([code, declared && inOrder(levelsOf(declared))]);
    }
  });

  it('stands in the folder of that name', () => {
    expect(page).toMatch(new RegExp(`^# \`${id}\`: `));
    expect(control(id).id).toBe(id);
  });

  it('comes with the requirement of the vendor that each violation is about', () => {
    const requirements = JSON.parse(read(`src/lib/controls/${id}/requirements.json`)) as {
      codes: string[];
    }[];
    const violations = Object.entries<CodeDeclaration>(codes)
      .filter(([, declared]) => levelsOf(declared).includes('violation'))
      .map(([code]) => code);
    const named = requirements.flatMap((requirement) => requirement.codes);
    expect(violations.filter((code) => !named.includes(code))).toEqual([]);
  });

  it('has codes that can be accepted only where nobody can tell', () => {
    for (const declared of Object.values<CodeDeclaration>(codes))
      if (!levelsOf(declared).includes('unknown')) expect(declared).not.toHaveProperty('acceptable');
  });
});

/** As {@link levelsIn} gives them. */
function inOrder(some: readonly Level[]): Level[] {
  return levels.filter((level) => some.includes(level));
}

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
  for (const { method, path: route } of Object.values(routes)) expect(page).toContain(`${method} ${route}`);
});

it('gives Power BI types for columns that the export has', () => {
  const typed = [...read('docs/power-bi.md').matchAll(/\{"(\w+)", (?:type \w+|Int64\.Type)\}/g)].map(
    ([, name]) => name,
  );
  expect(typed.length).toBeGreaterThan(5);
  expect(columns).toEqual(expect.arrayContaining(typed));
});

/** Every page of the project, wherever it stands. */
const pages = readdirSync(root)
  .filter((name) => !name.startsWith('.') && !['node_modules', 'dist', 'coverage'].includes(name))
  .flatMap((name) =>
    statSync(path.join(root, name)).isDirectory() ? files(name, '.md') : name.endsWith('.md') ? [name] : [],
  );

/** Without examples, which may hold what looks like a heading or a link. */
const prose = (page: string) => read(page).replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');

/** What a heading is called in an address, as GitHub has it: of two that are alike the second gets a number. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

it('leads nowhere that does not exist, and to no heading that does not', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/api.md']));
  const broken = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\((?!\w+:)<?([^)#\s>]*)(?:#([^)\s>]+))?[^)]*\)/g)]
      .map(([, link = '', anchor]) => {
        return { target: link === '' ? page : path.join(path.dirname(page), link), anchor };
      })
      .filter(
        ({ target, anchor }) =>
          !existsSync(path.join(root, target)) ||
          (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor)),
      )
      .map(({ target, anchor }) => `${page} → ${target}${anchor === undefined ? '' : `#${anchor}`}`),
  );
  expect(broken).toEqual([]);
});

it('has no table with cells that its head does not have', () => {
  const widths = (line: string) => line.replaceAll('\\|', '').split('|').length;
  const odd = pages.flatMap((page) => {
    let head = 0;
    return prose(page)
      .split('\n')
      .filter((line) => {
        head = line.trimStart().startsWith('|') ? head || widths(line) : 0;
        return head !== 0 && widths(line) !== head;
      })
      .map((line) => `${page}: ${line.slice(0, 60)}`);
  });
  expect(odd).toEqual([]);
});
