import type { ReadFailure } from './read';
import { type Attempt, failureOf, isReply, type Reading, type Reply } from './reply';
import { type Budget, isRetryable, parseRetryAfter, retryDelay } from './retry';

/** Counts what one control cost. */
export interface Tally {
  /** Requests over the wire; a batch counts as one, a repetition as another one. */
  requests: number;
  /** Microsoft's ids of the requests that were answered, for a support case. */
  requestIds: string[];
}

/** What a request finally came to: a success, or a typed failure after all patience. */
export type Answer = { ok: true; reply: Reply } | { ok: false; failure: ReadFailure };

/** Decides whether to ask again, and how long to wait before that, within the time that one audit may take. */
export class Patience {
  constructor(
    readonly budget: Budget,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait before asking again; undefined when that is no use, or there is no time left for it. */
  delayAfter(attempt: Attempt, count: number): number | undefined {
    if (!isWorthRepeating(attempt)) return undefined;
    const retryAfterMs = isReply(attempt)
      ? parseRetryAfter(attempt.headers['retry-after'], this.budget.now)
      : undefined;
    const delay = retryDelay({ attempt: count, retryAfterMs, random: this.random() });
    return delay < this.budget.remaining ? delay : undefined;
  }

  /** The end of all attempts. `toFailure` says what an answer of the service means that is no success. */
  conclude(attempt: Attempt, reading: Reading, toFailure = failureOf): Answer {
    if (isReply(attempt) && attempt.status >= 200 && attempt.status < 300)
      return { ok: true, reply: attempt };
    const failure = toFailure(attempt, reading);
    if (isWorthRepeating(attempt))
      failure.message += ` Given up within the ${this.budget.seconds} s of one audit.`;
    return { ok: false, failure };
  }
}

function isWorthRepeating(attempt: Attempt): boolean {
  return isReply(attempt) ? isRetryable(attempt.status) : attempt.cause === 'unavailable';
}

/** Notes Microsoft's id of an answered request. */
export function noteRequestId(tally: Tally, attempt: Attempt): void {
  const id = isReply(attempt) ? attempt.headers['request-id'] : undefined;
  if (id !== undefined) tally.requestIds.push(id);
}
