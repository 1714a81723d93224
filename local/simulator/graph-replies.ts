import { randomUUID } from 'node:crypto';
import { withRetryAfter } from './answering';
import type { Fault } from './faults';
import type { SimulatedResponse } from './identity';

/** An error in Graph's form. */
export function refusal(status: number, code: string, message: string): SimulatedResponse {
  return { status, headers: headers(), body: errorBody(code, message) };
}

/** A failure on request. */
export function failure(fault: Fault): SimulatedResponse {
  const { status = 500, code, message } = fault;
  const byDefault = status === 429 ? 'TooManyRequests' : 'UnknownError';
  return withRetryAfter(refusal(status, code ?? byDefault, message ?? 'Simulated.'), fault);
}

/** What every answer of Graph carries. */
export function headers(): Record<string, string> {
  return {
    'Content-Type':
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    'request-id': randomUUID(),
  };
}

export function errorBody(code: string, message: string) {
  const id = randomUUID();
  const date = new Date().toISOString().slice(0, 19);
  return { error: { code, message, innerError: { date, 'request-id': id, 'client-request-id': id } } };
}
