import * as z from 'zod';
import type { ReadFailure } from '../wire/read';
import { type Attempt, failureOf, isReply, oneLine, type ReadSubject, type Reply } from '../wire/reply';

/** An error of the admin API. What happened stands deep inside, in one of three places. */
const ErrorBody = z.object({
  error: z.object({
    code: z.string().optional(),
    message: z.string().optional(),
    details: z.array(z.object({ message: z.string().optional() })).optional(),
    innererror: z
      .object({ internalexception: z.object({ message: z.string().optional() }).optional() })
      .optional(),
  }),
});

/** With these words Exchange says that there is no such object, whatever the status. */
const missing = /ManagementObjectNotFound|couldn't be found|could not be found/i;

/** Turns an answer of the admin API that is not a success into a typed failure. */
export function exchangeFailureOf(attempt: Attempt, reading: ReadSubject): ReadFailure {
  const failure = failureOf(attempt, reading);
  if (!isReply(attempt)) return failure;
  const reason = reasonOf(attempt);
  // The same status says a missing object and a wrong parameter, so the words have to tell.
  if ([400, 404].includes(attempt.status) && missing.test(reason)) {
    return {
      ...failure,
      cause: 'notFound',
      message: `Could not read ${reading.what}: it does not exist in Exchange.`,
    };
  }
  if (attempt.status === 401)
    return { ...failure, message: `${said(reading, attempt, reason)} ${tokenAdvice(reading)}` };
  if (failure.cause === 'notFound')
    return { ...failure, cause: 'unavailable', message: said(reading, attempt, reason) };
  if (failure.cause === 'permission') {
    return { ...failure, message: `${said(reading, attempt, reason)} ${permissionAdvice(reading)}` };
  }
  return failure.cause === 'unavailable' ? { ...failure, message: said(reading, attempt, reason) } : failure;
}

/** A continuation link lives for minutes. Its end is a 400 that says so, and the remedy is to start over. */
export function isExpiredLink({ status, code, message }: ReadFailure): boolean {
  return (
    status === 410 || (status === 400 && /expired|skiptoken|continuation/i.test(`${code ?? ''} ${message}`))
  );
}

function said({ what }: ReadSubject, { status }: Reply, reason: string): string {
  return `Could not read ${what}: Exchange answered ${status}${reason === '' ? '' : ` (${reason})`}.`;
}

function permissionAdvice({ permission }: ReadSubject): string {
  return `Probably the application lacks ${permission}, or a role in Exchange: Global Reader is enough.`;
}

/** Without a word, the same answer as to a token that has ended: it says nothing certain about permissions. */
function tokenAdvice({ permission }: ReadSubject): string {
  return `A new token was asked for, and not taken either. That is so for 15 to 60 minutes, at times longer, after ${permission} or a role in Exchange was granted. If it stays so, look for both: a role such as Global Reader is enough.`;
}

/** Why, in the service's words, cut to one line. The header is more to the point than the body, which may be padding. */
function reasonOf({ headers, body }: Reply): string {
  const error = ErrorBody.safeParse(lowerInnerException(body)).data?.error;
  const words =
    headers['x-ms-diagnostics'] ??
    error?.innererror?.internalexception?.message ??
    error?.details?.find(({ message }) => message !== undefined)?.message ??
    error?.message ??
    '';
  return oneLine(words);
}

/** The service writes `internalException`, in either case. */
function lowerInnerException(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return JSON.parse(
    JSON.stringify(body).replaceAll(/"(innererror|internalexception)":/gi, (name) => name.toLowerCase()),
  ) as unknown;
}
