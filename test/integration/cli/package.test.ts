import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { demoTargets, federatedAppId } from '../../../local/simulator/demo';
import { startStack, type Stack } from '../../../local/stack';
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
  const args = ['pack', root, '--json', '--ignore-scripts', '--pack-destination', cli.bin];
  const { code, out, err } = await cli.start('npm', args, {});
  if (code !== 0) throw new Error(err);
  [packed] = Packed.parse(JSON.parse(out));
});
afterAll(async () => {
  await stack.stop();
  cli.remove();
});

describe('the package', () => {
  it('holds the program, and what there is to read about it', () => {
    const files = packed.files.map((file) => file.path);
    expect(files.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/cli/THIRD-PARTY-NOTICES',
      'dist/cli/syncwarden.js',
      // npm packs the main file whatever else is said.
      'dist/main.js',
      'docs/cli.md',
      'package.json',
    ]);
  });

  it('has nothing else to be installed: the program is one file with all that it needs', () => {
    const manifest = jest.requireActual<Record<string, unknown>>(path.join(root, 'package.json'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).toMatchObject({ private: true, bin: { syncwarden: 'dist/cli/syncwarden.js' } });
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
