import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { usageError } from './exit';

/** Writes lines into a file, as {@link writeNewBytes} does. Whatever `lines` throws comes through. */
export async function writeNewFile(file: string, lines: AsyncIterable<string>): Promise<void> {
  await writeNewBytes(file, withBreaks(lines));
}

/**
 * Writes a file that is not there yet. It has its name only once it is whole; until then, and when the writing fails, nothing
 * is there by that name. Nobody else may read it.
 * @throws {CliError} when there is such a file: it is never written over.
 */
export async function writeNewBytes(file: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  refuseIfThere(file);
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const target = createWriteStream(unfinished, { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.from(pieces), target);
    await name(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Not every file system has links. Between the look and the renaming somebody else may take the name then, and only then. */
async function name(unfinished: string, file: string): Promise<void> {
  try {
    await link(unfinished, file);
  } catch {
    refuseIfThere(file);
    await rename(unfinished, file);
  }
}

function refuseIfThere(file: string): void {
  if (!existsSync(file)) return;
  throw usageError(`${file} is there already: choose another name, or remove it.`);
}

async function* withBreaks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
