import * as z from 'zod';
import type { Answer } from '../answering';
import { badRequest } from './fault';

const largestBatch = 10;

const Part = z.strictObject({
  id: z.string(),
  method: z.string(),
  /** Absolute, or relative to the tenant's part of the API. */
  url: z.string(),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .transform((headers) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ),
  body: z.unknown().optional(),
});

/** The body of a batch. */
export const Batch = z.strictObject({
  requests: z
    .array(Part)
    .min(1)
    .max(largestBatch)
    .refine((parts) => new Set(parts.map(({ id }) => id)).size === parts.length, 'ids must differ'),
});

/** Where a part goes to. @throws when that is another host: a batch stays where it was posted. */
export function partUrl(url: string, batch: URL): URL {
  const address = URL.parse(url, batch.href);
  if (address?.origin !== batch.origin) throw badRequest(`A part of the batch leads elsewhere: ${url}`);
  return address;
}

/** The answers of a batch, last part first: callers have to go by the ids. */
export function reversed(parts: readonly { id: string; answer: Answer }[]) {
  return parts.toReversed().map(({ id, answer }) => {
    if (answer === 'drop') return { id, status: 504, headers: {}, body: undefined };
    const { status, headers = {}, body, text } = answer;
    return { id, status, headers, body: body ?? text };
  });
}
