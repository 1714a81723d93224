import { isAccepted, isWrite } from '../../local/simulator';
import { homeTenantId, remediationClientId } from '../../local/simulator/demo';
import { RefusedError } from '../../src/lib/errors';
import { lineLog } from '../../src/lib/log';
import { Credentials } from '../../src/lib/microsoft365/sign-in/credentials';
import type { Timers } from '../../src/lib/microsoft365/wire/retry';
import { Writers } from '../../src/lib/microsoft365/writer';
import type { PlanOption } from '../../src/lib/model/plan';
import type { Author, Remediation, RepairResult } from '../../src/lib/model/remediation';
import type { Target } from '../../src/lib/model/target';
import type { ControlId } from '../../src/lib/model/verdict';
import { applyPlan, proposePlan } from '../../src/lib/remediation/apply';
import type { RemediationServices } from '../../src/lib/remediation/gate';
import type { Every } from '../../src/lib/remediation/lease';
import type { AgreedPlan } from '../../src/lib/remediation/plan';
import { settleFor } from '../../src/lib/remediation/settle';
import { undoRemediation } from '../../src/lib/remediation/undo';
import type { StorageConnection } from '../../src/lib/storage/connection';
import { LeaseTable } from '../../src/lib/storage/leases';
import { RemediationTable } from '../../src/lib/storage/remediations';
import { SimulatedTenant } from './simulated-tenant';
import { TestStorage, TestTelemetry } from './storage';

export const ada: Author = { objectId: 'ada', name: 'Ada', applicationId: null };

/** The gate of remediations before the healthy demo tenant: real storage, real https, and a clock that only waits move on. */
export class Repairs {
  telemetry = new TestTelemetry();
  /** The time for everybody: the gate, and when the tenant shows what was written. */
  private clock = Date.parse('2026-11-24T08:00:00Z');
  readonly waits: number[] = [];
  readonly timers: Timers = {
    now: () => this.clock,
    sleep: async (milliseconds) => {
      this.waits.push(milliseconds);
      await this.work(milliseconds);
    },
  };
  private readonly rounds = new Set<{ next: number; every: number; action: () => Promise<void> }>();
  /** What comes round does so as this clock goes on. */
  readonly every: Every = (milliseconds, action) => {
    const round = { next: this.clock + milliseconds, every: milliseconds, action };
    this.rounds.add(round);
    return () => this.rounds.delete(round);
  };

  /** What the log was told. */
  readonly said: string[] = [];
  private readonly write = (line: string) => this.said.push(line);

  private constructor(
    readonly storage: TestStorage,
    readonly tenant: SimulatedTenant,
  ) {}

  static async start(): Promise<Repairs> {
    const [storage, tenant] = await Promise.all([TestStorage.start(), SimulatedTenant.start()]);
    const repairs = new Repairs(storage, tenant);
    repairs.begin();
    return repairs;
  }

  /** Back to the healthy tenant and to empty tables. @throws when the reading identity has changed anything. */
  async reset(): Promise<void> {
    const written = this.writes.filter(({ appId }) => appId !== remediationClientId);
    await this.storage.clear();
    await this.clearTables();
    this.tenant.reset();
    this.begin();
    if (written.length > 0) throw new Error(`Written by the wrong identity: ${written[0]?.url ?? ''}`);
  }

  async stop(): Promise<void> {
    await this.tenant.close();
    await this.storage.stop();
  }

  /** Changes of the tenant that were accepted, parts of batches included. */
  get writes() {
    return this.tenant.simulator.requests.filter((request) => isWrite(request) && isAccepted(request));
  }

  get now(): Date {
    return new Date(++this.clock);
  }

  /** Time goes by in which this process does nothing. */
  pass(milliseconds: number): void {
    this.clock += milliseconds;
  }

  /** Time goes by, and what comes round is done meanwhile. */
  async work(milliseconds: number): Promise<void> {
    const end = this.clock + milliseconds;
    for (;;) {
      const due = [...this.rounds].filter(({ next }) => next <= end).sort((a, b) => a.next - b.next)[0];
      if (due === undefined) break;
      this.clock = Math.max(this.clock, due.next);
      due.next += due.every;
      await due.action();
    }
    this.clock = Math.max(this.clock, end);
  }

