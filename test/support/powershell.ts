import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** PowerShell: where `PWSH_PATH` says it is, or what the shell would find. */
const pwsh = [process.env.PWSH_PATH, 'pwsh'].find(
  (command) => command !== undefined && spawnSync(command, ['-Version']).status === 0,
);
/** The folder of Pester, which tests what is written in PowerShell. */
const pester = process.env.PESTER_PATH;
const hasPester = pester !== undefined && existsSync(path.join(pester, 'Pester.psd1'));

/** Tests in PowerShell. Without it, or without Pester, they do not run, and one line says so. */
export const describeInPowerShell = pwsh === undefined || !hasPester ? describe.skip : describe;
if (pwsh === undefined) {
  process.stderr.write(
    'No PowerShell was found (PWSH_PATH may say where it is): the tests of the module did not run.\n',
  );
} else if (!hasPester) {
  process.stderr.write('PESTER_PATH names no folder with Pester: the tests of the module did not run.\n');
}

/** What a test in PowerShell came to. */
export interface PesterResult {
  name: string;
  result: 'Passed' | 'Failed' | 'Skipped' | 'NotRun' | 'Inconclusive';
  /** What went wrong, in words. */
  errors: string[];
}

/**
 * Runs all tests of the module in one process.
 * @param given what the tests need to know; they find it as JSON in `SYNCWARDEN_TEST`.
 * @param folder where files may be written.
 * @throws with what PowerShell said, when it ends before the tests do.
 */
export async function runPester(
  script: string,
  given: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<{ results: PesterResult[]; said: string }> {
  const file = path.join(folder, 'results.json');
  const child = spawn(pwsh ?? 'pwsh', ['-NoProfile', '-NonInteractive', '-File', script], {
    cwd: folder,
    env: {
      ...process.env,
      SYNCWARDEN_TEST: JSON.stringify({ ...given, pester, results: file }),
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      POWERSHELL_UPDATECHECK: 'Off',
      NO_COLOR: '1',
      // What it remembers between sessions is nobody else's.
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_CACHE_HOME: folder,
      XDG_DATA_HOME: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0 || !existsSync(file)) throw new Error(`PowerShell ended with ${String(code)}:\n${said}`);
  return { results: JSON.parse(readFileSync(file, 'utf8')) as PesterResult[], said };
}
