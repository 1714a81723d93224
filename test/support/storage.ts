import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { startCountingProxy } from '../../local/counting-proxy';
import { type Azurite, startAzurite } from '../../local/azurite';
import { compare } from '../../src/lib/audit/compare';
import { control } from '../../src/lib/controls';
import type { Evaluation } from '../../src/lib/controls/control';
import { lineLog } from '../../src/lib/log';
import { Credentials } from '../../src/lib/microsoft365/sign-in/credentials';
import { Tenants } from '../../src/lib/microsoft365/tenant';
import { type StoredTarget, Target } from '../../src/lib/model/target';
import { type ControlId, controlIds, type Reason, type ResourceRow } from '../../src/lib/model/verdict';
import { AuditQueue } from '../../src/lib/storage/audit-queue';
import { auditQueueName, poisonQueueName } from '../../src/lib/storage/queue-names';
import { StorageConnection } from '../../src/lib/storage/connection';
import { DigestTable } from '../../src/lib/storage/digests';
import {
  type FindingStatus,
  FindingTable,
  statusOf,
  type StoredFinding,
} from '../../src/lib/storage/findings';
import { HistoryTable } from '../../src/lib/storage/history';
import { RemediationTable } from '../../src/lib/storage/remediations';
import { ResourceTable } from '../../src/lib/storage/resources';
import { StateTable } from '../../src/lib/storage/state';
import { TargetTable } from '../../src/lib/storage/targets';
import { type Change, makeChanges } from '../../src/lib/storage/transactions';
import { WaiverTable } from '../../src/lib/storage/waivers';
import type { EventName, Measurements, Properties, Telemetry } from '../../src/lib/telemetry/telemetry';
import { Overdue } from '../../src/lib/watch/overdue';
import { Staleness } from '../../src/lib/watch/staleness';

const tables = [
  'SyncwardenTargets',
  'SyncwardenFindings',
  'SyncwardenHistory',
  'SyncwardenResources',
  'SyncwardenRemediations',
  'SyncwardenState',
  'SyncwardenDigests',
  'SyncwardenWaivers',
] as const;
type TableName = (typeof tables)[number];

const nightly = '0 0 2 * * *';

/** Of an app with the usual settings: every control runs each night. */
export const staleness = new Staleness(
  26,
  Object.fromEntries(controlIds.map((id) => [id, nightly])) as Record<ControlId, string>,
);

/** Tells what is overdue for such an app at this moment, as long as no night was dispatched. */
export function overdueAt(now: Date): Overdue {
  return new Overdue(staleness, [], now);
}

/** Real tables and queues, in an Azurite of their own, behind a proxy that counts what is written. */
export class TestStorage {
  readonly connection: StorageConnection;
  readonly targets: TargetTable;
  readonly findings: FindingTable;
  readonly history: HistoryTable;
  readonly resources: ResourceTable;
  readonly waivers: WaiverTable;
  readonly remediations: RemediationTable;
  readonly state: StateTable;
  readonly digests: DigestTable;
  readonly queue: AuditQueue;
  /** For what a test keeps under a time of its own: long after all of them. */
  readonly now = () => at(24 * 1000);
  /** What the log was told at warn and above, since the last {@link clear}. */
  readonly said: string[] = [];
  readonly log = lineLog({
    info: ignore,
    warn: (line) => this.said.push(line),
    error: (line) => this.said.push(line),
  });

  private constructor(
    private readonly azurite: Azurite,
    private readonly proxy: Awaited<ReturnType<typeof startCountingProxy>>,
    readonly connectionString: string,
  ) {
    this.connection = new StorageConnection({ connectionString });
    this.targets = new TargetTable(this.connection);
    this.findings = new FindingTable(this.connection);
    this.history = new HistoryTable(this.connection);
    this.resources = new ResourceTable(this.connection);
    this.waivers = new WaiverTable(this.connection);
    this.remediations = new RemediationTable(this.connection);
    this.state = new StateTable(this.connection);
    this.digests = new DigestTable(this.connection);
    this.queue = new AuditQueue(this.connection);
  }

  static async start(): Promise<TestStorage> {
    const azurite = await startAzurite();
    const address = /TableEndpoint=(http:\/\/[^/]+)/.exec(azurite.connectionString)?.[1] ?? '';
    const proxy = await startCountingProxy(address);
    return new TestStorage(azurite, proxy, azurite.connectionString.replace(address, proxy.url));
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.azurite.stop();
  }

