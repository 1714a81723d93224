import type { Log } from '../log';
import { Outbox } from './outbox';
import { type Item, scoreMetric, type SenderSettings } from './sender';
import type { Telemetry, TelemetrySettings } from './telemetry';

/** The invocation that events belong to. */
export interface Operation {
  /** Its W3C trace context; the trace id becomes the operation id of every event. */
  traceParent?: string;
}

/**
 * Makes the telemetry of one invocation. Events and scores are only noted in memory until `flush`, which loads the SDK
 * when there is something to send, waits for the endpoint's receipt, and rejects if anything that this invocation noted
 * has not arrived. What has not is kept and sent with a later flush of any invocation of this process: telemetry arrives
 * at least once, or the process died. An event carries the time at which it was sent.
 * Without a connection string every event is one line of the log.
 */
export function createTelemetry(settings: TelemetrySettings, log: Log, operation: Operation = {}): Telemetry {
  const { connectionString, authentication } = settings;
  if (connectionString === undefined) return logTelemetry(log);
  return recordTelemetry(outboxFor({ connectionString, authentication }), log, operation.traceParent);
}

/** The telemetry of one invocation that is sent by way of an outbox. */
export function recordTelemetry(outbox: Outbox, log: Log, traceParent: string | undefined): Telemetry {
  const owner = Symbol('invocation');
  const noted: Item[] = [];
  return {
    event: (name, properties, measurements = {}) => {
      noted.push({ kind: 'event', name, properties, measurements, traceParent });
    },
    score: (value, properties) => {
      noted.push({ kind: 'score', value, properties });
    },
    flush: () => outbox.flush(owner, noted.splice(0), log),
  };
}

function logTelemetry(log: Log): Telemetry {
  return {
    event: (name, properties, measurements = {}) => log.info('Event', { name, properties, measurements }),
    score: (value, properties) => log.info('Event', { name: scoreMetric, value, properties }),
    flush: () => Promise.resolve(),
  };
}

/** One for each destination in this process: all invocations share its connections, its tokens and what is kept. */
const outboxes = new Map<string, Outbox>();

function outboxFor(settings: SenderSettings): Outbox {
  const key = JSON.stringify([settings.connectionString, settings.authentication]);
  const known = outboxes.get(key);
  if (known !== undefined) return known;
  const made = new Outbox(async () => {
    // Loading the SDK takes longer than the rest of the app, and most invocations of a quiet day never need it.
    const { openSender } = await import('./applicationinsights.js');
    return openSender(settings);
  });
  outboxes.set(key, made);
  return made;
}
