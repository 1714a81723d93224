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
  if (fault === undefined) {
    const answer = await honest();
    record({ ...request, status: answer.status, outcome: answer.status, ...bodyOf(answer), faulty: false });
    return answer;
  }
  if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
  const isKept = fault.drop === true || fault.status !== undefined;
  const carriedOut = isKept && fault.after !== true ? undefined : await honest();
  const outcome = carriedOut?.status;
  if (fault.drop) {
    // What was never carried out has left no trace in the service either.
    if (outcome !== undefined)
      record({ ...request, status: 0, outcome, responseBody: undefined, faulty: true });
    return 'drop';
  }
  const answer = fault.status === undefined && carriedOut !== undefined ? carriedOut : failed(fault);
  if (fault.change) answer.body = fault.change(answer.body);
  record({ ...request, status: answer.status, outcome, ...bodyOf(answer), faulty: true });
  return answer;
}

function bodyOf({ body }: SimulatedResponse) {
  return { responseBody: body };
}

/** An answer with the `Retry-After` that a fault asks for. */
export function withRetryAfter(answer: SimulatedResponse, { retryAfter }: Fault): SimulatedResponse {
  if (retryAfter === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfter) } };
}