  /** A table as it is, past the product's own classes. */
  table(name: TableName): Promise<TableClient> {
    return this.connection.table(name);
  }

  rawQueue(name: typeof auditQueueName | typeof poisonQueueName): Promise<QueueClient> {
    return this.connection.queue(name);
  }

  /** Texts of the messages in a queue, decoded; they stay where they are. */
  async messages(name: typeof auditQueueName | typeof poisonQueueName): Promise<string[]> {
    const queue = await this.rawQueue(name);
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
    return peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString());
  }

  /** Puts a text into the poison queue, as the queue trigger does after five failures. */
  async poison(text: string): Promise<void> {
    await (await this.rawQueue(poisonQueueName)).sendMessage(Buffer.from(text).toString('base64'));
  }

  /** How many entities an action writes or deletes. */
  async writesOf(action: () => Promise<unknown>): Promise<number> {
    const before = this.proxy.writes;
    await action();
    return this.proxy.writes - before;
  }

  /** How many requests an action sends to the tables. */
  async requestsOf(action: () => Promise<unknown>): Promise<number> {
    const before = this.proxy.requests;
    await action();
    return this.proxy.requests - before;
  }

  /** Removes everything that tests left behind. */
  async clear(): Promise<void> {
    this.said.splice(0);
    const emptied = tables.map(async (name) => {
      const table = await this.table(name);
      const queryOptions = { select: ['PartitionKey', 'RowKey'] };
      for await (const page of table.listEntities({ queryOptions }).byPage())
        await makeChanges(table, page.map(toDeletion));
    });
    const cleared = [auditQueueName, poisonQueueName].map(async (name) =>
      (await this.connection.queue(name)).clearMessages(),
    );
    await Promise.all([...emptied, ...cleared]);
  }

  /** What audits and reports are given. Tenants are as in the app, and out of reach here. */
  services(now: () => Date, log = this.log) {
    const { targets, findings, history, resources, waivers, remediations, queue, state } = this;
    const credentials = new Credentials({
      authorityHost: 'https://login.microsoftonline.com',
      clientId: undefined,
      federatedAppClientId: undefined,
      homeTenantId: homeTenant,
      kind: 'managedIdentity',
    });
    const tenants = new Tenants(credentials, {
      graphEndpoint: 'https://graph.microsoft.com',
      exchangeEndpoint: 'https://outlook.office365.com',
    });
    const tables = { targets, findings, history, resources, waivers, remediations, queue, state };
    return { ...tables, staleness, tenants, now, log, settings: { address } };
  }

  /** Stores a target. */
  async putTarget(targetId: string, options: Partial<Target> = {}, now = at(0)): Promise<StoredTarget> {
    return (await this.targets.put(target(targetId, options), now)).stored;
  }

  /** Stores the first finding of a control, announced already unless told otherwise. */
  async putFinding(
    targetId: string,
    control: ControlId,
    options: Partial<StoredFinding> = {},
  ): Promise<StoredFinding> {
    const finding = { ...storedFinding(targetId, control), ...options };
    const etag = await this.findings.put(finding, undefined);
    if (etag === undefined) throw new Error(`There is a finding ${control} of ${targetId} already.`);
    await this.targets.repeat({ targetId }, [statusOf(finding)]);
    return { ...finding, etag };
  }

  /** Leaves the rows of these targets as they were before rows repeated what was found. */
  async forgetStatuses(targetIds: readonly string[]): Promise<void> {
    const table = await this.table('SyncwardenTargets');
    for (const targetId of targetIds) {
      const entity = await table.getEntity('target', targetId);
      const older = Object.entries(entity).filter(
        ([name]) => !/^(repeatsAll|status_.*|etag|timestamp)$/.test(name),
      );
      await table.updateEntity(
        { partitionKey: 'target', rowKey: targetId, ...Object.fromEntries(older) },
        'Replace',
      );
    }
  }
}

/** Where the app of the tests answers. */
export const address = 'https://syncwarden.contoso.com';

const ignore = () => undefined;

function toDeletion({ partitionKey = '', rowKey = '' }: { partitionKey?: string; rowKey?: string }): Change {
  return ['delete', { partitionKey, rowKey }];
}

