import * as z from 'zod';
import { type Read, type ReadFailure, readFailed } from './read';

/** An answer from Microsoft 365, whether it came alone or inside a batch. */
export interface Reply {
  status: number;
  /** Header names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined when there was none. */
  body: unknown;
}

/** No answer: a broken connection, a timeout, or no token. */
export interface NoReply {
  /** What went wrong, without secrets. */
  problem: string;
  /** `permission` when the identity itself was refused: repeating that is no use. */
  cause: 'permission' | 'unavailable';
  /** Microsoft's ids of a refused sign-in, for a support case. */
  requestIds?: readonly string[];
}

/** What came of sending a request once. */
export type Attempt = Reply | NoReply;

/** Whether there was an answer; one that says no is an answer. */
export function isReply(attempt: Attempt): attempt is Reply {
  return 'status' in attempt;
}

/** The form of every error of Microsoft Graph. https://learn.microsoft.com/graph/errors */
const GraphErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().optional(),
    innerError: z.object({ 'request-id': z.string().optional() }).optional(),
  }),
});

/** What a failed reading is about. */
export interface ReadSubject {
  /** What is read, as the object of a sentence: `the service account`. */
  what: string;
  /** Name of the permission that the reading needs. */
  permission: string;
}

/** The service's own code of a failed answer, e.g. `Directory_ExpiredPageToken`. */
export function errorCode(reply: Reply): string | undefined {
  const parsed = GraphErrorBody.safeParse(reply.body);
  return parsed.success ? parsed.data.error.code : undefined;
}

/** Whether a success speaks of an error beside what it gives: what went wrong on the way must not look like all there is. */
export function speaksOfError({ body }: Reply): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    body.error !== null &&
    body.error !== undefined
  );
}

/** A service's own words as one line without control characters (it pads some with NUL), cut to 300 characters. */
export function oneLine(words: string): string {
  return words
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** Turns an answer that is not a success into a typed failure. */
export function failureOf(attempt: Attempt, { what, permission }: ReadSubject): ReadFailure {
  if (!isReply(attempt)) {
    // Whoever is not even signed in has not come so far that a permission could be missing.
    return { cause: attempt.cause, message: `Could not read ${what}: ${attempt.problem}` };
  }
  const { status, headers } = attempt;
  const error = GraphErrorBody.safeParse(attempt.body).data?.error;
  const details: Partial<ReadFailure> = { status };
  const requestId = headers['request-id'] ?? error?.innerError?.['request-id'];
  if (error?.code !== undefined) details.code = error.code;
  if (requestId !== undefined) details.requestId = requestId;
  const answer = `Microsoft 365 answered ${status}${error ? ` ${error.code}` : ''}`;

  // It is the token that is not taken, before anybody has looked at what it allows.
  if (status === 401) {
    const message = `Could not read ${what}: ${answer}, though a new token was asked for. That is no missing permission: it does not accept Syncwarden's identity at the moment. If it stays so, see whether the application is still there and enabled in the tenant.`;
    return { ...details, cause: 'unavailable', message };
  }
  if (status === 403) {
    const message = `Could not read ${what}: ${answer}. Probably the permission ${permission} is missing.`;
    return { ...details, cause: 'permission', permission, message };
  }
  if (status === 429) {
    return { ...details, cause: 'throttled', message: `Could not read ${what}: ${answer} for too long.` };
  }
  // A 404 without Graph's own word for it comes from something in between, and says nothing about the tenant.
  if (status === 404 && /not_?found/i.test(error?.code ?? '')) {
    return {
      ...details,
      cause: 'notFound',
      message: `Could not read ${what}: it does not exist (${answer}).`,
    };
  }
  return { ...details, cause: 'unavailable', message: `Could not read ${what}: ${answer}.` };
}

/** The failure of a reading whose answer is not as its schema has it. */
export function malformed(reading: ReadSubject, reply: Reply, error: z.ZodError): Read<never> {
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.join('.');
  const why = `${where} is not as Microsoft documents it (${issue?.message ?? 'invalid'})`;
  return readFailed(malformedFailure(reading, reply, why));
}

/** A failure because of what a success says. @param why a sentence without its end. */
export function malformedFailure({ what }: ReadSubject, reply: Reply, why: string): ReadFailure {
  const code = errorCode(reply);
  return {
    cause: 'malformed',
    status: reply.status,
    message: `Could not read ${what}: ${why}.`,
    ...(code === undefined ? {} : { code }),
    ...(reply.headers['request-id'] === undefined ? {} : { requestId: reply.headers['request-id'] }),
  };
}
