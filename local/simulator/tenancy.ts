import { readTenants, type TenantState } from './state';

/**
 * A change of a tenant. It may be made to more than one copy of it, so it decides nothing by chance, and puts copies of
 * its own into the lists.
 */
export type Change = (state: TenantState) => void;

/** When what was written is seen. */
export interface Consistency {
  /** How long readers do not see what was written; `Infinity` is for ever. */
  consistencyDelayMs: number;
  /** The time, in milliseconds since 1970. */
  now: () => number;
}

/** One tenant: what was written to it, and what readers see of that. */
export class Tenancy {
  private readonly waiting: { at: number; change: Change }[] = [];

  constructor(
    private readonly state: TenantState,
    private readonly consistency: Consistency,
  ) {}

  /** What readers see now. It is always the same object, so that tests can keep it, and change it. */
  seen(): TenantState {
    const { consistencyDelayMs, now } = this.consistency;
    while (this.waiting[0] !== undefined && this.waiting[0].at + consistencyDelayMs <= now()) {
      this.waiting.shift()?.change(this.state);
    }
    return this.state;
  }

  /** What has been written, whether readers see it or not; a copy while there is something that they do not see. */
  written(): TenantState {
    const seen = this.seen();
    if (this.waiting.length === 0) return seen;
    const copy = structuredClone(seen);
    for (const { change } of this.waiting) change(copy);
    return copy;
  }

  /** Changes the tenant, and gives what is written then. */
  write(change: Change): TenantState {
    this.waiting.push({ at: this.consistency.now(), change });
    return this.written();
  }
}

/** All tenants of a folder, and when what is written to them is seen. */
export class Tenancies implements Consistency {
  consistencyDelayMs = 0;
  now: () => number = systemTime;
  private all: Map<string, Tenancy>;

  constructor(private readonly folder: string) {
    this.all = this.read();
  }

  find(tenantId: string): Tenancy | undefined {
    return this.all.get(tenantId);
  }

  /** @throws for an unknown tenant. */
  get(tenantId: string): Tenancy {
    const found = this.find(tenantId);
    if (found === undefined) throw new Error(`There is no tenant ${tenantId}.`);
    return found;
  }

  /** Back to what the files say, with everything seen at once. */
  reset(): void {
    this.all = this.read();
    this.consistencyDelayMs = 0;
    this.now = systemTime;
  }

  /** Adds a tenant that stands in no file, until the next reset. */
  add(state: TenantState): void {
    this.all.set(state.tenantId, new Tenancy(state, this));
  }

  private read(): Map<string, Tenancy> {
    const tenants = readTenants(this.folder);
    return new Map(tenants.map((tenant) => [tenant.tenantId, new Tenancy(tenant, this)]));
  }
}

/** Asks for the time when it is called, so that fake timers can move it. */
function systemTime(): number {
  return Date.now();
}
