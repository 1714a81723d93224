import { homeTenantId, remediationClientId } from '../../local/simulator/demo';
import { isAccepted, isWrite } from '../../local/simulator';
import type { ControlId, PlanOption } from '../../src/lib/controls/control';
import { lineLog } from '../../src/lib/log';
import { Credentials } from '../../src/lib/microsoft365/credentials';
import type { Timers } from '../../src/lib/microsoft365/retry';
import { Writers } from '../../src/lib/microsoft365/writer';
import { applyPlan, proposePlan } from '../../src/lib/remediation/apply';
import type { RemediationServices } from '../../src/lib/remediation/gate';
import type { AgreedPlan } from '../../src/lib/remediation/plan';
import type { Author, Remediation, RepairResult } from '../../src/lib/remediation/remediation';
import { settleFor } from '../../src/lib/remediation/settle';
import { undoRemediation } from '../../src/lib/remediation/undo';
import { LeaseTable } from '../../src/lib/storage/leases';
import { RemediationTable } from '../../src/lib/storage/remediations';
import type { Target } from '../../src/lib/target';
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
    sleep: (milliseconds) => {
      this.waits.push(milliseconds);
      this.pass(milliseconds);
      return Promise.resolve();
    },
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

  pass(milliseconds: number): void {
    this.clock += milliseconds;
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

  undo(remediationId: string, changes: Partial<RemediationServices> = {}): Promise<RepairResult> {
    return undoRemediation(this.services(changes), this.telemetry, 'contoso-rooms', remediationId, ada);
  }

  async records(): Promise<Remediation[]> {
    return (await this.services().remediations.page('contoso-rooms', { limit: 100 })).items;
  }

  private begin(): void {
    this.telemetry = new TestTelemetry();
    this.waits.splice(0);
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
