import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support/simulated-tenant';

jest.setTimeout(120_000);

/** What the generator reads and writes. */
const parts = [
  ...['build', 'docs', 'infra', 'src', 'generate.mjs', 'package.json', 'tsconfig.json', '.prettierrc.json'],
  ...['README.md', 'local.settings.sample.json', 'powershell'],
];

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'generate-'));
  for (const part of parts) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
});
afterAll(() => rmSync(copy, { recursive: true }));

const at = (file: string) => path.join(copy, file);
const read = (file: string) => readFileSync(at(file), 'utf8');
const change = (file: string, from: string | RegExp, to: string) => {
  const before = read(file);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(at(file), after);
};

/** Runs the generator in the copy. */
async function generate(...options: string[]): Promise<{ code: number; lines: string[] }> {
  const run = promisify(execFile)(process.execPath, ['generate.mjs', ...options], { cwd: copy });
  const { code, out } = await run.then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: unknown) => {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, out: stderr };
    },
  );
  return {
    code,
    lines: out
      .split('\n')
      .filter((line) => line !== '')
      .sort(),
  };
}

it('what is generated is up to date', async () => {
  expect(await generate('--check')).toEqual({ code: 0, lines: [] });
});

it('what is out of date is named with the command that helps, and nothing is written before that', async () => {
  change('docs/findings.md', '### license', '### licence');
  change('infra/scripts/grant.sh', 'read graph Domain.Read.All password-expiry\n', '');
  const before = read('docs/findings.md');
  expect(await generate('--check')).toEqual({
    code: 1,
    lines: [
      'docs/findings.md is out of date: npm run generate',
      'infra/scripts/grant.sh is out of date: npm run generate',
    ],
  });
  expect(read('docs/findings.md')).toBe(before);
  expect(await generate()).toEqual({
    code: 0,
    lines: ['Wrote docs/findings.md', 'Wrote infra/scripts/grant.sh'],
  });
  for (const file of ['docs/findings.md', 'infra/scripts/grant.sh'])
    expect(read(file)).toBe(readFileSync(path.join(root, file), 'utf8'));
});

it('a new control takes its folder, and one line of the registry', async () => {
  change('src/lib/model/verdict.ts', /(controlIds = \[[^\]]*)\]/, "$1  'toy-box',\n]");
  mkdirSync(at('src/lib/controls/toy-box'));
  writeFileSync(at('src/lib/controls/toy-box/index.ts'), toyBox);
  writeFileSync(
    at('src/lib/controls/toy-box/README.md'),
    '# `toy-box`\n\n<!-- generated: severity and codes -->\n<!-- end of generated: severity and codes -->\n',
  );
  const functions = 'powershell/Syncwarden/Public';
  const offering = readdirSync(at(functions)).filter((file) =>
    read(`${functions}/${file}`).includes("'ews-access'"),
  );
  const { code, lines } = await generate();
  expect([code, lines]).toEqual([
    0,
    [
      ...[
        'README.md',
        'docs/cli.md',
        'docs/findings.md',
        'docs/laptop.md',
        'docs/permissions.md',
        'docs/settings.md',
      ],
      ...['infra/app/settings.bicep', 'infra/graph/permissions.json', 'infra/scripts/grant.sh'],
      'local.settings.sample.json',
      ...offering.map((file) => `${functions}/${file}`).sort(),
      ...['src/lib/controls/registry.ts', 'src/lib/controls/toy-box/README.md'],
    ].map((file) => `Wrote ${file}`),
  ]);
  expect(read('src/lib/controls/registry.ts')).toContain("  'toy-box': toyBox,\n");
  expect(read('src/lib/controls/toy-box/README.md')).toContain(
    '| [`toyBox.empty`](#toyboxempty) | violation |',
  );
  expect(read('infra/app/settings.bicep')).toContain("\n  'toy-box': string?\n");
  expect(read('infra/scripts/grant.sh')).toContain('\nread graph Toy.Read.All toy-box\n');
  expect(read(`${functions}/Get-SyncwardenFinding.ps1`)).toContain(", 'toy-box')]");
  expect(read('local.settings.sample.json')).toContain('"AUDIT_SCHEDULE_TOY_BOX": ""');
  expect(await generate('--check')).toEqual({ code: 0, lines: [] });
});

it('a new route takes a function of the PowerShell module', async () => {
  const files = ['src/functions/findings.ts', 'src/lib/http/routes.ts'];
  for (const file of files) change(file, "'causes-list':", "'causes-grid':");
  const { code, lines } = await generate('--check');
  expect(code).toBe(1);
  expect(lines.join('\n')).toContain(
    'No function of the PowerShell module calls causes-grid: add one to build/generate/powershell/commands.ts.',
  );
  for (const file of files) change(file, "'causes-grid':", "'causes-list':");
});

it('a new parameter of a route takes nothing', async () => {
  change(
    'src/lib/http/inputs.ts',
    'FindingsQuery = PageQuery.extend({',
    "FindingsQuery = PageQuery.extend({\n  colour: z.enum(['red', 'blue']).optional().describe('Of this `colour`.'),",
  );
  expect((await generate()).lines).toEqual([
    'Wrote powershell/Syncwarden/Private/Operations.ps1',
    'Wrote powershell/Syncwarden/Public/Get-SyncwardenFinding.ps1',
  ]);
  const made = read('powershell/Syncwarden/Public/Get-SyncwardenFinding.ps1');
  expect(made).toContain("        [ValidateSet('red', 'blue')]\n        [string] $Colour");
  expect(made).toContain('    .PARAMETER Colour\n    Of this colour.\n');
});

const toyBox = `
export const toyBox = {
  id: 'toy-box',
  version: 1,
  title: 'There are toys',
  severity: 'low',
  codes: { 'toyBox.empty': { level: 'violation', title: 'There is no toy' } },
  appliesTo: () => true,
  permissions: {
    read: [{ resource: 'Microsoft Graph', name: 'Toy.Read.All', id: '00000000-0000-4000-8000-000000000001' }],
    write: [],
  },
};
`;
