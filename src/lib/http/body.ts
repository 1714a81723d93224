import { InputError } from '../errors';
import { ProblemError } from './problem';

/** The largest body that is read, in bytes. */
export const largestBody = 1024 * 1024;

/** What of a request its body is read from. */
export interface BodyRequest {
  header: (name: string) => string | null;
  bytes: () => Promise<Uint8Array>;
}

/** Reads a JSON body; undefined when there is none. @throws {ProblemError} 413 when it is too large, {InputError} when it is not JSON. */
export async function readJsonBody(request: BodyRequest): Promise<unknown> {
  const tooLarge = new ProblemError('input.tooLarge', `The body is larger than ${largestBody} bytes.`);
  if (Number(request.header('content-length')) > largestBody) throw tooLarge;
  const bytes = await request.bytes();
  if (bytes.byteLength > largestBody) throw tooLarge;
  if (bytes.byteLength === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new InputError([{ path: '', message: `is not valid JSON: ${why}` }]);
  }
}
