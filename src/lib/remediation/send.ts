import * as z from 'zod';
import { type Attempt, errorCode, isReply, oneLine, type Reply } from '../microsoft365/wire/reply';
import { type Budget, isRetryable, parseRetryAfter, retryDelay } from '../microsoft365/wire/retry';
import { cmdletOf } from '../microsoft365/writer';
import type { PlannedRequest } from '../model/plan';
import type { LeasedWriter } from './lease';

/**
 * What became of a request. `unclear`: it may have been carried out and may not, because its answer was lost; only
 * reading the tenant again can tell.
 */
export type Outcome = { kind: 'made' | 'failed' | 'unclear' } & {
  requestId?: string;
  /** What the answer told: the id of an object that was created. */
  result?: Record<string, string>;
  /** A sentence for an administrator, unless it was made. */
  problem?: string;
};

/** With these the service says that it has not begun: asking again is safe, whatever the request does. */
const notBegun = [429, 503];

/** Why something was not sent. */
const leaseIsLost =
  'Nothing was sent any more: this remediation is no longer the only one that may write to the target, or could not make sure of it.';

/** Sends a change. It is asked again only where that cannot make it twice, and not without the lease. */
export async function sendChange(
  writer: LeasedWriter,
  request: PlannedRequest,
  permission: string,
  budget: Budget,
): Promise<Outcome> {
  let last: Outcome = { kind: 'failed', problem: leaseIsLost };
  for (let count = 1; ; count++) {
    const attempt = await writer.send(request, Math.max(1, budget.remaining));
    if (attempt === undefined) return last;
    const outcome = outcomeOf(attempt, count, request, permission);
    const delay = delayAfter(attempt, count, request, budget);
    if (delay === undefined) return outcome;
    last = { ...outcome, problem: `${outcome.problem ?? ''} ${leaseIsLost}` };
    await budget.sleep(delay);
  }
}

function delayAfter(
  attempt: Attempt,
  count: number,
  request: PlannedRequest,
  budget: Budget,
): number | undefined {
  if (isReply(attempt)) {
    const isSafe = notBegun.includes(attempt.status) || isIdempotent(request);
    if (!isRetryable(attempt.status) || !isSafe) return undefined;
  } else if (attempt.cause === 'permission' || !isIdempotent(request)) {
    return undefined;
  }
  const retryAfterMs = isReply(attempt)
    ? parseRetryAfter(attempt.headers['retry-after'], budget.now)
    : undefined;
  const delay = retryDelay({ attempt: count, retryAfterMs, random: Math.random() });
  return delay < budget.remaining ? delay : undefined;
}

/** Whether doing it twice comes to the same as doing it once. Cmdlets are all posted; their verb tells. */
export function isIdempotent({ method, body }: PlannedRequest): boolean {
  const cmdlet = cmdletOf(body);
  return cmdlet === '' ? method !== 'POST' : /^(Set|Remove)-/.test(cmdlet);
}

function outcomeOf(attempt: Attempt, count: number, request: PlannedRequest, permission: string): Outcome {
  if (!isReply(attempt)) {
    const problem = `Microsoft 365 gave no answer: ${attempt.problem.replace(/\.$/, '')}.`;
    return { kind: attempt.cause === 'permission' ? 'failed' : 'unclear', problem };
  }
  const requestId = attempt.headers['request-id'];
  const known = requestId === undefined ? {} : { requestId };
  if (attempt.status >= 200 && attempt.status < 300)
    return { kind: 'made', ...known, result: resultOf(attempt) };
  // What an earlier attempt has removed is not there for the next one.
  if (attempt.status === 404 && count > 1 && isRemoval(request))
    return { kind: 'made', ...known, result: {} };
  const isUnclear = attempt.status >= 500 && !notBegun.includes(attempt.status);
  return { kind: isUnclear ? 'unclear' : 'failed', ...known, problem: problemOf(attempt, permission) };
}

function isRemoval({ method, body }: PlannedRequest): boolean {
  return method === 'DELETE' || cmdletOf(body).startsWith('Remove-');
}

const Created = z.object({ id: z.string() });

function resultOf({ body }: Reply): Record<string, string> {
  const created = Created.safeParse(body);
  return created.success ? { id: created.data.id } : {};
}

const Message = z.object({ error: z.object({ message: z.string() }) });

function problemOf(reply: Reply, permission: string): string {
  const { status, headers, body } = reply;
  const said = headers['x-ms-diagnostics'] ?? Message.safeParse(body).data?.error.message ?? '';
  const why = oneLine(said);
  const answer = [`Microsoft 365 answered ${status}`, errorCode(reply), why === '' ? undefined : `(${why})`];
  const sentence = `${answer.filter((part) => part !== undefined).join(' ')}.`;
  if (status === 401) {
    return `${sentence} It did not take the token of the identity that writes. A role or permission that was granted within the last hour may not have spread yet: try again later.`;
  }
  if (status !== 403) return sentence;
  return `${sentence} Probably the identity that writes lacks the permission ${permission}, or the account holds an administrator's role, which protects it.`;
}
