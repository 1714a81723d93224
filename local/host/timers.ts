import { Cron } from 'croner';
import type { RegisteredFunction } from './core-module';
import type { Invocations } from './invocation';

/** Runs timer functions on their schedules, in UTC. A timer never overlaps itself. */
export class Timers {
  private readonly jobs = new Map<string, Cron>();
  private readonly last = new Map<string, string>();

  constructor(
    functions: readonly RegisteredFunction[],
    private readonly invocations: Invocations,
  ) {
    for (const target of functions.filter(({ trigger }) => trigger.type === 'timerTrigger')) {
      const { schedule = '', runOnStartup } = target.trigger as { schedule?: string; runOnStartup?: boolean };
      const job = new Cron(
        schedule,
        { mode: '6-part', domAndDow: true, timezone: 'UTC', protect: true, catch: true },
        () => this.run(target),
      );
      this.jobs.set(target.metadata.name, job);
      if (runOnStartup === true) void job.trigger();
    }
  }

  /** Runs a timer function now; false when there is none of that name. */
  trigger(name: string): boolean {
    const job = this.jobs.get(name);
    void job?.trigger();
    return job !== undefined;
  }

  stop(): void {
    for (const job of this.jobs.values()) job.stop();
  }

  private async run(target: RegisteredFunction): Promise<void> {
    const { name } = target.metadata;
    const now = new Date().toISOString();
    const status = {
      Last: this.last.get(name) ?? '0001-01-01T00:00:00',
      Next: this.jobs.get(name)?.nextRun()?.toISOString() ?? now,
      LastUpdated: now,
    };
    this.last.set(name, now);
    const timer = { Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: false };
    // Its error is in the log; a timer that failed runs again at its next time.
    await this.invocations.run(target, { json: JSON.stringify(timer) }, {}).catch(() => undefined);
  }
}
