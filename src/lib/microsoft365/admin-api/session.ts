import { fromBatchReply } from '../wire/batch';
import { type Answer, noteRequestId, RetryPolicy, type Usage } from '../wire/retry-policy';
import { type Attempt, isReply, type ReadSubject } from '../wire/reply';
import type { Budget } from '../wire/retry';
import { RequestCache } from '../wire/request-cache';
import { type Cmdlet, largestBatch, partHeaders, requestHeaders, toCmdletInput, toPath } from './cmdlet';
import { exchangeFailureOf } from './failure';
import type { AdminApiTransport } from './transport';

/** A cmdlet to be run, and who pays for it. */
export interface CmdletCall {
  cmdlet: Cmdlet;
  reading: ReadSubject;
  usage: Usage;
}

/** The cmdlets of one invocation against one tenant; what fails is repeated, alone, until the budget ends. */
export class AdminApiSession {
  /** What was read, so that the same read is sent once per invocation. */
  readonly cache = new RequestCache();
  private readonly retryPolicy: RetryPolicy;

  constructor(
    readonly transport: AdminApiTransport,
    private readonly budget: Budget,
    random?: () => number,
  ) {
    this.retryPolicy = new RetryPolicy(budget, exchangeFailureOf, transport, random);
  }

  /** Where a cmdlet is posted to. */
  addressOf(cmdlet: Cmdlet): string {
    return this.transport.base + toPath(cmdlet);
  }

  /** Asks for one page: the first one, or what a continuation link leads to. The body is the same for all of them. */
  page(call: CmdletCall, address: string): Promise<Answer> {
    const { cmdlet, usage } = call;
    const post = () => this.post(address, cmdlet.name, toCmdletInput(cmdlet), usage);
    return new Promise((resolve, reject) => {
      this.retryPolicy
        .settle(
          [call],
          async () => [await post()],
          (_call, answer) => resolve(answer),
        )
        .catch(reject);
    });
  }

  /**
   * Runs up to ten cmdlets in one request. Each is judged by its own status, and only failed ones are asked again.
   * @throws {RangeError} for more than ten.
   */
  async batch(cmdlets: readonly Cmdlet[], reading: ReadSubject, usage: Usage): Promise<Answer[]> {
    if (cmdlets.length > largestBatch)
      throw new RangeError(`A batch holds ${largestBatch} cmdlets at the most.`);
    const answers: Answer[] = [];
    await this.retryPolicy.settle(
      cmdlets.map((cmdlet, index) => ({ cmdlet, index, reading, usage })),
      (pending) =>
        this.askBatch(
          pending.map(({ cmdlet }) => cmdlet),
          usage,
        ),
      ({ index }, answer) => {
        answers[index] = answer;
      },
    );
    return answers;
  }

  private async askBatch(cmdlets: readonly Cmdlet[], usage: Usage): Promise<readonly Attempt[]> {
    const { base, tenantId } = this.transport;
    const headers = partHeaders(tenantId);
    const requests = cmdlets.map((cmdlet, index) => ({
      id: String(index),
      method: 'POST',
      url: this.addressOf(cmdlet),
      headers,
      body: toCmdletInput(cmdlet),
    }));
    const outer = await this.post(`${base}/$batch`, cmdlets[0]?.name ?? '', { requests }, usage);
    if (!isReply(outer)) return cmdlets.map(() => outer);
    if (outer.status === 200) return fromBatchReply(outer, cmdlets.length);
    // What was not found is the batch and none of its parts.
    return cmdlets.map(() => (outer.status === 404 ? { ...outer, body: undefined } : outer));
  }

  private async post(address: string, cmdlet: string, body: unknown, usage: Usage): Promise<Attempt> {
    usage.requests++;
    const headers = requestHeaders(this.transport.tenantId, cmdlet);
    const attempt = await this.transport.post(address, headers, body, this.budget.remaining);
    noteRequestId(usage, attempt);
    return attempt;
  }
}
