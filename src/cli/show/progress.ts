import type { Progress } from '../io';
import { printable } from './printable';

/** A line for each step, for pipes and logs. */
export function plainLines(write: (line: string) => void): Progress {
  return { tell: (text) => write(printable(text)), end: () => undefined };
}
