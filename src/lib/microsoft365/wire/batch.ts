import * as z from 'zod';
import { type Attempt, type Reply, speaksOfError } from './reply';

/** The most requests that one batch may hold. https://learn.microsoft.com/graph/json-batching */
export const largestBatch = 20;

const BatchBody = z.object({ responses: z.array(z.unknown()) });
const Part = z.object({
  id: z.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).nullish(),
  body: z.unknown().optional(),
});

/** The body of a `$batch` request that reads these paths; each one's id is its place in the list. */
export function toBatchBody(paths: readonly string[]): unknown {
  return { requests: paths.map((url, index) => ({ id: String(index), method: 'GET', url })) };
}

/**
 * Takes a batch's answer apart, one attempt per path in the order of asking. The outer 200 says nothing about the
 * parts, so each carries its own status; a part that is missing, or is not as it should be, was not answered.
 */
export function fromBatchReply(attempt: Reply, count: number): Attempt[] {
  if (speaksOfError(attempt)) return Array.from({ length: count }, () => attempt);
  const parsed = BatchBody.safeParse(attempt.body);
  const answers = new Map<string, Reply>();
  if (parsed.success) {
    for (const response of parsed.data.responses) {
      const part = Part.safeParse(response);
      if (!part.success) continue;
      const { id, status, headers, body } = part.data;
      answers.set(id, { status, headers: lowerCaseKeys(headers ?? {}), body });
    }
  }
  return Array.from(
    { length: count },
    (_, index): Attempt =>
      answers.get(String(index)) ?? {
        cause: 'unavailable',
        problem: 'the batch came back without an answer to it',
      },
  );
}

function lowerCaseKeys(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
