import type { Fault, Faults, FaultRequest } from './faults';
import type { SimulatedResponse } from './identity';
import type { RequestRecord } from './log';

/** An answer, or word that the connection is to be broken. */
export type Answer = SimulatedResponse | 'drop';

/** Where faults come from, and where answers are written down. */
export interface Desk {
  faults: Faults;
  record: (record: RequestRecord) => void;
}

/** A request of a known caller. */
export interface KnownRequest extends FaultRequest {
  appId: string;
  /** Part of a batch. */
  batched: boolean;
}

/** The honest answer, or what a fault makes of it; either is written down. */
export async function answered(
  { faults, record }: Desk,
  request: KnownRequest,
  honest: () => SimulatedResponse | Promise<SimulatedResponse>,
  failed: (fault: Fault) => SimulatedResponse,
): Promise<Answer> {
  const fault = faults.take(request);
  if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
  if (fault?.drop) return 'drop';
  const answer = fault?.status === undefined ? await honest() : failed(fault);
  if (fault?.change) answer.body = fault.change(answer.body);
  const { status, body: responseBody } = answer;
  record({ ...request, status, responseBody, faulty: fault !== undefined });
  return answer;
}

/** An answer with the `Retry-After` that a fault asks for. */
export function withRetryAfter(answer: SimulatedResponse, { retryAfter }: Fault): SimulatedResponse {
  if (retryAfter === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfter) } };
}
