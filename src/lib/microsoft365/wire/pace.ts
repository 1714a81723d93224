/**
 * Lets requests of one kind leave no faster than one in so many milliseconds for each tenant, for a service that says so and
 * gives no `Retry-After` to whoever is faster. Shared by all invocations of an instance.
 */
export class Pace {
  private readonly next = new Map<string, number>();

  constructor(private readonly intervalMs: number) {}

  /** How long to wait for the next turn, in milliseconds. */
  waitFor(tenantId: string, now: number): number {
    return Math.max(0, (this.next.get(tenantId) ?? now) - now);
  }

  /** Takes the next turn, which is after {@link waitFor}. */
  take(tenantId: string, now: number): void {
    const at = now + this.waitFor(tenantId, now);
    // Only those that somebody may have to wait for are remembered.
    for (const [other, free] of this.next) if (free <= now) this.next.delete(other);
    this.next.set(tenantId, at + this.intervalMs);
  }
}
