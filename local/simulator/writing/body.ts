import type { z } from 'zod';
import { GraphFault } from '../faults';
import type { GraphCall, GraphRoute, Reply } from '../route';

/** A route with a body of JSON, which is described here. */
interface BodiedRoute<B extends z.ZodType> extends Omit<GraphRoute, 'answer'> {
  body: B;
  answer: (call: GraphCall, body: z.infer<B>) => Reply;
}

/** A route that refuses every body but the one it describes. */
export function bodied<B extends z.ZodType>({ body, answer, ...route }: BodiedRoute<B>): GraphRoute {
  return { ...route, answer: (call) => answer(call, parsed(body, call.body)) };
}

function parsed<B extends z.ZodType>(schema: B, body: unknown): z.infer<B> {
  if (body === undefined) throw wrong('Empty Payload. JSON content expected.', 'BadRequest');
  if (typeof body === 'string') {
    const why =
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.';
    throw wrong(why, 'BadRequest');
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const property = issue?.path.join('/') ?? '';
  throw wrong(
    property === ''
      ? `The request body is not as described: ${issue?.message ?? ''}`
      : `Invalid value specified for property '${property}': ${issue?.message ?? ''}`,
  );
}

/** A 400: the request is wrong in itself, or the tenant's state does not allow it. */
export function wrong(message: string, code = 'Request_BadRequest'): GraphFault {
  return new GraphFault(400, code, message);
}
