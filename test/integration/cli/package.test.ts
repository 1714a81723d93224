import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { demoTargets, federatedAppId } from '../../../local/simulator/demo';
import { startStack, type Stack } from '../../../local/stack';
import { description, engines, version } from '../../../package.json';
import { CliProcess } from '../../support/cli-process';
import { applicationOf } from '../../support/cli-sign-in';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(120_000);

const [, fabrikam = {}] = demoTargets(root);

const Packed = z.tuple([
  z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }),
]);

let stack: Stack;
let cli: CliProcess;
let packed: z.infer<typeof Packed>[0];
beforeAll(async () => {
  stack = await startStack(root);
  cli = new CliProcess(stack);
  // What is built is packed: to build again would pull it away under other tests.
  const args = [
    'pack',
    path.join(root, 'dist/cli'),
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    cli.bin,
  ];
  const { code, out, err } = await cli.start('npm', args, {});
  if (code !== 0) throw new Error(err);
  [packed] = Packed.parse(JSON.parse(out));
});
afterAll(async () => {
  await stack.stop();
  cli.remove();
});

describe('the package', () => {
  it('holds the program, its licences, and what there is to read about it', () => {
    const files = packed.files.map((file) => file.path);
    expect(files.sort()).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES',
      'docs/cli.md',
      'package.json',
      'syncwarden.js',
    ]);
  });

  it('is made so that whoever has linked to it once can run it after the next build', () => {
    // Windows goes by the name, and links of npm run it there.
    const runnable = (statSync(path.join(root, 'dist/cli/syncwarden.js')).mode & 0o111) !== 0;
    expect(runnable || process.platform === 'win32').toBe(true);
  });

  it('has nothing else to be installed or run: the program is one file with all that it needs', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'dist/cli/package.json'), 'utf8')) as unknown;
    expect(manifest).toEqual({
      ...{ name: 'syncwarden', version, description, license: 'MIT', engines },
      bin: { syncwarden: 'syncwarden.js' },
      files: expect.any(Array) as unknown,
    });
  });

  it('is not made of the project itself, which says where it is', async () => {
    const { code, err, out } = await cli.start('npm', ['pack', root, '--pack-destination', cli.bin], {});
    expect({ code, said: `${out}${err}` }).toEqual({
      code: 1,
      said: expect.stringContaining('pack ./dist/cli') as string,
    });
  });

  it('audits a tenant from an empty folder, without a registry, and writes the page', async () => {
    expect(readdirSync(cli.folder)).toEqual([]);
    cli.file('my-target.json', fabrikam);
    const npx = ['--yes', '--offline', '--package', path.join(cli.bin, packed.filename), 'syncwarden'];
    const audit = ['audit', 'my-target.json', '--html', 'report.html'];
    const { code, out, err } = await cli.start('npx', [...npx, ...audit], {
      ...applicationOf(String(fabrikam.tenantId), federatedAppId),
      npm_config_cache: path.join(cli.bin, 'cache'),
    });
    expect({ code, err }).toEqual({ code: 1, err });
    expect(out).toContain('license.exchangePlanDisabled');
    expect(err).toContain('Wrote report.html.');
    expect(cli.read('report.html')).toContain('fabrikam-rooms');
    expect(readdirSync(cli.folder).sort()).toEqual(['my-target.json', 'report.html']);
  });
});
