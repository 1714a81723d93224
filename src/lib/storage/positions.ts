import * as z from 'zod';
import { InputError } from '../errors';
import { parseInput } from '../input';

/** Where to go on in a list that is put together here, and not by the service: from a place in it, in letters for an address. */
export function toContinuation(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The place that {@link toContinuation} wrote. @throws {InputError} for a continuation that is none of this list. */
export function positionIn<S extends z.ZodType>(schema: S, continuation: string): z.infer<S> {
  const text = Buffer.from(continuation, 'base64url');
  try {
    // Letters that do not belong there are passed over in decoding.
    if (text.toString('base64url') !== continuation) throw notOfThisApi();
    return parseInput(schema, JSON.parse(text.toString('utf8')));
  } catch {
    throw notOfThisApi();
  }
}

/** Says that a continuation cannot be gone on from. */
export function notOfThisApi(): InputError {
  const message = 'is not one that this API gave: take it from the previous page as it is';
  return new InputError([{ path: 'continuation', message }]);
}
