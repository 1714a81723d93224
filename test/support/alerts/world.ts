import type { InvocationContext } from '@azure/functions';
import { type App, createApp } from '../../../src/functions/app';
import { deleteTarget, putTarget } from '../../../src/lib/api/targets';
import type { AuditRun } from '../../../src/lib/audit/audit-run';
import { visit } from '../../../src/lib/audit/visit';
import { control, controls } from '../../../src/lib/controls';
import type { Invocation } from '../../../src/lib/http/route';
import { lineLog } from '../../../src/lib/log';
import type { Remediation } from '../../../src/lib/model/remediation';
import type { StoredTarget, Target } from '../../../src/lib/model/target';
import type { ControlId, Reason } from '../../../src/lib/model/verdict';
import { announceRemediation } from '../../../src/lib/remediation/gate';
import { settleFor } from '../../../src/lib/remediation/settle';
import { nextRun } from '../../../src/lib/schedule';
import { createServices, type Services } from '../../../src/lib/services';
import { readSettings, type Settings } from '../../../src/lib/settings';
import { AuditQueue } from '../../../src/lib/storage/audit-queue';
import { auditQueueName, poisonQueueName } from '../../../src/lib/storage/queue-names';
import { FindingTable } from '../../../src/lib/storage/findings';
import { HistoryTable } from '../../../src/lib/storage/history';
import { remediationIdAt, RemediationTable } from '../../../src/lib/storage/remediations';
import { ResourceTable } from '../../../src/lib/storage/resources';
import { SharedClock } from '../../../src/lib/storage/shared-clock';
import { StateTable } from '../../../src/lib/storage/state';
import { TargetTable } from '../../../src/lib/storage/targets';
import { WaiverTable } from '../../../src/lib/storage/waivers';
import { Outbox } from '../../../src/lib/telemetry/outbox';
import { recordTelemetry } from '../../../src/lib/telemetry/recorder';
import { type Item, type Sender, scoreMetric } from '../../../src/lib/telemetry/sender';
import type { Telemetry } from '../../../src/lib/telemetry/telemetry';
import { acceptRisk } from '../../../src/lib/waivers/accept';
import { takeBack } from '../../../src/lib/waivers/waivers';
import type { Row } from '../kusto/values';
import { MemoryStorage } from '../memory-storage';
import { at, evaluation, homeTenant, numbered, target, unreadable, violation } from '../storage';

/** A row of the workspace, and when it can be seen there. */
export interface Told {
  table: 'AppEvents' | 'AppMetrics';
  row: Row & { TimeGenerated: Date };
  arrivedAt: number;
}

/** The component whose events these are. */
export const component = '/subscriptions/s/resourceGroups/r/providers/microsoft.insights/components/appi';

const hourMs = 3_600_000;
const silent = lineLog({ info: () => undefined, warn: () => undefined, error: () => undefined });
const somebody = { name: 'Ada', objectId: 'ada' };

const context = { triggerMetadata: {} } as unknown as InvocationContext;

interface Task {
  at: number;
  act: () => Promise<unknown>;
}

/**
 * The app with a clock of its own, for histories of days: its functions as they are registered, its tables and queues in memory,
 * and tenants that are as the test says. What it sends goes through its own outbox into the rows of a workspace.
 */
export class World {
  /** Everything that has come to the workspace, in the order of sending. */
  readonly told: Told[] = [];
  /** What is wrong, by target and control. */
  private readonly wrong = new Map<string, readonly Reason[]>();
  /** Tenants that cannot be read, by target. */
  readonly unreadable = new Set<string>();
  /** How many rooms a target has, and how many are in order. */
  readonly rooms = new Map<string, [rooms: number, compliant: number]>();
  /** Functions that do not run. */
  readonly dead = new Set<string>();
  /** Is told whenever time has passed. */
  onTime: (time: number) => void = () => undefined;
  /** How far ahead the clock of the machine is. */
  aheadMs = 0;
  /** Whether Application Insights takes nothing. */
  isAway = false;
  /** How long an event is on its way. */
  latencyMs: (name: string) => number = () => 60_000;
  /** How long a visit waits in the queue. */
  waitMs: (targetId: string, night: number) => number = () => 60_000;
  /** Of how many events one is kept, by their number. */
  itemCount = 1;
  /** Whose events they are. */
  component = component;
  /** Which questions storage does not answer. */
  isBroken: (filter: string) => boolean = () => false;
  /** How often each event arrives. */
  copies = 1;

  private time = at(0).getTime();
  private readonly tasks: Task[] = [];
  private readonly app: App;
  private readonly storage: MemoryStorage;
  private readonly services: Services;
  private readonly settings: Settings;

