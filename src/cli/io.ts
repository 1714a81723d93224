import { lineLog, type Log } from '../lib/log';
import { printableLines } from './show/printable';

/** Says how far a command has come. */
export interface Progress {
  /** What it does now. */
  tell(text: string): void;
  /** Clears what was said, where that can be done. */
  end(): void;
}

/** What a command needs of the process around it. */
export interface Io {
  /** Data: a line, or several, on the standard output. */
  out(text: string): void;
  /** Remarks and errors: on the standard error output, so that data can be piped. */
  err(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal in characters. */
  columns: number;
  /** Whether data may be coloured. */
  hasColors: boolean;
  /** Whether somebody can be asked. */
  isInteractive: boolean;
  /** Asks a question that is answered with yes or no; only when {@link isInteractive}. */
  confirm(question: string): Promise<boolean>;
  /** Asks which of these it is to be, and gives its place; undefined where nobody says. Only when {@link isInteractive}. */
  choose(question: string, choices: readonly string[]): Promise<number | undefined>;
  progress(): Progress;
  now(): Date;
}

/** Runs something that says how far it has come. */
export async function withProgress<T>(io: Io, run: (tell: Progress['tell']) => Promise<T>): Promise<T> {
  const progress = io.progress();
  try {
    return await run((text) => progress.tell(text));
  } finally {
    progress.end();
  }
}

/** What the library has to say of its own faults, as remarks. */
export function logOf(io: Io): Log {
  const write = (line: string) => io.err(printableLines(line));
  return lineLog({ info: () => undefined, warn: write, error: write });
}
