import { randomUUID } from 'node:crypto';
import { withRetryAfter } from '../answering';
import type { Fault } from '../faults';
import type { SimulatedResponse } from '../identity';
import { errorBody, ExchangeFault } from './fault';

export function ok(body: unknown): SimulatedResponse {
  return { status: 200, headers: headers(), body };
}

/** An error that says what is wrong. */
export function refused(fault: ExchangeFault): SimulatedResponse {
  const allow: Record<string, string> = fault.status === 405 ? { Allow: 'POST' } : {};
  return { status: fault.status, headers: { ...headers(), ...allow }, body: errorBody(fault) };
}

/** Says nothing at all: so the service answers a permission that is missing, or that has not spread yet. */
export function unauthorised(): SimulatedResponse {
  return { status: 401, headers: headers(), text: '' };
}

/** Says the reason in a header; the body is padding. */
export function denied(reason: string): SimulatedResponse {
  return { status: 403, headers: { ...headers(), 'x-ms-diagnostics': reason }, text: '\0'.repeat(64) };
}

/** A failure on request, in the form that the service gives to that status. */
export function failure(fault: Fault): SimulatedResponse {
  const { status = 500, code, message = 'Simulated.' } = fault;
  if (status === 401) return withRetryAfter(unauthorised(), fault);
  if (status === 403) return withRetryAfter(denied(message), fault);
  const byDefault = status === 429 ? 'TooManyRequests' : 'InternalServerError';
  return withRetryAfter(refused(new ExchangeFault(status, code ?? byDefault, message)), fault);
}

function headers(): Record<string, string> {
  return { 'Content-Type': 'application/json; odata.metadata=minimal', 'request-id': randomUUID() };
}
