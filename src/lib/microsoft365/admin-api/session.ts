import { z } from 'zod';
import { fromBatchReply } from '../batch';
import { type Answer, noteRequestId, Patience, type Tally } from '../patience';
import { type Attempt, isReply, type Reading } from '../reply';
import type { Budget } from '../retry';
import { Shared } from '../shared';
import { type Cmdlet, largestBatch, partHeaders, requestHeaders, toCmdletInput, toPath } from './cmdlet';
import { exchangeFailureOf } from './failure';
import type { AdminApiTransport } from './transport';

/** A cmdlet to be run, and who pays for it. */
export interface CmdletCall {
  cmdlet: Cmdlet;
  reading: Reading;
  tally: Tally;
}

/** The cmdlets of one invocation against one tenant; what fails is repeated, alone, until the budget ends. */
export class AdminApiSession {
  /** What was read, so that the same read is sent once per invocation. */
  readonly shared = new Shared();
  private readonly patience: Patience;

  constructor(
    readonly transport: AdminApiTransport,
    private readonly budget: Budget,
    random?: () => number,
  ) {
    this.patience = new Patience(budget, random);
  }

  /** Asks for one page: the first one, or what a continuation link leads to. The body is the same for all of them. */
  async page(
    { cmdlet, reading, tally }: CmdletCall,
    address = this.transport.base + toPath(cmdlet),
  ): Promise<Answer> {
    for (let count = 1; ; count++) {
      tally.requests++;
      const headers = requestHeaders(this.transport.tenantId, cmdlet.name);
      const attempt = await this.transport.post(
        address,
        headers,
        toCmdletInput(cmdlet),
        this.budget.remaining,
      );
      noteRequestId(tally, attempt);
      const wait = this.patience.delayAfter(attempt, count);
      if (wait === undefined) return this.patience.conclude(attempt, reading, exchangeFailureOf);
      await this.budget.sleep(wait);
    }
  }

  /** Runs up to ten cmdlets in one request. Each is judged by its own status, and only failed ones are asked again. */
  async batch(cmdlets: readonly Cmdlet[], reading: Reading, tally: Tally): Promise<Answer[]> {
    if (cmdlets.length > largestBatch)
      throw new RangeError(`A batch holds ${largestBatch} cmdlets at the most.`);
    const answers = new Map<number, Answer>();
    let pending = [...cmdlets.keys()];
    for (let count = 1; pending.length > 0; count++) {
      const asked = pending.flatMap((index) => cmdlets[index] ?? []);
      const attempts = await this.askBatch(asked, tally);
      const again: number[] = [];
      let delay = 0;
      for (const [place, index] of pending.entries()) {
        const attempt = attempts[place] ?? noAnswer;
        const wait = this.patience.delayAfter(attempt, count);
        if (wait === undefined)
          answers.set(index, this.patience.conclude(attempt, reading, exchangeFailureOf));
        else again.push(index);
        delay = Math.max(delay, wait ?? 0);
      }
      if (again.length > 0) await this.budget.sleep(delay);
      pending = again;
    }
    return cmdlets.map((_, index) => answers.get(index) ?? this.patience.conclude(noAnswer, reading));
  }

  private async askBatch(cmdlets: readonly Cmdlet[], tally: Tally): Promise<Attempt[]> {
    const { base, tenantId } = this.transport;
    const requests = cmdlets.map((cmdlet, index) => ({
      id: String(index),
      method: 'POST',
      url: base + toPath(cmdlet),
      headers: partHeaders(tenantId),
      body: toCmdletInput(cmdlet),
    }));
    tally.requests++;
    const headers = requestHeaders(tenantId, cmdlets[0]?.name ?? '');
    const outer = await this.transport.post(`${base}/$batch`, headers, { requests }, this.budget.remaining);
    noteRequestId(tally, outer);
    if (!isReply(outer)) return cmdlets.map(() => outer);
    if (outer.status === 200) return fromBatchReply(outer, cmdlets.length);
    // What was not found is the batch and none of its parts.
    return cmdlets.map(() => (outer.status === 404 ? { ...outer, body: undefined } : outer));
  }
}

const noAnswer: Attempt = { cause: 'unavailable', problem: 'there was no answer' };

/** One page of what a cmdlet gives. */
export const CmdletPage = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });
