import { fromBatchReply, largestBatch, toBatchBody } from './batch';
import { type Answer, noteRequestId, Patience, type Tally } from './patience';
import { type Attempt, isReply, type Reading } from './reply';
import type { Budget } from './retry';
import { Shared } from './shared';
import type { GraphTransport, GraphVersion } from './transport';

export interface Asked {
  version: GraphVersion;
  path: string;
  reading: Reading;
  /** Who pays for the request; when several ask in one batch, the first one does, so that the sum is what was sent. */
  tally: Tally;
}

interface Waiting extends Asked {
  answer(answer: Answer): void;
}

/**
 * The reads of one invocation against one tenant. What is asked for within the same turn of the event loop leaves as
 * one `$batch`; what fails is repeated, alone, until the budget ends.
 */
export class GraphSession {
  /** What was read, so that the same read is sent once per invocation. */
  readonly shared = new Shared();
  private readonly patience: Patience;
  private readonly budget: Budget;
  private waiting: Waiting[] = [];

  constructor(
    private readonly transport: GraphTransport,
    budget: Budget,
    random?: () => number,
  ) {
    this.budget = budget;
    this.patience = new Patience(budget, random);
  }

  get endpoint(): string {
    return this.transport.endpoint;
  }

  /** Reads a path once per invocation. */
  read(asked: Asked): Promise<Answer> {
    return this.shared.once(`${asked.version} ${asked.path}`, undefined, () => this.send(asked));
  }

  /** Reads a path whether or not it was read before, together with whatever else is asked for in this turn. */
  send(asked: Asked): Promise<Answer> {
    return new Promise((resolve) => {
      this.waiting.push({ ...asked, answer: resolve });
      if (this.waiting.length === 1) setImmediate(() => this.sendWaiting());
    });
  }

  /** Reads a path at once and by itself: the next page of a list must not wait for that of another. */
  sendAlone(asked: Asked): Promise<Answer> {
    return new Promise((resolve) => {
      void this.settle(asked.version, [{ ...asked, answer: resolve }]);
    });
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
        const wait = this.patience.delayAfter(result, attempt);
        if (wait === undefined) {
          waiting.answer(this.patience.conclude(result, waiting.reading));
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
}

const noAnswer: Attempt = { cause: 'unavailable', problem: 'there was no answer' };
