import { AppRefusal } from './client';
import { usageError } from '../exit';
import { printable } from '../show/printable';

/**
 * Asks an app. What it refuses of fields is told by the options that they were said with.
 * @param options by the field of the API that they fill: `{ expiresAt: '--until' }`.
 * @throws {CliError} as the client does.
 */
export async function inOptions<T>(
  options: Readonly<Record<string, string>>,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppRefusal) || error.problem.status !== 400) throw error;
    const { errors = [] } = error.problem;
    if (errors.length === 0) throw error;
    throw usageError(errors.map(({ path, message }) => sentence(options, path, message)).join('\n'));
  }
}

function sentence(options: Readonly<Record<string, string>>, path: string, message: string): string {
  // An item of a list has its place in the path.
  const [field = ''] = path.split('.');
  const words = message
    // Of another field: "must be later than from".
    .replaceAll(/\b(than|before) (\w+)/g, (all, word: string, other: string) =>
      options[other] === undefined ? all : `${word} ${options[other]}`,
    )
    // Nobody writes an address here.
    .replace(/ \(in an address, [^)]*\)/, '');
  return printable(`${options[field] ?? path}: ${words}`);
}
