import type { ReadFailure } from './read';
import {
  type Attempt,
  isReply,
  malformedFailure,
  type ReadSubject,
  type Reply,
  speaksOfError,
} from './reply';
import { type Budget, isRetryable, parseRetryAfter, retryDelay } from './retry';

/** Counts what one control cost. */
export interface Usage {
  /** Requests over the wire; a batch counts as one, a repetition as another one. */
  requests: number;
  /** Microsoft's ids of the requests that were answered, for a support case. */
  requestIds: string[];
  /**
   * The longest wait, in milliseconds, that it gave up because others wait for its place: what was read is not complete.
   * @default undefined, for none
   */
  deferMs?: number;
}

/** What a request finally came to: a success, or a typed failure after all patience. */
export type Answer = { ok: true; reply: Reply } | { ok: false; failure: ReadFailure };

const noAnswer: Attempt = { cause: 'unavailable', problem: 'there was no answer' };

/** Decides whether to ask again, and how long to wait before that, within the time that one audit may take. */
export class RetryPolicy {
  /**
   * @param toFailure says what an answer of the service means that is no success.
   * @param baseMs the longest wait after the first attempt, in milliseconds, for a service that gives no `Retry-After`.
   */
  constructor(
    private readonly budget: Budget,
    private readonly toFailure: (attempt: Attempt, reading: ReadSubject) => ReadFailure,
    private readonly tokens: TokenRenewal,
    private readonly random: () => number = Math.random,
    private readonly baseMs?: number,
  ) {}

  /**
   * Asks until every one is answered or the time is up; only those that failed are asked again. Where the token was not taken,
   * once more with a new one.
   * @param ask gives an attempt for each, in their order.
   * @param settled is told what became of each as soon as that is certain.
   */
  async settle<T extends { reading: ReadSubject; usage: Usage }>(
    asked: readonly T[],
    ask: (pending: readonly T[]) => Promise<readonly Attempt[]>,
    settled: (one: T, answer: Answer) => void,
  ): Promise<void> {
    let pending = asked;
    for (let count = 1; pending.length > 0; count++) {
      const began = this.budget.now;
      const { renewals } = this.tokens;
      const attempts = await ask(pending);
      if (!attempts.some(isReply)) this.budget.waited(this.budget.now - began);
      const hasNewToken =
        attempts.some(isTokenRefused) && (await this.tokens.renewedSince(renewals, this.budget.remaining));
      const again: T[] = [];
      let delay = 0;
      for (const [index, one] of pending.entries()) {
        const attempt = attempts[index] ?? noAnswer;
        const wait = hasNewToken && isTokenRefused(attempt) ? 0 : this.delayAfter(attempt, count);
        if (wait === undefined) {
          settled(one, this.conclude(attempt, one));
        } else {
          again.push(one);
          delay = Math.max(delay, wait);
        }
      }
      if (delay > 0) await this.budget.sleep(delay);
      pending = again;
    }
  }

  /** Milliseconds to wait before asking again; undefined when that is no use, or there is no time left for it. */
  private delayAfter(attempt: Attempt, count: number): number | undefined {
    if (!isWorthRepeating(attempt)) return undefined;
    const retryAfterMs = isReply(attempt)
      ? parseRetryAfter(attempt.headers['retry-after'], this.budget.now)
      : undefined;
    const base = this.baseMs === undefined ? {} : { baseMs: this.baseMs };
    const delay = retryDelay({ attempt: count, retryAfterMs, random: this.random(), ...base });
    return this.budget.allows(delay) ? delay : undefined;
  }

  /** The end of all attempts. */
  private conclude(attempt: Attempt, { reading, usage }: { reading: ReadSubject; usage: Usage }): Answer {
    if (isReply(attempt) && attempt.status >= 200 && attempt.status < 300) {
      if (!speaksOfError(attempt)) return { ok: true, reply: attempt };
      return {
        ok: false,
        failure: malformedFailure(reading, attempt, 'the answer holds an error beside what was asked for'),
      };
    }
    const failure = this.toFailure(attempt, reading);
    if (isWorthRepeating(attempt)) {
      const { deferMs: deferMs } = this.budget;
      if (deferMs !== undefined) noteDeferral(usage, deferMs);
      failure.message +=
        deferMs === undefined
          ? ` Given up within the ${this.budget.seconds} s of one audit.`
          : ' Given up so that other audits need not wait.';
    }
    return { ok: false, failure };
  }
}

/** The service did not take the token, whatever it may allow. */
function isTokenRefused(attempt: Attempt): boolean {
  return isReply(attempt) && attempt.status === 401;
}

function isWorthRepeating(attempt: Attempt): boolean {
  return isReply(attempt) ? isRetryable(attempt.status) : attempt.cause === 'unavailable';
}

/** Notes that a wait was given up for others. */
export function noteDeferral(usage: Usage, milliseconds: number): void {
  usage.deferMs = Math.max(usage.deferMs ?? 0, milliseconds);
}

/** Notes Microsoft's id of an answered request, or those of a refused sign-in. */
export function noteRequestId(usage: Usage, attempt: Attempt): void {
  if (!isReply(attempt)) {
    usage.requestIds.push(...(attempt.requestIds ?? []));
    return;
  }
  const id = attempt.headers['request-id'];
  if (id !== undefined) usage.requestIds.push(id);
}

/** The token of a service, as far as it can be had anew. */
export interface TokenRenewal {
  /** How often it was. */
  readonly renewals: number;
  /** Whether there is a newer one than after so many renewals. It is asked for once, whoever wants it and however often. */
  renewedSince(renewals: number, timeoutMs: number): Promise<boolean>;
}
