import type { Log } from '../log';
import { started } from '../started';
import { chunkSize, type Delivery, type Item, problemOf, type Sender } from './sender';

/** How many undelivered items are kept for later; beyond that the oldest are dropped, and the log says so. */
const mostKept = 10_000;

interface Entry {
  item: Item;
  /** The invocation that noted it. */
  owner: symbol;
}

interface Round {
  /** Invocations with items that are still not delivered. */
  waiting: ReadonlySet<symbol>;
  problem: string;
}

/** Telemetry that could not be delivered yet. It is sent again with the next flush of any invocation. */
export class UndeliveredError extends Error {
  override readonly name = 'UndeliveredError';

  constructor(problem: string) {
    super(`Telemetry was not delivered: ${problem}.`);
  }
}

/**
 * Sends the telemetry of all invocations of this process, one round at a time. Flushes that come while a round is under
 * way share the next one: when the endpoint hangs, sixteen invocations wait for two timeouts and not for sixteen.
 */
export class Outbox {
  private fresh: Entry[] = [];
  private kept: Entry[] = [];
  private last: Promise<unknown> | undefined;
  private next: Promise<Round> | undefined;
  private sender: Promise<Sender> | undefined;

  constructor(private readonly open: () => Promise<Sender>) {}

  /**
   * Sends the items, and what earlier rounds had to keep.
   * @throws {UndeliveredError} when anything of this owner, now or from before, is not delivered.
   */
  async flush(owner: symbol, items: readonly Item[], log: Log): Promise<void> {
    for (const item of items) this.fresh.push({ item, owner });
    const isIdle = this.last === undefined;
    if (isIdle && this.fresh.length === 0 && this.kept.length === 0) return;
    this.next ??= started(this.schedule(log));
    const { waiting, problem } = await this.next;
    if (waiting.has(owner)) throw new UndeliveredError(problem);
  }

  private schedule(log: Log): Promise<Round> {
    const round = started(
      (this.last ?? Promise.resolve()).then(() => {
        this.next = undefined;
        return this.round(log);
      }),
    );
    this.last = round;
    return round;
  }

  private async round(log: Log): Promise<Round> {
    const mine = this.last;
    // What is new goes first, so that an item that the endpoint will never take cannot hold it up.
    const fresh = this.fresh.length;
    const entries = [...this.fresh.splice(0), ...this.kept.splice(0)];
    const { left, problem } = await this.deliver(entries);
    const isNew = new Set(entries.slice(0, fresh));
    const newestFirst = [
      ...left.filter((entry) => isNew.has(entry)),
      ...left.filter((entry) => !isNew.has(entry)),
    ];
    this.kept = newestFirst.slice(0, mostKept);
    if (left.length > 0) {
      const dropped = left.length - this.kept.length;
      log.warn('Telemetry was not delivered', { kept: this.kept.length, dropped, problem });
    }
    if (this.last === mine) this.last = undefined;
    return { waiting: new Set(left.map(({ owner }) => owner)), problem };
  }

  /** Sends chunk by chunk, up to the first of which nothing arrives: the others would only wait as long for as little. */
  private async deliver(entries: readonly Entry[]): Promise<{ left: Entry[]; problem: string }> {
    const left: Entry[] = [];
    let problem = '';
    for (let start = 0; start < entries.length; start += chunkSize) {
      const chunk = entries.slice(start, start + chunkSize);
      const delivery = await this.send(chunk.map(({ item }) => item));
      if (delivery.undelivered.length === 0) continue;
      problem = delivery.problem;
      const undelivered = new Set(delivery.undelivered);
      left.push(...chunk.filter(({ item }) => undelivered.has(item)));
      if (undelivered.size === chunk.length) {
        return { left: [...entries.slice(start + chunkSize), ...left], problem };
      }
    }
    return { left, problem };
  }

  private async send(items: readonly Item[]): Promise<Delivery> {
    try {
      this.sender ??= started(this.open());
      const sender = await this.sender;
      return await sender.send(items);
    } catch (error) {
      // A sender that could not be opened is not kept: the next round tries again.
      this.sender = undefined;
      return { undelivered: items, problem: problemOf(error) };
    }
  }
}
