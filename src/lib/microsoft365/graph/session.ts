import { fromBatchReply, largestBatch, toBatchBody } from '../wire/batch';
import { type Answer, noteRequestId, RetryPolicy, type Usage } from '../wire/retry-policy';
import { type Attempt, failureOf, isReply, type ReadSubject } from '../wire/reply';
import { Pace } from '../wire/pace';
import type { Budget } from '../wire/retry';
import { RequestCache } from '../wire/request-cache';
import type { GraphTransport, GraphVersion } from './transport';

/** One request, as a control asks for it. */
export interface Asked {
  version: GraphVersion;
  path: string;
  reading: ReadSubject;
  /** Who pays for the request; when several ask in one batch, the first one does, so that the sum is what was sent. */
  usage: Usage;
}

/** A question that takes a body and changes nothing. */
export interface Question extends Asked {
  body: unknown;
}

/**
 * Conditional Access takes one request a second of a tenant, and answers whoever is faster without `Retry-After`.
 * https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits
 */
export const questionIntervalMs = 1000;

/** Whose turn did not come in time. */
const noTurn: Attempt = { cause: 'unavailable', problem: 'too many others ask the same of this tenant.' };

interface Waiting extends Asked {
  answer(answer: Answer): void;
  /** Nobody has foreseen what went wrong. */
  fail(error: unknown): void;
}

/**
 * The reads of one invocation against one tenant. What is asked for within the same turn of the event loop leaves as
 * one `$batch`; what fails is repeated, alone, until the budget ends.
 */
export class GraphSession {
  /** What was read, so that the same read is sent once per invocation. */
  readonly cache = new RequestCache();
  private readonly retryPolicy: RetryPolicy;
  private readonly questionPolicy: RetryPolicy;
  private waiting: Waiting[] = [];

  constructor(
    private readonly transport: GraphTransport,
    private readonly budget: Budget,
    random?: () => number,
    private readonly pace = new Pace(questionIntervalMs),
  ) {
    this.retryPolicy = new RetryPolicy(budget, failureOf, transport, random);
    this.questionPolicy = new RetryPolicy(budget, failureOf, transport, random, 2 * questionIntervalMs);
  }

  get endpoint(): string {
    return this.transport.endpoint;
  }

  /** Reads a path once per invocation. */
  read(asked: Asked): Promise<Answer> {
    const key = `${asked.version} ${asked.path}`;
    return this.cache.once(key, undefined, asked.usage, (usage) => this.send({ ...asked, usage }));
  }

  /** Reads a path whether or not it was read before, together with whatever else is asked for in this turn. */
  send(asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...asked, answer: resolve, fail: reject });
      if (this.waiting.length === 1) setImmediate(() => this.sendWaiting());
    });
  }

  /** Reads a path at once and by itself: the next page of a list must not wait for that of another. */
  sendAlone(asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.settle(asked.version, [{ ...asked, answer: resolve, fail: reject }]);
    });
  }

  /** Asks what takes a body, once per invocation: alone, and in its turn. */
  question(asked: Question): Promise<Answer> {
    const key = `POST ${asked.version} ${asked.path} ${JSON.stringify(asked.body)}`;
    return this.cache.once(key, undefined, asked.usage, (usage) => this.post({ ...asked, usage }));
  }

  /** As {@link question}, whether or not it was asked before. */
  async post(asked: Question): Promise<Answer> {
    let answer: Answer | undefined;
    await this.questionPolicy.settle(
      [asked],
      async () => [await this.postInTurn(asked)],
      (_, settled) => {
        answer = settled;
      },
    );
    if (answer === undefined) throw new Error('The question was not settled.');
    return answer;
  }

  private async postInTurn({ version, path, body, usage }: Question): Promise<Attempt> {
    const { tenantId } = this.transport;
    const wait = this.pace.waitFor(tenantId, this.budget.now);
    if (wait > 0 && !this.budget.allows(wait)) return noTurn;
    this.pace.take(tenantId, this.budget.now);
    if (wait > 0) await this.budget.sleep(wait);
    usage.requests++;
    const attempt = await this.transport.post(version, path, body, this.budget.remaining);
    noteRequestId(usage, attempt);
    return attempt;
  }

  private sendWaiting(): void {
    const all = this.waiting;
    this.waiting = [];
    for (const version of ['v1.0', 'beta'] as const) {
      const some = all.filter((waiting) => waiting.version === version);
      for (let start = 0; start < some.length; start += largestBatch) {
        this.settle(version, some.slice(start, start + largestBatch));
      }
    }
  }

  private settle(version: GraphVersion, batch: readonly Waiting[]): void {
    this.retryPolicy
      .settle(
        batch,
        (pending) => this.ask(version, pending),
        (waiting, answer) => waiting.answer(answer),
      )
      .catch((error: unknown) => {
        // Those that were answered already are not told.
        for (const waiting of batch) waiting.fail(error);
      });
  }

  /** One request: plain for a single path, `$batch` for several. */
  private async ask(version: GraphVersion, asked: readonly Waiting[]): Promise<Attempt[]> {
    const [first] = asked;
    if (first === undefined) return [];
    first.usage.requests++;
    if (asked.length === 1) {
      const attempt = await this.transport.get(version, first.path, this.budget.remaining);
      noteRequestId(first.usage, attempt);
      return [attempt];
    }
    const body = toBatchBody(asked.map((waiting) => waiting.path));
    const outer = await this.transport.post(version, '/$batch', body, this.budget.remaining);
    for (const usage of new Set(asked.map((waiting) => waiting.usage))) noteRequestId(usage, outer);
    if (!isReply(outer)) return asked.map(() => outer);
    if (outer.status === 200) return fromBatchReply(outer, asked.length);
    // What was not found is the batch and none of its parts, so Graph's word for that must not become theirs.
    return asked.map(() => (outer.status === 404 ? { ...outer, body: undefined } : outer));
  }
}