  /** @param telemetry where the app sends to; by itself through an outbox straight into the workspace. */
  constructor(
    env: Readonly<Record<string, string>> = {},
    private readonly telemetry: () => Telemetry = outboxInto((items) => this.send(items)),
  ) {
    this.settings = readSettings({
      ...{ AzureWebJobsStorage: 'UseDevelopmentStorage=true', AUTH_MODE: 'local' },
      ...{ AZURE_FUNCTIONS_ENVIRONMENT: 'Development', WEBSITE_HOSTNAME: 'syncwarden.contoso.com' },
      ...env,
    });
    const clock = new SharedClock(() => this.machineTime);
    // Storage says in each answer what time it is there.
    const headers = { get: () => new Date(this.time).toUTCString() };
    const answer = () => Promise.resolve({ headers } as unknown as Awaited<ReturnType<typeof ask>>);
    const ask = clock.policy.sendRequest.bind(clock.policy, {} as never);
    this.storage = new MemoryStorage(
      () => new Date(this.time),
      () => ask(answer),
      (filter) => this.isBroken(filter),
    );
    this.services = this.servicesWith(() => clock.now());
    jest.mocked(visit).mockImplementation((_services, of, asked, runId) => this.visited(of, asked, runId));
    this.app = createApp(this.settings, this.services);
  }

  /** Hours since the beginning. */
  get hours(): number {
    return (this.time - at(0).getTime()) / hourMs;
  }

  private get machineTime(): number {
    return this.time + this.aheadMs;
  }

  /** Has something happen at that hour. */
  at(hours: number, act: () => unknown): this {
    this.tasks.push({ at: at(hours).getTime(), act: () => Promise.resolve(act()) });
    return this;
  }

  /** Lets time pass until that hour. */
  async run(until: number): Promise<this> {
    const { nights } = this.settings;
    for (const night of nights)
      this.repeat(night.schedule, () => this.call(night.name, () => this.app.dispatch(night, context)));
    this.repeat('0 30 * * * *', () =>
      this.call('watchdog', () => this.app.watch(context)).catch(() => undefined),
    );
    for (;;) {
      this.tasks.sort((a, b) => a.at - b.at);
      const [next] = this.tasks;
      if (next === undefined || next.at >= at(until).getTime()) return this;
      this.tasks.shift();
      this.time = next.at;
      this.onTime(next.at);
      await next.act();
      this.takeVisits();
    }
  }

  async put(targetId: string, options: Partial<Target> = {}): Promise<void> {
    await putTarget(this.services, target(targetId, options));
  }

  delete(targetId: string): Promise<void> {
    return deleteTarget(this.services, targetId);
  }

  /** From now on these codes are found. */
  break(targetId: string, id: ControlId, ...codes: string[]): void {
    this.wrong.set(
      `${targetId} ${id}`,
      codes.map((code) => violation(code)),
    );
  }

  /** From now on nobody can tell, for a reason that somebody may accept. */
  doubt(targetId: string, id: ControlId, code: string): void {
    this.wrong.set(`${targetId} ${id}`, [{ code, level: 'unknown', message: 'Nobody can tell.' }]);
  }

  /** Audits on demand. */
  audit(targetId: string, ...ids: ControlId[]): Promise<unknown> {
    const message = {
      targetId,
      controls: ids.length === 0 ? controls.map(({ id }) => id) : ids,
      runId: 'manual-x',
    };
    return this.work(message);
  }

  async accept(targetId: string, id: ControlId, days: number): Promise<void> {
    const expiresAt = new Date(this.time + days * 24 * hourMs).toISOString();
    await this.invoke(({ telemetry }) =>
      acceptRisk(
        { ...this.services, log: silent },
        telemetry,
        targetId,
        control(id),
        { reason: 'Known.', expiresAt },
        somebody,
      ),
    );
  }

  async takeBack(targetId: string, id: ControlId): Promise<void> {
    await this.invoke(({ telemetry }) =>
      takeBack({ ...this.services, log: silent }, telemetry, targetId, id),
    );
  }

  /** A repair has ended, as the gate keeps and tells it. */
  async repair(targetId: string, id: ControlId, status: Remediation['status']): Promise<void> {
    const now = new Date(this.time);
    const request = { method: 'PATCH' as const, url: '/v1.0/users/a' };
    const change = { id: '1', description: '', request, before: null, after: null, permission: '' };
    const remediation: Remediation = {
      ...{
        remediationId: remediationIdAt(now, `${targetId}-${id}`),
        targetId,
        tenantId: homeTenant,
        control: id,
      },
      ...{
        controlVersion: 1,
        planHash: '',
        status,
        by: { objectId: 'ada', name: 'Ada', applicationId: null },
      },
      ...{ startedAt: now.toISOString(), endedAt: now.toISOString(), manualSteps: [] },
      changes: [{ ...change, state: 'made' }],
    };
    await this.services.remediations.create(remediation);
    await this.invoke(({ telemetry }) => {
      announceRemediation(telemetry, remediation, undefined);
      return Promise.resolve();
    });
  }

  /** A message has failed five times. */
  async poison(text: string): Promise<void> {
    await this.storage.messages(poisonQueueName).sendMessage(Buffer.from(text).toString('base64'));
  }

