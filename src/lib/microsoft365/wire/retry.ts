/** What an attempt came to, as far as trying again is concerned. */
export interface RetryInput {
  /** How many attempts were made so far: 1 after the first. */
  attempt: number;
  /** What the service asked for, in milliseconds. */
  retryAfterMs: number | undefined;
  /** A random number from 0 up to 1, so that many workers do not come back at the same moment. */
  random: number;
  /** The longest wait after the first attempt, in milliseconds; 500 unless told. */
  baseMs?: number;
}

const usualBaseMs = 500;
const longestBackoffMs = 30_000;

/**
 * How long to wait before the next attempt, in milliseconds: exponential backoff up to 30 s with jitter, and never
 * less than Retry-After, however long that is. Source: https://learn.microsoft.com/graph/throttling
 */
export function retryDelay({ attempt, retryAfterMs, random, baseMs = usualBaseMs }: RetryInput): number {
  const backoff = Math.min(longestBackoffMs, baseMs * 2 ** (attempt - 1));
  const jittered = backoff * (0.5 + random / 2);
  return Math.ceil(Math.max(jittered, retryAfterMs ?? 0));
}

/** Reads a Retry-After header, given in seconds or as an HTTP date. Undefined when it is absent or senseless. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Statuses after which a read may succeed when it is repeated. */
export function isRetryable(status: number): boolean {
  return [429, 500, 502, 503, 504].includes(status);
}

/**
 * How long an audit may wait within its time. `long`: as long as there is time. `short`: others wait for its place, so in
 * all no longer than it has worked, or five seconds. Whoever would have to wait longer comes back later instead.
 */
export type Waits = 'long' | 'short';

const shortWaitsMs = 5000;

/** The time that one audit may take. Everything that waits asks it first. */
export class Budget {
  private readonly began: number;
  private waitedMs = 0;
  private refusedMs: number | undefined;

  constructor(
    private readonly milliseconds: number,
    private readonly timers: Timers = realTimers,
    private readonly waits: Waits = 'long',
  ) {
    this.began = timers.now();
  }

  /** Whole seconds that the audit was given in all, for messages. */
  get seconds(): number {
    return Math.round(this.milliseconds / 1000);
  }

  get now(): number {
    return this.timers.now();
  }

  get remaining(): number {
    return Math.max(0, this.began + this.milliseconds - this.timers.now());
  }

  /** The longest wait that was refused because others wait too, in milliseconds; undefined when there was none. */
  get deferMs(): number | undefined {
    return this.refusedMs;
  }

  /** Whether to wait that long, in milliseconds. What is refused for the sake of others stays in {@link deferMs}. */
  allows(milliseconds: number): boolean {
    const workedMs = this.timers.now() - this.began - this.waitedMs;
    const isShort = this.waitedMs + milliseconds <= Math.max(shortWaitsMs, workedMs);
    if (this.waits === 'short' && !isShort) {
      this.refusedMs = Math.max(this.refusedMs ?? 0, milliseconds);
      return false;
    }
    return milliseconds < this.remaining;
  }

  /** Notes that no work was done for so long, in milliseconds: a request without an answer is a wait as well. */
  waited(milliseconds: number): void {
    this.waitedMs += milliseconds;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.waited(milliseconds);
    await this.timers.sleep(milliseconds);
  }
}

/** Time as the retries see it; tests bring their own. */
export interface Timers {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The machine's own clock, which may jump. */
export const realTimers: Timers = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
