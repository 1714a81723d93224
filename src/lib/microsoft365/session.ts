import { fromBatchReply, largestBatch, toBatchBody } from './batch';
import type { ReadFailure } from './read';
import { type Attempt, failureOf, isReply, type Reading, type Reply } from './reply';
import { type Budget, isRetryable, parseRetryAfter, retryDelay } from './retry';
import type { GraphTransport, GraphVersion } from './transport';

/** Counts what one control cost. */
export interface Tally {
  /** Requests over the wire; a batch counts as one, a repetition as another one. */
  requests: number;
  /** Microsoft's ids of the requests that were answered, for a support case. */
  requestIds: string[];
}

export interface Asked {
  version: GraphVersion;
  path: string;
  reading: Reading;
  /** Who pays for the request; when several ask in one batch, the first one does, so that the sum is what was sent. */
  tally: Tally;
}

/** What one path finally came to: a success, or a typed failure after all patience. */
export type Answer = { ok: true; reply: Reply } | { ok: false; failure: ReadFailure };

interface Waiting extends Asked {
  answer(answer: Answer): void;
}

/**
 * The reads of one invocation against one tenant. What is asked for within the same turn of the event loop leaves as
 * one `$batch`; what was asked for before is not asked again; what fails is repeated, alone, until the budget ends.
 */
export class GraphSession {
  private readonly answers = new Map<string, Promise<Answer>>();
  private waiting: Waiting[] = [];

  constructor(
    private readonly transport: GraphTransport,
    private readonly budget: Budget,
    private readonly random: () => number = Math.random,
  ) {}

  get endpoint(): string {
    return this.transport.endpoint;
  }

  /** Reads a path once per invocation. `fresh` forgets an earlier answer, for a list that has to start over. */
  read(asked: Asked, fresh = false): Promise<Answer> {
    const key = `${asked.version} ${asked.path}`;
    const known = fresh ? undefined : this.answers.get(key);
    if (known !== undefined) return known;
    const answer = new Promise<Answer>((resolve) => this.enqueue({ ...asked, answer: resolve }));
    this.answers.set(key, answer);
    return answer;
  }

  private enqueue(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (this.waiting.length === 1) setImmediate(() => this.sendWaiting());
  }

  private sendWaiting(): void {
    const all = this.waiting;
    this.waiting = [];
    for (const version of ['v1.0', 'beta'] as const) {
      const some = all.filter((waiting) => waiting.version === version);
      for (let start = 0; start < some.length; start += largestBatch) {
        void this.settle(version, some.slice(start, start + largestBatch));
      }
    }
  }

  /** Asks until every one is answered or the time is up; only those that failed are asked again. */
  private async settle(version: GraphVersion, batch: readonly Waiting[]): Promise<void> {
    let pending = batch;
    for (let attempt = 1; pending.length > 0; attempt++) {
      const attempts = await this.ask(version, pending);
      const again: Waiting[] = [];
      let delay = 0;
      for (const [index, waiting] of pending.entries()) {
        const result = attempts[index] ?? noAnswer;
        const wait = this.delayBefore(result, attempt);
        if (wait === undefined) {
          waiting.answer(this.conclude(result, waiting));
        } else {
          again.push(waiting);
          delay = Math.max(delay, wait);
        }
      }
      if (again.length > 0) await this.budget.sleep(delay);
      pending = again;
    }
  }

  /** One request: plain for a single path, `$batch` for several. */
  private async ask(version: GraphVersion, asked: readonly Waiting[]): Promise<Attempt[]> {
    const [first] = asked;
    if (first === undefined) return [];
    first.tally.requests++;
    if (asked.length === 1) {
      const attempt = await this.transport.get(version, first.path, this.budget.remaining);
      noteRequestId(first.tally, attempt);
      return [attempt];
    }
    const body = toBatchBody(asked.map((waiting) => waiting.path));
    const outer = await this.transport.post(version, '/$batch', body, this.budget.remaining);
    for (const tally of new Set(asked.map((waiting) => waiting.tally))) noteRequestId(tally, outer);
    if (!isReply(outer)) return asked.map(() => outer);
    if (outer.status === 200) return fromBatchReply(outer, asked.length);
    // What was not found is the batch and none of its parts, so Graph's word for that must not become theirs.
    return asked.map(() => (outer.status === 404 ? { ...outer, body: undefined } : outer));
  }

  /** Milliseconds to wait before asking again; undefined when that is no use, or there is no time left for it. */
  private delayBefore(attempt: Attempt, count: number): number | undefined {
    if (!isWorthRepeating(attempt)) return undefined;
    const retryAfterMs = isReply(attempt)
      ? parseRetryAfter(attempt.headers['retry-after'], this.budget.now)
      : undefined;
    const delay = retryDelay({ attempt: count, retryAfterMs, random: this.random() });
    return delay < this.budget.remaining ? delay : undefined;
  }

  private conclude(attempt: Attempt, { reading }: Waiting): Answer {
    if (isReply(attempt) && attempt.status >= 200 && attempt.status < 300)
      return { ok: true, reply: attempt };
    const failure = failureOf(attempt, reading);
    if (isWorthRepeating(attempt))
      failure.message += ` Given up within the ${this.budget.seconds} s of one audit.`;
    return { ok: false, failure };
  }
}

function isWorthRepeating(attempt: Attempt): boolean {
  return isReply(attempt) ? isRetryable(attempt.status) : attempt.cause === 'unavailable';
}

const noAnswer: Attempt = { cause: 'unavailable', problem: 'there was no answer' };

function noteRequestId(tally: Tally, attempt: Attempt): void {
  const id = isReply(attempt) ? attempt.headers['request-id'] : undefined;
  if (id !== undefined) tally.requestIds.push(id);
}
