import { AdminApi } from './admin-api';
import { AdminApiSession } from './admin-api/session';
import { AdminApiTransport } from './admin-api/transport';
import { type Cloud, cloudOf } from './clouds';
import { GraphReader } from './graph';
import { GraphSession, questionIntervalMs } from './graph/session';
import { GraphTransport } from './graph/transport';
import type { Credentials } from './sign-in/credentials';
import { Pace } from './wire/pace';
import type { Usage } from './wire/retry-policy';
import { Budget, realTimers, type Timers, type Waits } from './wire/retry';

/** A customer's Microsoft 365 as one control sees it during one invocation. */
export interface Tenant {
  readonly tenantId: string;
  /** What Microsoft announces for a day holds in the worldwide cloud; the others have days of their own. */
  readonly cloud: Cloud;
  /** When the invocation began, in milliseconds since 1970: what takes turns from day to day goes by it. */
  readonly beganAt: number;
  readonly graph: GraphReader;
  /** Exchange's own answers, for targets whose reader is `admin-api`. */
  readonly adminApi: AdminApi;
  /** What this control has cost so far, and how long it would have had to wait where it gave way to others. */
  readonly usage: Usage;
}

/** How long one audit may keep trying, in milliseconds. */
export const defaultBudgetMs = 120_000;

/** Where tenants are read, and for how long one reading may try. */
export interface TenantSettings {
  /** Origin of Microsoft Graph. */
  graphEndpoint: string;
  /** Origin of Exchange Online. */
  exchangeEndpoint: string;
  /**
   * How long one audit may keep trying, in milliseconds.
   * @default {@link defaultBudgetMs}
   */
  budgetMs?: number;
  /** @default {@link realTimers} */
  timers?: Timers;
}

/** Opens tenants for reading. */
export class Tenants {
  private readonly pace = new Pace(questionIntervalMs);

  constructor(
    private readonly credentials: Pick<Credentials, 'canReach' | 'forTenant'>,
    private readonly settings: TenantSettings,
  ) {}

  /** Whether tokens for this tenant can be had with the present settings. */
  canReach(tenantId: string): boolean {
    return this.credentials.canReach(tenantId);
  }

  /**
   * Starts the reads of one invocation. The function that comes back gives each control its own view, with its own
   * usage; the views share what they read.
   * @param budgetMs how long all of them together may keep trying, in milliseconds.
   * @param waits `short` where others wait for the place that the invocation takes.
   * @throws {ForeignTenantError} when no token can be had for the tenant.
   */
  open(
    tenantId: string,
    budgetMs = this.settings.budgetMs ?? defaultBudgetMs,
    waits: Waits = 'long',
  ): () => Tenant {
    const { graphEndpoint, exchangeEndpoint, timers = realTimers } = this.settings;
    const cloud = cloudOf(exchangeEndpoint);
    const credential = this.credentials.forTenant(tenantId);
    const budget = new Budget(budgetMs, timers, waits);
    const beganAt = timers.now();
    const graph = new GraphSession(
      new GraphTransport(graphEndpoint, credential, tenantId),
      budget,
      undefined,
      this.pace,
    );
    const exchange = new AdminApiSession(
      new AdminApiTransport(exchangeEndpoint, credential, tenantId),
      budget,
    );
    return () => {
      const usage: Usage = { requests: 0, requestIds: [] };
      return {
        tenantId,
        cloud,
        beganAt,
        graph: new GraphReader(graph, usage),
        adminApi: new AdminApi(exchange, usage),
        usage,
      };
    };
  }
}
