import { existsSync } from 'node:fs';
import { demoTargets, federatedAppId } from '../../../local/simulator/demo';
import { startStack, type Stack } from '../../../local/stack';
import { CliProcess } from '../../support/cli-process';
import { applicationOf } from '../../support/cli-sign-in';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(60_000);

const [, fabrikam = {}] = demoTargets(root);
const reader = applicationOf(String(fabrikam.tenantId), federatedAppId);

let stack: Stack;
let cli: CliProcess;
beforeAll(async () => {
  stack = await startStack(root);
  cli = new CliProcess(stack);
  cli.file('fabrikam.json', fabrikam);
});
afterAll(async () => {
  await stack.stop();
  cli.remove();
});

describe('the built program', () => {
  it('ends with what it found, data apart from remarks, and no colours in a pipe', async () => {
    const { code, out, err } = await cli.run(['audit', 'fabrikam.json', '--json'], reader);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toHaveProperty('findings');
    expect(err).toMatch(/^Read fabrikam-rooms: license is nonCompliant$/m);
    expect(err).not.toContain('\u001b');
  });

  it('writes the page', async () => {
    const args = ['audit', 'fabrikam.json', '--control', 'license', '--html', 'report.html'];
    expect((await cli.run(args, reader)).code).toBe(1);
    expect(cli.read('report.html')).toMatch(/^<!doctype html>/i);
  });

  it('has colours in a pipe where they are forced, and none where they are not wanted', async () => {
    const audit = ['audit', 'fabrikam.json', '--control', 'license'];
    const forced = await cli.run(audit, { ...reader, FORCE_COLOR: '1' });
    expect(forced.out).toContain('\u001b[31m✘ nonCompliant');
    const refused = await cli.run(audit, { ...reader, FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(refused.out).not.toContain('\u001b');
  });

  it('ends with what it found even when nobody reads to the end', async () => {
    const script = 'syncwarden audit fabrikam.json --json > >(head -c 1 > /dev/null); echo "ended with $?"';
    const { out } = await cli.start('bash', ['-c', script], reader);
    expect(out).toContain('ended with 1');
  });

  it('says what is wrong with a command line, and ends with 3', async () => {
    expect(await cli.run(['audit', 'gone.json'])).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('gone.json cannot be read') as string,
    });
  });
});

/** https://man7.org/linux/man-pages/man1/script.1.html; on other systems it has other options. */
const pseudoTerminal = '/usr/bin/script';
const onTerminal = process.platform === 'linux' && existsSync(pseudoTerminal) ? describe : describe.skip;
if (onTerminal === describe.skip) {
  process.stderr.write(`${pseudoTerminal} is not there: the command line was not tried on a terminal.\n`);
}

onTerminal('on a terminal', () => {
  const terminal = (line: string, env: Record<string, string> = {}) =>
    cli.start(pseudoTerminal, ['-qec', `stty cols 120 rows 40; ${line}`, '/dev/null'], {
      ...reader,
      TERM: 'xterm',
      ...env,
    });

  it('a spinner turns and is gone at the end, and the verdicts are coloured', async () => {
    const { code, out } = await terminal('syncwarden audit fabrikam.json');
    expect(code).toBe(1);
    expect(out).toContain('\u001b[31m✘ nonCompliant');
    expect(out).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]\S* Reading fabrikam-rooms|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]\S* Signing in/);
    // The cursor is back.
    expect(out.lastIndexOf('\u001b[?25h')).toBeGreaterThan(out.lastIndexOf('\u001b[?25l'));
  });

  it('there are no colours where they are not wanted', async () => {
    const { out } = await terminal('syncwarden audit fabrikam.json 2> /dev/null', { NO_COLOR: '1' });
    expect(out).toContain('✘ nonCompliant');
    expect(out).not.toContain('\u001b[');
  });

  it('the table is as wide as it, and a terminal without a width is no pitfall', async () => {
    const narrow = await terminal('stty cols 100; syncwarden audit fabrikam.json 2> /dev/null', {
      NO_COLOR: '1',
    });
    const widths = narrow.out.split(/\r?\n/).map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
    const none = await terminal('stty cols 0; syncwarden audit fabrikam.json');
    expect(none.code).toBe(1);
    expect(none.out).toMatch(/^Read fabrikam-rooms: license is nonCompliant\r?$/m);
  });
});
