import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../support/simulated-tenant';

/** What one of the two shells does not understand, or understands otherwise. */
const differences: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a line that goes on after a backslash', /\\$/m],
  ['a variable of the environment', /^ *export /m],
  ['a variable that is set', /^ *\w+=/m],
  ['a secret that is typed', /^ *read -/m],
  // Versions before 7.3 pass the quotation marks on without their marks.
  ['JSON in quotation marks', /(-d|--data\S*) '[^']*"/],
  ['a script of the shell', /^ *(sh|bash|\.\/\S+\.sh) /m],
  ['a document within', /<<['"]?\w+/],
  ['nowhere', /\/dev\/null/],
];

function differencesOf(code: string): string[] {
  return differences.filter(([, pattern]) => pattern.test(code)).map(([what]) => what);
}

/** Blocks of a shell that the other one cannot run, and that it has no block of its own for right below. */
function withoutTwin(page: string): string[] {
  return [...page.matchAll(/^( *)```(?:sh|bash|shell)\n([\s\S]*?)^\1```\n+( *```(\w*))?/gm)]
    .filter(([, , code = '', , next]) => differencesOf(code).length > 0 && next !== 'powershell')
    .map(([, , code = '']) => `${differencesOf(code).join(', ')}: ${code.trim().split('\n')[0] ?? ''}`);
}

const pages = globSync(['*.md', 'docs/*.md', 'src/**/*.md', 'local/**/*.md', 'bench/*.md', 'infra/**/*.md'], {
  cwd: root,
});

it.each(pages)('%s has every command in a form that both shells understand, or in both', (page) => {
  expect(withoutTwin(readFileSync(path.join(root, page), 'utf8'))).toEqual([]);
});

it('looks at all pages', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/api.md', 'docs/powershell.md']));
});

it.each([
  ["curl 'http://127.0.0.1:7071/api/findings?verdict=nonCompliant'", []],
  ['npm ci && npm start', []],
  ["az rest --url 'https://graph.microsoft.com/?$select=id' --query \"[?name=='keep'].id\"", []],
  ['curl -X POST http://127.0.0.1 \\\n  -d x', ['a line that goes on after a backslash']],
  ['A=b npm test', ['a variable that is set']],
  ['HASH=$(syncwarden plan)', ['a variable that is set']],
  ['export A=b', ['a variable of the environment']],
  ['curl -d \'{ "a": 1 }\'', ['JSON in quotation marks']],
  ['read -rs SECRET', ['a secret that is typed']],
  ['sh infra/scripts/grant.sh', ['a script of the shell']],
])('knows what the shells do not share: %s', (code, expected) => {
  expect(differencesOf(code)).toEqual(expected);
});

it('is content with a block of PowerShell right below, and with nothing else', () => {
  const block = '```sh\nexport A=b\n```\n\n';
  expect(withoutTwin(`${block}\`\`\`powershell\n$env:A = 'b'\n\`\`\`\n`)).toEqual([]);
  expect(withoutTwin(`${block}\`\`\`json\n{}\n\`\`\`\n`)).toEqual([
    'a variable of the environment: export A=b',
  ]);
  expect(withoutTwin(`${block}Or:\n\n\`\`\`powershell\n$env:A = 'b'\n\`\`\`\n`)).toHaveLength(1);
});
