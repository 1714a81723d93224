import type { TableServiceClientOptions } from '@azure/data-tables';
import type { Log } from '../log';

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy'];

/** Clocks that are set by the network, as those in Azure are, are never so far apart, in milliseconds. */
const largestDifferenceMs = 5000;

/** The header is in whole seconds. */
const resolutionMs = 1000;

/**
 * The time that all instances of the app go by. Each has a clock of its own, and one that is wrong would end accepted risks,
 * take away leases and remove history, while nobody on that machine could tell. But all of them speak with the same
 * storage account, which says in each answer what time it is there: where the two are too far apart the account's counts.
 */
export class SharedClock {
  /** How far ahead of the account the machine's clock is. */
  private aheadMs = 0;
  private isSaid = false;

  /** @param local the machine's clock. */
  constructor(private readonly local: () => number = Date.now) {}

  now(): Date {
    return new Date(this.local() - this.aheadMs);
  }

  /** Looks at every answer of storage, each attempt for itself. */
  readonly policy: Policy = {
    name: 'shared-clock',
    sendRequest: async (request, next) => {
      const sentAt = this.local();
      const response = await next(request);
      this.note(Date.parse(response.headers.get('date') ?? ''), sentAt, this.local());
      return response;
    },
  };

  /** Says once that the machine's clock is wrong, and again when it has been right in between. */
  say(log: Log): void {
    const isWrong = this.aheadMs !== 0;
    if (isWrong && !this.isSaid) {
      log.warn('The clock of this machine is wrong, and that of storage is gone by', {
        aheadSeconds: Math.round(this.aheadMs / 1000),
      });
    }
    this.isSaid = isWrong;
  }

  private note(toldAt: number, sentAt: number, receivedAt: number): void {
    // Nothing was told, or the machine's clock was set back meanwhile.
    if (Number.isNaN(toldAt) || receivedAt < sentAt) return;
    // It was told at some time between the two: an answer that took long is no reason to doubt the clock.
    const isWrong = (aheadMs: number) => {
      const surelyAheadMs = sentAt - aheadMs - (toldAt + resolutionMs);
      const surelyBehindMs = toldAt - (receivedAt - aheadMs);
      return Math.max(surelyAheadMs, surelyBehindMs) > largestDifferenceMs;
    };
    // What is good enough stays: measured anew with each answer, time would go to and fro.
    if (!isWrong(this.aheadMs)) return;
    this.aheadMs = isWrong(0) ? Math.round((sentAt + receivedAt - resolutionMs) / 2) - toldAt : 0;
  }
}
