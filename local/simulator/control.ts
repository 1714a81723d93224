import * as z from 'zod';
import type { Faults } from './faults';
import type { SimulatedResponse } from './identity';

const WantedFault = z.strictObject({
  match: z.string(),
  status: z.number().int(),
  code: z.string().optional(),
  message: z.string().optional(),
  retryAfter: z.number().optional(),
  times: z.number().int().optional(),
  after: z.boolean().optional(),
});

/** For a person with curl: `{"match": "GET /v1.0/domains", "status": 429, "retryAfter": 5, "times": 1}`. */
export function addFault(faults: Faults, body: string): SimulatedResponse {
  const parsed = WantedFault.safeParse(JSON.parse(body || '{}'));
  if (!parsed.success) return { status: 400, body: { problem: parsed.error.issues[0]?.message } };
  const { match, status, code, message, retryAfter, times, after } = parsed.data;
  faults.add({
    match: new RegExp(match),
    status,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(times === undefined ? {} : { times }),
    ...(after === undefined ? {} : { after }),
  });
  return { status: 204 };
}