  /** The failed messages are put back, and done. */
  replay(): void {
    this.storage.messages(poisonQueueName).take();
  }

  private servicesWith(now: () => Date): Services {
    const { storage } = this;
    const remediations = new RemediationTable(storage);
    return {
      ...createServices(this.settings),
      targets: new TargetTable(storage),
      findings: new FindingTable(storage),
      history: new HistoryTable(storage),
      resources: new ResourceTable(storage),
      waivers: new WaiverTable(storage),
      state: new StateTable(storage),
      queue: new AuditQueue(storage),
      remediations,
      now,
      onCompliant: (finding, telemetry) => settleFor({ remediations, now }, telemetry, finding),
      tenants: { canReach: () => true } as unknown as Services['tenants'],
      invoke: (_context, run) => this.invoke(run),
    };
  }

  private async invoke<T>(run: (invocation: Invocation) => Promise<T>): Promise<T> {
    const telemetry = this.telemetry();
    try {
      return await run({ log: silent, telemetry });
    } finally {
      await telemetry.flush().catch(() => undefined);
    }
  }

  private work(message: unknown): Promise<void> {
    return this.call('audit-worker', () => this.app.work(message, context));
  }

  /** Runs a function, unless it is dead. */
  private call(name: string, run: () => Promise<void>): Promise<void> {
    return this.dead.has(name) || this.dead.has('app') ? Promise.resolve() : run();
  }

  private repeat(schedule: string, act: () => Promise<unknown>): void {
    const next = nextRun(schedule, new Date(this.time - 1)).getTime();
    const task: Task = {
      at: next,
      act: async () => {
        this.tasks.push({ ...task, at: nextRun(schedule, new Date(this.time)).getTime(), act: task.act });
        await act();
      },
    };
    this.tasks.push(task);
  }

  /** Whoever works on the queue takes each visit when its time has come. */
  private takeVisits(): void {
    for (const { messageText, insertedOn } of this.storage.messages(auditQueueName).take()) {
      const message = JSON.parse(Buffer.from(messageText, 'base64').toString()) as { targetId: string };
      const night = Math.floor((insertedOn.getTime() - at(0).getTime()) / (24 * hourMs));
      this.tasks.push({
        at: this.time + this.waitMs(message.targetId, night),
        act: () => this.work(message),
      });
    }
  }

  private visited(of: StoredTarget, asked: Parameters<typeof visit>[2], runId: string): Promise<AuditRun[]> {
    const { targetId } = of;
    const isUnread = this.unreadable.has(targetId);
    return Promise.resolve(
      asked.map((one) => ({
        ...{ target: of, control: one, runId, checkedAt: this.services.now(), requests: 1 },
        evaluation: evaluation(
          isUnread ? [unreadable] : (this.wrong.get(`${targetId} ${one.id}`) ?? []),
          one.id === 'rooms' && !isUnread ? this.roomsOf(targetId) : {},
        ),
      })),
    );
  }

  private roomsOf(targetId: string): Pick<AuditRun['evaluation'], 'resources'> {
    const [rooms, compliant] = this.rooms.get(targetId) ?? [0, 0];
    const resources = numbered(rooms).map((room, index) =>
      index < compliant ? room : { ...room, verdict: 'nonCompliant' as const, codes: ['rooms.any'] },
    );
    return rooms === 0 ? {} : { resources };
  }

  /** What Application Insights makes of what it is sent. */
  private send(items: readonly Item[]): boolean {
    if (this.isAway) return false;
    for (const item of items)
      for (let copy = 0; copy < this.copies; copy++) this.told.push(this.toldOf(item, copy));
    return true;
  }

  private toldOf(item: Item, copy: number): Told {
    const sentAt = new Date(this.machineTime);
    const common = { TimeGenerated: sentAt, ItemCount: this.itemCount, _ResourceId: this.component };
    const isEvent = item.kind === 'event';
    const row = isEvent
      ? { ...common, Name: item.name, Properties: item.properties, Measurements: item.measurements }
      : { ...common, Name: scoreMetric, Properties: item.properties, ...scoreOf(item.value) };
    const latency = this.latencyMs(row.Name) * (copy + 1);
    return { table: isEvent ? 'AppEvents' : 'AppMetrics', row, arrivedAt: this.time + latency };
  }
}

const scoreOf = (value: number) => ({ Sum: value, Min: value, Max: value });

/** The app's own outbox, in front of something that takes what it is sent, or does not. */
function outboxInto(send: (items: readonly Item[]) => boolean): () => Telemetry {
  const sender: Sender = {
    send: (items) => {
      const isTaken = send(items);
      return Promise.resolve({ undelivered: isTaken ? [] : items, problem: isTaken ? '' : 'nobody answers' });
    },
  };
  const outbox = new Outbox(() => Promise.resolve(sender));
  return () => recordTelemetry(outbox, silent, undefined);
}
