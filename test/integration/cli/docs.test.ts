import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { demoTargets, federatedAppId } from '../../../local/simulator/demo';
import { exitCodes } from '../../../src/cli/exit';
import { buildProgram } from '../../../src/cli/program';
import { TestApp } from '../../support/app';
import { CliProcess } from '../../support/cli-process';
import { applicationOf } from '../../support/cli-sign-in';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(120_000);

const page = readFileSync(path.join(root, 'docs/cli.md'), 'utf8');

/** The text below a heading of the second level, by what the heading says. */
const sections = new Map(
  page.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

/** Lines of examples that begin a command of this program, with the exit code that the page says. */
interface Example {
  line: string;
  expected: number;
}
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)]
  .map(([, block = '']) => block.split('\n').filter((line) => line !== ''))
  .filter((lines) => lines.every((line) => /^(\w+=\$\()?syncwarden /.test(line)))
  .map((lines) =>
    lines
      // Nobody can be asked here.
      .filter((line) => !line.endsWith('# asks'))
      .map((line): Example => ({ line, expected: Number(/# exit code (\d)$/.exec(line)?.[1] ?? 0) })),
  );

describe('the page of the command line', () => {
  const program = buildProgram(
    {
      out: () => undefined,
      err: () => undefined,
      env: {},
      columns: 80,
      hasColors: false,
      isInteractive: false,
      confirm: () => Promise.resolve(false),
      choose: () => Promise.resolve(undefined),
      progress: () => ({ tell: () => undefined, end: () => undefined }),
      now: () => new Date(),
    },
    () => undefined,
  );
  const flags = (command: Command): string[] => [
    ...command.options.map(({ long }) => long ?? ''),
    ...command.commands.flatMap(flags),
  ];
  const said = (section: string) => [...section.matchAll(/^\| `(--[a-z-]+)`/gm)].map(([, flag = '']) => flag);

  it.each(program.commands.map((command) => [command.name(), command] as const))(
    'has a section for %s with each of its options, and with no other',
    (name, command) => {
      const section = sections.get(`syncwarden ${name}`);
      expect(section).toBeDefined();
      expect([...new Set(said(section ?? ''))].sort()).toEqual([...new Set(flags(command))].sort());
      for (const argument of command.registeredArguments) {
        expect(section).toContain(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`);
      }
    },
  );

  it('has no section for a command that does not exist', () => {
    const named = [...sections.keys()].filter((title) => title.startsWith('syncwarden '));
    expect(named.sort()).toEqual(program.commands.map((command) => `syncwarden ${command.name()}`).sort());
  });

  it('names every exit code', () => {
    const table = sections.get('Exit codes') ?? '';
    for (const [name, code] of Object.entries(exitCodes)) {
      expect(table).toMatch(new RegExp(`^\\| ${code} +\\| ${name} +\\|`, 'm'));
    }
  });

  it('has an example for every command', () => {
    const lines = page.split('\n').filter((line) => /^(\w+=\$\()?syncwarden /.test(line));
    for (const command of program.commands) {
      const words = command.commands.length === 0 ? [''] : command.commands.map((sub) => ` ${sub.name()}`);
      for (const word of words) {
        expect(
          lines.some(
            (line) =>
              line.includes(`syncwarden ${command.name()}${word} `) ||
              line.endsWith(`syncwarden ${command.name()}${word}`),
          ),
        ).toBe(true);
      }
    }
  });
});

describe('every example', () => {
  let app: TestApp;
  let cli: CliProcess;
  const [contoso = {}, fabrikam = {}] = demoTargets(root);
  beforeAll(async () => {
    app = await TestApp.start();
    await app.startHost();
    await app.call('PUT', 'targets/old-rooms', { ...contoso, targetId: 'old-rooms' });
    cli = new CliProcess(app.stack);
    cli.file('my-target.json', { ...fabrikam, targetId: 'my-rooms' });
    const { tenantId, profile, serviceAccount, clientAppId } = contoso as Record<string, string>;
    const line = ['london-rooms', 'contoso', tenantId, profile, serviceAccount, clientAppId].join(',');
    cli.file('customers.csv', `targetId,customer,tenantId,profile,serviceAccount,clientAppId\n${line}\n`);
  });
  afterAll(async () => {
    cli.remove();
    await app.stop();
  });

  // In the order of the page: what one puts, the next one looks at.
  it.each(blocks.filter((block) => block.length > 0).map((block) => [block[0]?.line ?? '', block] as const))(
    '%s … ends as the page says',
    async (_first, block) => {
      const script = block.flatMap(({ line }) => [line, 'echo "$?" >> codes']).join('\n');
      cli.file('codes', '');
      const { err } = await cli.shell(script, {
        ...applicationOf(String(fabrikam.tenantId), federatedAppId),
        SYNCWARDEN_APP: app.url,
      });
      const codes = cli.read('codes').trim().split('\n').map(Number);
      expect({ codes, err }).toEqual({ codes: block.map(({ expected }) => expected), err });
    },
  );

  it('leaves the files behind that it names', () => {
    for (const file of ['report.html', 'my-rooms.html']) expect(cli.read(file)).toContain('my-rooms');
    for (const file of ['contoso.html', 'reports/contoso.html'])
      expect(cli.read(file)).toContain('london-rooms');
    for (const file of ['findings.json', 'targets.json', 'plan.json', 'doctor.json', 'evidence.json']) {
      expect(() => JSON.parse(cli.read(file)) as unknown).not.toThrow();
    }
    expect(cli.read('grant.txt')).toContain('New-MgServicePrincipalAppRoleAssignment');
  });
});
