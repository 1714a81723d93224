import { nextRun } from '../../src/lib/schedule';
import { control } from '../../src/lib/controls';
import type { Evaluation } from '../../src/lib/controls/control';
import { type DigestServices, sendDigests } from '../../src/lib/notify/digest';
import { controlIds, type ControlId } from '../../src/lib/model/verdict';
import { watch } from '../../src/lib/watch/watchdog';
import { recordOne } from './record';
import type { instantTime } from './post-sink';
import { address, at, evaluation, type TestStorage, TestTelemetry } from './storage';

const hourMs = 3_600_000;
const nightly = '0 0 2 * * *';

/** An app whose nights pass as a test wants it: audits at two, the digest at seven. */
export class DigestNights {
  readonly telemetry = new TestTelemetry();
  /** Hours since the first of November. */
  hours = 0;
  weekly = false;

  constructor(
    readonly storage: TestStorage,
    private readonly sinks: { webhook?: { url: string }; teams?: { url: string } },
    private readonly time: ReturnType<typeof instantTime>,
  ) {}

  services(): DigestServices {
    const { storage, weekly } = this;
    const { webhook, teams } = this.sinks;
    const digest = { schedule: '0 0 7 * * *', weekly, webhookUrl: webhook?.url, teamsUrl: teams?.url };
    return {
      ...storage.services(() => at(this.hours)),
      digests: storage.digests,
      settings: { address, exchangeEndpoint: 'https://outlook.office365.com', digest },
    };
  }

  /**
   * A night: every control is audited on every target that is not paused.
   * @param found what is found where it is not fine, by target and control.
   */
  async night(day: number, found: Readonly<Record<string, Evaluation>> = {}): Promise<void> {
    const began = 24 * day + 2;
    await this.dispatch(day);
    for await (const page of this.storage.targets.all())
      for (const { targetId, paused } of page)
        for (const id of controlIds)
          if (!paused) await this.audit(targetId, id, began + 0.1, found[`${targetId} ${id}`]);
    await this.watch(day);
  }

  /** A night that is dispatched, and of which nothing comes. */
  async nightWithoutAudits(day: number): Promise<void> {
    await this.dispatch(day);
    await this.watch(day);
  }

  private dispatch(day: number): Promise<void> {
    const due = at(24 * day + 2).toISOString();
    return this.storage.state.setNights(
      controlIds.map((id) => ({ control: id, schedule: nightly, at: due, due })),
    );
  }

  /** The last round of the watchdog before the digest. */
  private async watch(day: number): Promise<void> {
    await watch(
      this.storage.services(() => at(24 * day + 6.5)),
      new TestTelemetry(),
    );
  }

  /** What an audit of a control came to, kept as an audit keeps it. */
  async audit(targetId: string, id: ControlId, hours: number, of: Evaluation = evaluation()): Promise<void> {
    const target = await this.storage.targets.get(targetId);
    if (target === undefined) throw new Error(`There is no target ${targetId}.`);
    const run = { target, control: control(id), evaluation: of, runId: 'night', requests: 1 };
    await recordOne({ ...run, checkedAt: at(hours) }, this.storage, this.telemetry);
  }

  /** The digest of this day. */
  async digest(day: number) {
    this.hours = (nextRun('0 0 7 * * *', at(24 * day)).getTime() - at(0).getTime()) / hourMs;
    return this.send();
  }

  /** A digest right now. */
  send(services: DigestServices = this.services()) {
    return sendDigests(services, this.telemetry, this.time.tools);
  }
}
