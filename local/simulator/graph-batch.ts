import * as z from 'zod';
import type { Answer } from './answering';
import { errorBody } from './graph-replies';

const largestBatch = 20;

const Part = z.object({
  id: z.string(),
  method: z.string(),
  /** Relative to the version. */
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.never({ error: 'The simulated tenant knows no order of parts.' }).optional(),
});

/** The body of a batch. https://learn.microsoft.com/graph/json-batching */
export const Batch = z.object({
  requests: z
    .array(
      Part.refine(({ body, headers }) => body === undefined || isJson(headers), {
        error: 'Write request does not contain Content-Type header or body.',
      }),
    )
    .min(1)
    .max(largestBatch)
    .refine((parts) => new Set(parts.map(({ id }) => id.toLowerCase())).size === parts.length),
});

/** One part's answer as it stands in the answer of the batch. */
export function partAnswer(id: string, answer: Answer) {
  return answer === 'drop'
    ? { id, status: 504, body: errorBody('UnknownError', '') }
    : { id, status: answer.status, headers: answer.headers ?? {}, body: answer.body };
}

function isJson(headers: Readonly<Record<string, string>>): boolean {
  return Object.entries(headers).some(
    ([name, value]) => /^content-type$/i.test(name) && /^application\/json/i.test(value),
  );
}
