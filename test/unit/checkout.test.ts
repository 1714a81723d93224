import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore from 'ignore';
import { parse } from 'yaml';
import { root } from '../support/simulated-tenant';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const rules = ignore().add(read('.gitignore')).add(['.git', 'node_modules']);

/** Everything that is checked in, and what is not yet. */
function files(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (rules.ignores(entry.isDirectory() ? `${name}/` : name)) return [];
    return entry.isDirectory() ? files(name) : [name];
  });
}

const all = files();

/** What .gitattributes names as binary: it has no lines. */
const binary = ignore().add(
  [...read('.gitattributes').matchAll(/^(\S+) binary$/gm)].map(([, what = '']) => what),
);

it('every file has the ends of lines that .gitattributes asks for, on every system', () => {
  expect(all.length).toBeGreaterThan(700);
  expect(read('.gitattributes')).toMatch(/^\* text=auto eol=lf$/m);
  expect(all.filter((file) => !binary.ignores(file) && read(file).includes('\r'))).toEqual([]);
});

it('no file is binary that .gitattributes does not name: git would guess', () => {
  expect(all.filter((file) => read(file).includes('\0') && !binary.ignores(file))).toEqual([]);
});

it('no file has a name that Windows cannot have, or takes for another', () => {
  const impossible = /[<>:"\\|?*]|[. ](\/|$)|(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|\/|$)/i;
  expect(all.filter((file) => impossible.test(file))).toEqual([]);
  expect(new Set(all.map((file) => file.toLowerCase())).size).toBe(all.length);
});

describe('package.json', () => {
  const { scripts } = parse(read('package.json')) as { scripts: Record<string, string> };

  it.each(Object.entries(scripts))(
    'its script "%s" runs in every shell, also that of Windows',
    (_name, line) => {
      // No variables, no single quotes, no pipes, no globs that somebody else than the program would have to resolve.
      expect(line).toMatch(/^[\w.,:/@=*\- &]+$/);
      for (const command of line.split(' && ')) {
        expect(command).toMatch(/^(node|npm|azd|tsc|eslint|prettier|jest|concurrently|echo|exit)( |$)/);
        expect(command).not.toMatch(/ &|& /);
      }
    },
  );
});
