import { fromBatchReply } from '../wire/batch';
import { type Answer, noteRequestId, Patience, type Tally } from '../wire/patience';
import { type Attempt, isReply, type Reading } from '../wire/reply';
import type { Budget } from '../wire/retry';
import { Shared } from '../wire/shared';
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
    this.patience = new Patience(budget, exchangeFailureOf, transport, random);
  }

  /** Where a cmdlet is posted to. */
  addressOf(cmdlet: Cmdlet): string {
    return this.transport.base + toPath(cmdlet);
  }

  /** Asks for one page: the first one, or what a continuation link leads to. The body is the same for all of them. */
  page(call: CmdletCall, address: string): Promise<Answer> {
    const { cmdlet, tally } = call;
    const post = () => this.post(address, cmdlet.name, toCmdletInput(cmdlet), tally);
    return new Promise((resolve, reject) => {
      this.patience
        .settle(
          [call],
          async () => [await post()],
          (_call, answer) => resolve(answer),
        )
        .catch(reject);
    });
  }

  /** Runs up to ten cmdlets in one request. Each is judged by its own status, and only failed ones are asked again. */
  async batch(cmdlets: readonly Cmdlet[], reading: Reading, tally: Tally): Promise<Answer[]> {
    if (cmdlets.length > largestBatch)
      throw new RangeError(`A batch holds ${largestBatch} cmdlets at the most.`);
    const answers: Answer[] = [];
    await this.patience.settle(
      cmdlets.map((cmdlet, index) => ({ cmdlet, index, reading, tally })),
      (pending) =>
        this.askBatch(
          pending.map(({ cmdlet }) => cmdlet),
          tally,
        ),
      ({ index }, answer) => {
        answers[index] = answer;
      },
    );
    return answers;
  }

  private async askBatch(cmdlets: readonly Cmdlet[], tally: Tally): Promise<readonly Attempt[]> {
    const { base, tenantId } = this.transport;
    const headers = partHeaders(tenantId);
    const requests = cmdlets.map((cmdlet, index) => ({
      id: String(index),
      method: 'POST',
      url: this.addressOf(cmdlet),
      headers,
      body: toCmdletInput(cmdlet),
    }));
    const outer = await this.post(`${base}/$batch`, cmdlets[0]?.name ?? '', { requests }, tally);
    if (!isReply(outer)) return cmdlets.map(() => outer);
    if (outer.status === 200) return fromBatchReply(outer, cmdlets.length);
    // What was not found is the batch and none of its parts.
    return cmdlets.map(() => (outer.status === 404 ? { ...outer, body: undefined } : outer));
  }

  private async post(address: string, cmdlet: string, body: unknown, tally: Tally): Promise<Attempt> {
    tally.requests++;
    const headers = requestHeaders(this.transport.tenantId, cmdlet);
    const attempt = await this.transport.post(address, headers, body, this.budget.remaining);
    noteRequestId(tally, attempt);
    return attempt;
  }
}
