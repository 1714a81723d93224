import type { Measurements, Properties } from './telemetry';

/** An event as it waits to be sent. */
export interface EventItem {
  kind: 'event';
  name: string;
  properties: Properties;
  measurements: Measurements;
  /** W3C trace context of the invocation that it belongs to. */
  traceParent: string | undefined;
}

/** One value of the metric `compliance.score`. */
export interface ScoreItem {
  kind: 'score';
  /** From 0 to 1. */
  value: number;
  properties: Properties;
}

/** What is sent: an event, or a value of the metric. */
export type Item = EventItem | ScoreItem;

/** What the ingestion endpoint acknowledged of one chunk. */
export interface Delivery {
  /** Items without proof that they arrived. Some may have: they are sent at least once, not exactly once. */
  undelivered: readonly Item[];
  /** Why, in one line without secrets; empty when all arrived. */
  problem: string;
}

/** Sends one chunk and waits for the answer. It does not reject for what the network or the endpoint does. */
export interface Sender {
  send(items: readonly Item[]): Promise<Delivery>;
}

/** Where a sender sends to, and as whom. */
export interface SenderSettings {
  connectionString: string;
  /** `Authorization=AAD`, with `ClientId=<id>` for a user-assigned identity; the instrumentation key alone if unset. */
  authentication: string | undefined;
}

/** The metric that carries the share of applicable controls that are compliant or waived. */
export const scoreMetric = 'compliance.score';

/**
 * The most items in one chunk. The SDK puts up to 512 events into one request and silently drops what is beyond 2,560:
 * with 500 each chunk is one request, which arrives as a whole or not at all.
 */
export const chunkSize = 500;

/** One line of whatever was thrown, short enough for a log. */
export function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split(/\r?\n/, 1)[0] ?? '').slice(0, 300);
}
