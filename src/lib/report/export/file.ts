import { ReadableStream } from 'node:stream/web';
import { InputError } from '../../errors';

/** The largest file that is made, in bytes: all of it has to be in memory at once. */
export const largestFile = 64 * 1024 * 1024;

/** Characters that are gathered before they become bytes. */
const pieceLength = 256 * 1024;

/**
 * Puts pieces together. A file is whole or it is not made at all: half of one would pass for all there is. So everything
 * is read before anything is sent, as bytes outside the heap; the stream only hands them over, and lets go of each.
 * @throws {InputError} when it grows beyond `limit` bytes.
 */
export async function fileOf(
  pieces: AsyncIterable<string>,
  limit = largestFile,
): Promise<ReadableStream<Uint8Array>> {
  const parts: Buffer[] = [];
  let size = 0;
  let waiting = '';
  const flush = () => {
    const part = Buffer.from(waiting);
    waiting = '';
    size += part.byteLength;
    if (size > limit) throw tooLarge(limit);
    if (part.byteLength > 0) parts.push(part);
  };
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length >= pieceLength) flush();
  }
  flush();
  return ReadableStream.from(handOver(parts));
}

/** A file that was made in one piece. @throws {InputError} when it is larger than `limit` bytes. */
export function fileOfBytes(bytes: Uint8Array, limit = largestFile): ReadableStream<Uint8Array> {
  if (bytes.byteLength > limit) throw tooLarge(limit);
  return ReadableStream.from([bytes]);
}

function* handOver(parts: Buffer[]): Generator<Uint8Array> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
}

/** Says that an export is more than so many bytes. */
export function tooLarge(limit: number): InputError {
  const size = `${Math.floor(limit / 1024 / 1024)} MiB`;
  const message = `must narrow down what is exported, as control, severity, customer, from and to can: it is more than ${size}`;
  return new InputError([{ path: 'targetId', message }]);
}