/** Midnight of the first of November, and so many hours later. */
export function at(hours: number): Date {
  return new Date(Date.parse('2026-11-01T00:00:00.000Z') + hours * 3_600_000);
}

export const homeTenant = '0a0a0a0a-0000-4000-8000-000000000001';

export function target(targetId: string, options: Partial<Target> = {}): Target {
  return {
    ...Target.parse({
      targetId,
      tenantId: homeTenant,
      profile: 'condeco-exchange-sync',
      serviceAccount: 'svc-condeco@contoso.com',
      clientAppId: '0b0b0b0b-0000-4000-8000-000000000001',
    }),
    ...options,
  };
}

export function storedTarget(targetId: string, options: Partial<StoredTarget> = {}): StoredTarget {
  const times = { createdAt: at(0).toISOString(), updatedAt: at(0).toISOString() };
  return { ...target(targetId), ...times, ...options };
}

export function violation(code: string, more: Partial<Reason> = {}): Reason {
  return { code, level: 'violation', message: `${code} is wrong`, ...more };
}

export const unreadable: Reason = {
  code: 'unreadable.throttled',
  level: 'unknown',
  message: 'Microsoft 365 was busy.',
};

/** What was found out about a room in order. */
export function row(resource: string, more: Partial<ResourceRow> = {}): ResourceRow {
  return {
    resource,
    kind: 'room',
    displayName: `Room ${resource}`,
    verdict: 'compliant',
    codes: [],
    ...more,
  };
}

/** So many rooms in order, sorted as they are kept. */
export function numbered(count: number): ResourceRow[] {
  return Array.from({ length: count }, (_room, number) =>
    row(`room-${String(number).padStart(5, '0')}@contoso.com`),
  );
}

/** An evaluation with these reasons, and the verdict that follows from them. */
export function evaluation(reasons: readonly Reason[] = [], more: Partial<Evaluation> = {}): Evaluation {
  const has = (level: Reason['level']) => reasons.some((reason) => reason.level === level);
  const verdict = has('violation') ? 'nonCompliant' : has('unknown') ? 'unknown' : 'compliant';
  return { verdict, summary: `It is ${verdict}.`, reasons: [...reasons], evidence: {}, ...more };
}

/** A finding as it is kept after its first run, announced. */
export function storedFinding(
  targetId: string,
  id: ControlId,
  of: Evaluation = evaluation(),
  hours = 1,
): Omit<StoredFinding, 'etag'> {
  const run = { target: storedTarget(targetId), control: control(id), evaluation: of };
  const finding = compare({ ...run, runId: '2026-11-01', checkedAt: at(hours), requests: 1 }, undefined);
  return { ...finding, pending: [] };
}

/** What there is of {@link storedFinding} without its reasons. */
export function status(
  targetId: string,
  id: ControlId,
  of: Evaluation = evaluation(),
  hours = 1,
): FindingStatus {
  return statusOf(storedFinding(targetId, id, of, hours));
}

export interface NotedEvent {
  name: EventName;
  properties: Properties;
  measurements: Measurements;
}

/** Telemetry that writes down what has been flushed, and fails on request. */
export class TestTelemetry implements Telemetry {
  /** What has arrived. */
  readonly events: NotedEvent[] = [];
  readonly scores: { value: number; properties: Properties }[] = [];
  /** How many of the next flushes fail. What they should have sent is kept for the one after. */
  failures = 0;
  private noted: (() => unknown)[] = [];

  event(name: EventName, properties: Properties, measurements: Measurements = {}): void {
    this.noted.push(() => this.events.push({ name, properties, measurements }));
  }

  score(value: number, properties: Properties): void {
    this.noted.push(() => this.scores.push({ value, properties }));
  }

  flush(): Promise<void> {
    if (this.failures > 0) {
      this.failures--;
      return Promise.reject(new Error('Telemetry was not delivered: the process is about to end.'));
    }
    for (const send of this.noted.splice(0)) send();
    return Promise.resolve();
  }

  /** What has arrived under one name. */
  named(name: EventName): Properties[] {
    return this.events.filter((event) => event.name === name).map(({ properties }) => properties);
  }

  /** Forgets what was noted and not sent, as a process does that dies. */
  die(): void {
    this.noted = [];
  }
}