  services(changes: Partial<RemediationServices> = {}): RemediationServices {
    const { targets, findings, history, resources, waivers, connection } = this.storage;
    const { simulator } = this.tenant;
    const endpoints = { graphEndpoint: simulator.url, exchangeEndpoint: simulator.exchangeUrl };
    const remediations = new RemediationTable(connection);
    const records = { targets, findings, history, resources, waivers, remediations, now: () => this.now };
    const credentials = new Credentials({
      authorityHost: simulator.authorityUrl,
      clientId: remediationClientId,
      federatedAppClientId: undefined,
      homeTenantId,
      kind: 'managedIdentity',
    });
    return {
      ...records,
      tenants: this.tenant.tenants(),
      leases: new LeaseTable(connection),
      writers: new Writers(credentials, endpoints),
      endpoints,
      maxChanges: 25,
      log: lineLog({ info: this.write, warn: this.write, error: this.write }),
      onCompliant: (finding, telemetry) => settleFor(records, telemetry, finding),
      timers: this.timers,
      every: this.every,
      ...changes,
    };
  }

  /** Stores the target that watches the tenant. */
  async putTarget(options: Partial<Target> = {}): Promise<void> {
    const { targetId, createdAt, updatedAt, ...definition } = this.tenant.target();
    await this.storage.putTarget(targetId, { ...definition, ...options });
  }

  plan(control: ControlId, include: readonly PlanOption[] = []): Promise<AgreedPlan> {
    return proposePlan(this.services(), { targetId: 'contoso-rooms', control, include });
  }

  apply(
    control: ControlId,
    planHash: string,
    changes: Partial<RemediationServices> = {},
    include: readonly PlanOption[] = [],
  ): Promise<RepairResult> {
    const request = { targetId: 'contoso-rooms', control, include, planHash };
    return applyPlan(this.services(changes), this.telemetry, request, ada);
  }

  /** Plans, and applies that plan. */
  async repair(control: ControlId, changes: Partial<RemediationServices> = {}): Promise<RepairResult> {
    return this.apply(control, (await this.plan(control)).planHash, changes);
  }

  /** A table that loses its process at the n-th time that it is written to, before or after it has written. */
  dyingTable(diesAt: number, isAfter: boolean): RemediationTable {
    return new DyingTable(this.storage.connection, diesAt, isAfter);
  }

  undo(remediationId: string, changes: Partial<RemediationServices> = {}): Promise<RepairResult> {
    return undoRemediation(this.services(changes), this.telemetry, 'contoso-rooms', remediationId, ada);
  }

  async records(): Promise<Remediation[]> {
    return (await this.services().remediations.page('contoso-rooms', { limit: 100 })).items;
  }

  private begin(): void {
    this.telemetry = new TestTelemetry();
    this.waits.splice(0);
    this.rounds.clear();
    this.said.splice(0);
    this.tenant.simulator.now = () => this.clock;
  }

  private async clearTables(): Promise<void> {
    for (const name of ['SyncwardenRemediations', 'SyncwardenLeases']) {
      const table = await this.storage.connection.table(name);
      for await (const { partitionKey = '', rowKey = '' } of table.listEntities())
        await table.deleteEntity(partitionKey, rowKey);
    }
  }
}

class DyingTable extends RemediationTable {
  private count = 0;
  constructor(
    connection: StorageConnection,
    private readonly diesAt: number,
    private readonly isAfter: boolean,
  ) {
    super(connection);
  }
  override create(remediation: Remediation): Promise<void> {
    return this.step(() => super.create(remediation));
  }
  override update(remediation: Remediation): Promise<void> {
    return this.step(() => super.update(remediation));
  }
  private async step(write: () => Promise<void>): Promise<void> {
    const dies = ++this.count === this.diesAt;
    if (dies && !this.isAfter) throw new Error('The process has died.');
    await write();
    if (dies) throw new Error('The process has died.');
  }
}

/** How something was refused. @throws when it was not. */
export function refusal(promise: Promise<unknown>): Promise<RefusedError> {
  return promise.then(
    () => {
      throw new Error('This should have been refused.');
    },
    (error: unknown) => {
      if (error instanceof RefusedError) return error;
      throw error;
    },
  );
}
