import { randomUUID } from 'node:crypto';
import { RefusedError } from '../errors';
import type { Log } from '../log';
import type { Attempt } from '../microsoft365/wire/reply';
import { realTimers, type Timers } from '../microsoft365/wire/retry';
import type { TenantWriter, WriteRequest } from '../microsoft365/writer';
import { started } from '../started';
import type { LeaseTable, SeenLease } from '../storage/leases';

/** A lease ends so long after it was last renewed. No request that changes a tenant takes longer. */
const leaseMs = 30_000;

/** Often enough that two renewals may fail. */
const renewalMs = 10_000;

/**
 * So long after a lease has ended nobody takes it: a request that left right before has been answered by then, and clocks
 * may differ by a little. With it, somebody else may begin 40 s after a process has died.
 */
const graceMs = 10_000;

/** So much later than it should may a lease end without being doubted. */
const clockDifferenceMs = 5000;

/** Does something again and again until it is told to stop. */
export type Every = (milliseconds: number, action: () => Promise<void>) => () => void;

/** What leases are held by. */
export interface LeaseServices {
  leases: LeaseTable;
  now: () => Date;
  log: Log;
  timers?: Timers;
  /** How renewals come round; tests bring their own. */
  every?: Every;
}

/** The right to write to one target, which nobody else has meanwhile. It is renewed for as long as it is held. */
export class Lease {
  private isLost = false;
  /** The last one that came round. */
  private renewal: Promise<void> | undefined;
  private readonly stop: () => void;

  private constructor(
    private readonly services: LeaseServices,
    private readonly targetId: string,
    private readonly owner: string,
    /** How long it took to find out that whoever had it is gone, in milliseconds. */
    readonly waitedMs: number,
  ) {
    this.stop = (services.every ?? everyInTime)(renewalMs, () => (this.renewal = started(this.renew())));
  }

  /** Takes the lease of a target. @throws {RefusedError} `remediation.busy` while someone else has it. */
  static async take(services: LeaseServices, targetId: string): Promise<Lease> {
    const { leases, now } = services;
    const owner = randomUUID();
    const seen = await leases.get(targetId);
    const waitedMs = seen === undefined ? 0 : await waitForEnd(services, targetId, seen);
    const isFree = waitedMs !== undefined;
    if (!isFree || !(await leases.acquire(targetId, owner, now(), leaseMs, seen))) {
      const message = `Another remediation of ${targetId} is at work, or was until a moment ago. Try again in a minute.`;
      throw new RefusedError('remediation.busy', message);
    }
    return new Lease(services, targetId, owner, waitedMs);
  }

  /**
   * Makes sure that the target is still ours, and for long enough for one request. Asked before everything that is written
   * to it. Once it was not to be had it stays lost: somebody else may have begun.
   */
  async confirm(): Promise<boolean> {
    if (this.isLost) return false;
    try {
      this.isLost = !(await this.extend());
    } catch (error) {
      this.isLost = true;
      this.services.log.warn('A lease could not be renewed', this.about(error));
    }
    return !this.isLost;
  }

  /** Gives it back. Whoever could not would only have to wait for its end. */
  async release(): Promise<void> {
    this.stop();
    // It must not come after this and hold the lease for nobody.
    await this.renewal;
    try {
      await this.services.leases.release(this.targetId, this.owner);
    } catch (error) {
      this.services.log.warn('A lease could not be given back', this.about(error));
    }
  }

  /** A writer that asks for the lease before each request. */
  guard(writer: TenantWriter): LeasedWriter {
    return new LeasedWriter(writer, this);
  }

  private async renew(): Promise<void> {
    try {
      if (!(await this.extend())) this.isLost = true;
    } catch (error) {
      // It still has time to succeed; before anything is written it has to.
      this.services.log.warn('A lease could not be renewed', this.about(error));
    }
  }

  private extend(): Promise<boolean> {
    const { leases, now } = this.services;
    return leases.renew(this.targetId, this.owner, now(), leaseMs);
  }

  private about(error: unknown): Record<string, unknown> {
    const problem = error instanceof Error ? error.message : String(error);
    return { targetId: this.targetId, problem };
  }
}

/** The only way in which changes are sent: none leaves without the lease. */
export class LeasedWriter {
  constructor(
    private readonly writer: TenantWriter,
    private readonly lease: Lease,
  ) {}

  /** Gives undefined, and sends nothing, when the lease is lost. */
  async send(request: WriteRequest, timeoutMs: number): Promise<Attempt | undefined> {
    return (await this.lease.confirm()) ? this.writer.send(request, timeoutMs) : undefined;
  }
}

/**
 * Whether the lease of somebody else has ended: how long it took to find out, or undefined while it is held. An end that
 * lies further ahead than any lease goes is not believed. It cannot be taken at once, because its owner may be at
 * work with a clock that is wrong; whoever is renews it, and that is seen without any clock but this one.
 */
async function waitForEnd(
  { leases, now, log, timers = realTimers }: LeaseServices,
  targetId: string,
  seen: SeenLease,
): Promise<number | undefined> {
  const end = Date.parse(seen.expiresAt);
  const leftMs = end - now().getTime();
  if (leftMs <= leaseMs + clockDifferenceMs) return leftMs + graceMs > 0 ? undefined : 0;
  log.warn('The end of a lease lay ahead of the clock', { targetId, expiresAt: seen.expiresAt });
  for (let waitedMs = 0; waitedMs < leaseMs + graceMs; waitedMs += renewalMs) {
    await timers.sleep(renewalMs);
    if ((await leases.get(targetId))?.etag !== seen.etag) return undefined;
  }
  return leaseMs + graceMs;
}

const everyInTime: Every = (milliseconds, action) => {
  const timer = setInterval(() => {
    action().catch(() => undefined);
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
};
