import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { type FieldError, InputError, NotFoundError, RefusedError, TargetChangedError } from '../errors';
import { UnreadableError } from '../model/unreadable';

/** Codes are part of the interface; each belongs to one status. */
const statuses = {
  'auth.required': 401,
  'auth.forbidden': 403,
  'input.invalid': 400,
  'input.tooLarge': 413,
  notFound: 404,
  'plan.stale': 409,
  'plan.tooLarge': 422,
  'remediation.disabled': 409,
  'remediation.busy': 409,
  'remediation.interrupted': 409,
  'undo.changed': 409,
  'undo.alreadyDone': 409,
  'waiver.nothingToAccept': 409,
  'kept.unreadable': 409,
  internal: 500,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof statuses;

/** The status that an answer with this code has. */
export function httpStatus(code: ProblemCode): number {
  return statuses[code];
}

/** A problem as callers see it. */
export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What is wrong, and what to do.'),
    code: z.enum(Object.keys(statuses) as ProblemCode[]).describe('Stable: scripts may go by it.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .exactOptional()
      .describe('What is wrong with each field of the input, or of what is kept.'),
  })
  .meta({
    id: 'Problem',
    description:
      'RFC 9457. Some have further members: `plan.stale` the plan as it is now, `undo.changed` the `change`, others the `remediationId`.',
  });

const titles: Record<ProblemCode, string> = {
  'auth.required': 'Sign in',
  'auth.forbidden': 'Not allowed',
  'input.invalid': 'The input cannot be used',
  'input.tooLarge': 'The input is too large',
  notFound: 'Not found',
  'plan.stale': 'The plan is no longer the one that was agreed to',
  'plan.tooLarge': 'The plan is too large',
  'remediation.disabled': 'Nothing may be written',
  'remediation.busy': 'Another remediation is at work',
  'remediation.interrupted': 'An earlier remediation was interrupted',
  'undo.changed': 'It is no longer as it was written',
  'undo.alreadyDone': 'It has been undone already',
  'waiver.nothingToAccept': 'There is nothing to accept',
  'kept.unreadable': 'What is kept cannot be read',
  internal: 'Something went wrong',
  unavailable: 'Not available at the moment',
};

/** Anything that a caller is told as `application/problem+json` (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly errors?: readonly FieldError[],
    /** Further members of the problem, which the caller needs to go on. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }
}

/** Whatever was thrown, as a problem. What is not meant for callers becomes `internal`, without its message. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof InputError) return new ProblemError('input.invalid', error.message, error.errors);
  if (error instanceof RefusedError) {
    return new ProblemError(error.code, error.message, undefined, error.details);
  }
  if (error instanceof UnreadableError)
    return new ProblemError('kept.unreadable', error.message, error.kept.errors);
  if (error instanceof NotFoundError) return new ProblemError('notFound', error.message);
  if (error instanceof TargetChangedError) return new ProblemError('unavailable', error.message);
  return new ProblemError('internal', 'The request could not be carried out. The log of the app says why.');
}

/** What a problem is called. */
export function titleOfProblem({ code }: ProblemError): string {
  return titles[code];
}

/** How to sign in, where that is what is missing. */
export function challengeOf({ code }: ProblemError): Record<string, string> {
  return statuses[code] === 401 ? { 'www-authenticate': 'Bearer' } : {};
}

/** A problem as an answer. https://www.rfc-editor.org/rfc/rfc9457 */
export function problemResponse(problem: ProblemError): HttpResponseInit {
  const status = statuses[problem.code];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...challengeOf(problem),
    },
    body: JSON.stringify({
      ...problem.details,
      type: `https://www.rfc-editor.org/rfc/rfc9110#status.${status}`,
      title: titles[problem.code],
      status,
      detail: problem.message,
      code: problem.code,
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    }),
  };
}
