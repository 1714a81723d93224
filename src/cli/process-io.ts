import { createInterface } from 'node:readline/promises';
import confirm from '@inquirer/confirm';
import ora from 'ora';
import pc from 'picocolors';
import type { Io, Progress } from './io';
import { printable } from './show/printable';
import { plainLines } from './show/progress';

/** Where nobody tells how wide the output may be. */
const defaultColumns = 140;

/** The real process. Colours and spinners are for terminals; `NO_COLOR` and `FORCE_COLOR` are respected. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  stdout.on('error', ignoreClosedPipe);
  return {
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
    env,
    columns: stdout.columns || defaultColumns,
    hasColors: pc.isColorSupported && (stdout.isTTY || Boolean(env.FORCE_COLOR)),
    isInteractive: stdin.isTTY && stderr.isTTY,
    confirm: (message) => confirm({ message, default: false }, { output: stderr }).catch(noAnswer),
    choose,
    // A terminal of no width is one that nobody looks at, and the spinner would clear its lines for ever.
    progress: () =>
      stderr.isTTY && stderr.columns > 0 ? spinner() : plainLines((line) => stderr.write(`${line}\n`)),
    now: () => new Date(),
  };
}

/** Whoever breaks a question off has not said yes. */
function noAnswer(error: unknown): false {
  if (error instanceof Error && error.name === 'ExitPromptError') return false;
  throw error;
}

/** By its number: a list in words can be read aloud, and copied. */
async function choose(question: string, choices: readonly string[]): Promise<number | undefined> {
  const { stdin, stderr } = process;
  const lines = choices.map((choice, index) => `${String(index + 1).padStart(3)}  ${printable(choice)}`);
  stderr.write(`${question}\n${lines.join('\n')}\n`);
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    const place = Number((await asking.question('Number: ')).trim()) - 1;
    return choices[place] === undefined ? undefined : place;
  } finally {
    asking.close();
  }
}

/** One line that turns, and is gone at the end. */
function spinner(): Progress {
  const turning = ora({ stream: process.stderr, discardStdin: false });
  return {
    tell: (text) => void turning.start(printable(text)),
    end: () => void turning.stop(),
  };
}

/** Whoever reads the output may have had enough: `syncwarden audit … | head -1`. What the command ends with counts all the same. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
