import * as z from 'zod';
import { InputError } from '../errors';
import { ProblemError } from './problem';

/** The largest body that is read, in bytes. */
export const largestBody = 1024 * 1024;

/** What of a request its body is read from. */
export interface BodyRequest {
  header: (name: string) => string | null;
  bytes: () => Promise<Uint8Array>;
}

/** Reads a body that is text of one of these types. @throws {ProblemError} 413 when it is too large, {InputError} when it is another type, or not UTF-8. */
export async function readTextBody(request: BodyRequest, types: readonly string[]): Promise<TextBody> {
  const bytes = await readBytes(request);
  const [type = ''] = (request.header('content-type') ?? '').split(';');
  const known = types.find((one) => one === type.trim().toLowerCase());
  if (known === undefined)
    throw new InputError([{ path: '', message: `must have the header content-type ${types.join(' or ')}` }]);
  return { type: known, text: textOf(bytes, 'text') };
}

/** A body that is text. */
export const TextBody = z.object({ type: z.string(), text: z.string() });
export type TextBody = z.infer<typeof TextBody>;

/** Reads a JSON body; undefined when there is none. @throws {ProblemError} 413 when it is too large, {InputError} when it is not JSON. */
export async function readJsonBody(request: BodyRequest): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return undefined;
  const text = textOf(bytes, 'JSON');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError([{ path: '', message: `is not valid JSON: ${(error as Error).message}` }]);
  }
}

async function readBytes(request: BodyRequest): Promise<Uint8Array> {
  const tooLarge = new ProblemError('input.tooLarge', `The body is larger than ${largestBody} bytes.`);
  if (Number(request.header('content-length')) > largestBody) throw tooLarge;
  const bytes = await request.bytes();
  if (bytes.byteLength > largestBody) throw tooLarge;
  return bytes;
}

function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([{ path: '', message: `is not valid ${what}: it is not UTF-8` }]);
  }
}
