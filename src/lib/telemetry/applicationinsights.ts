import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, type ContextManager, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { type AzureMonitorOpenTelemetryOptions, TelemetryClient } from 'applicationinsights';
import { type Receipt, Receipts } from './receipts';
import { type Delivery, type EventItem, type Item, type ScoreItem, scoreMetric } from './sender';
import type { Sender, SenderSettings } from './sender';

/**
 * Opens the Application Insights SDK for one destination. Nothing else knows the SDK: this file is a bundle of its own.
 *
 * The client is an isolated one: it sends what it is given and collects nothing by itself (no requests, dependencies,
 * console, exceptions, counters or live metrics). Events are not sampled. Retrying from disk is off, because what failed
 * is kept and sent again by the outbox, and a copy on disk would arrive twice. Two limits of the SDK: the metric has no
 * operation id, and two scores of one target in the same chunk arrive as one envelope with count 2.
 */
export async function openSender(settings: SenderSettings): Promise<Sender> {
  // The SDK's usage statistics go to a host of Microsoft's own, which a locked-down network would not let through.
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT ??= 'true';
  context.setGlobalContextManager(new CallContext());

  const receipts = new Receipts();
  const client = new TelemetryClient(settings.connectionString, { useGlobalProviders: false });
  client.config.samplingPercentage = 100;
  client.config.azureMonitorOpenTelemetryOptions = {
    resource,
    azureMonitorExporterOptions: {
      ...(await authenticated(settings.authentication)),
      connectionString: settings.connectionString,
      disableOfflineStorage: true,
      // One quick retry bridges a reset connection; a longer outage is the outbox's to bridge.
      retryOptions: { maxRetries: 1, retryDelayInMs: 500 },
      additionalPolicies: [{ policy: receipts.policy, position: 'perCall' }],
    },
  };

  return {
    async send(items) {
      const events = items.filter((item) => item.kind === 'event');
      const scores = items.filter((item) => item.kind === 'score');
      // One after the other, so that a receipt is about one of them only.
      const deliveries = [
        await sendEvents(client, receipts, events),
        await sendScores(client, receipts, scores),
      ];
      return {
        undelivered: deliveries.flatMap(({ undelivered }) => undelivered),
        problem: deliveries.map(({ problem }) => problem).find((problem) => problem !== '') ?? '',
      };
    },
  };
}

async function sendEvents(
  client: TelemetryClient,
  receipts: Receipts,
  events: readonly EventItem[],
): Promise<Delivery> {
  for (const { name, properties, measurements, traceParent } of events) {
    context.with(operationContext(traceParent), () =>
      client.trackEvent({ name, properties: { ...properties }, measurements: { ...measurements } }),
    );
  }
  if (events.length === 0) return delivered;
  const receipt = await receipts.during(() => client.flush());
  if (sum(receipt.replies.map(({ itemsAccepted }) => itemsAccepted)) >= events.length) return delivered;
  const [reply] = receipt.replies;
  const isOneRequest = receipt.replies.length === 1 && reply?.itemsReceived === events.length;
  if (!isOneRequest) return notDelivered(events, receipt);
  const refused = new Set(reply.errors?.map(({ index }) => index));
  // An endpoint that counts refusals but does not say which leaves no choice but to send all of them again.
  const isNamed = refused.size === reply.itemsReceived - reply.itemsAccepted;
  return notDelivered(isNamed ? events.filter((_event, index) => refused.has(index)) : events, receipt);
}

async function sendScores(
  client: TelemetryClient,
  receipts: Receipts,
  scores: readonly ScoreItem[],
): Promise<Delivery> {
  for (const { value, properties } of scores) {
    client.trackMetric({ name: scoreMetric, value, properties: { ...properties } });
  }
  if (scores.length === 0) return delivered;
  const receipt = await receipts.during(() => client.flush());
  const isAccepted = receipt.replies.some(({ itemsAccepted }) => itemsAccepted > 0) && receipt.problem === '';
  return isAccepted ? delivered : notDelivered(scores, receipt);
}

const delivered: Delivery = { undelivered: [], problem: '' };

function notDelivered(undelivered: readonly Item[], { problem }: Receipt): Delivery {
  // The SDK drops everything without a word when it cannot read its connection string.
  return { undelivered, problem: problem || 'the SDK sent nothing; is the connection string right' };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** With local authentication off, a sender without a token is refused; the SDK would not look at the setting by itself. */
async function authenticated(
  authentication: string | undefined,
): Promise<NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>> {
  if (authentication === undefined) return {};
  const parts = authentication.split(';').map((part) => part.split('=', 2).map((text) => text.trim()));
  const values = new Map(parts.map(([name = '', value = '']) => [name.toLowerCase(), value]));
  if (values.get('authorization')?.toUpperCase() !== 'AAD') {
    throw new Error(
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be Authorization=AAD, with ;ClientId=<id> for a user-assigned identity',
    );
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const clientId = values.get('clientid');
  return { credential: new ManagedIdentityCredential(clientId ? { clientId } : {}) };
}

/** What `AppRoleName` says: an isolated client has no name unless it is given one. */
const resource: NonNullable<AzureMonitorOpenTelemetryOptions['resource']> = {
  attributes: {
    'service.name': process.env.OTEL_SERVICE_NAME ?? process.env.WEBSITE_SITE_NAME ?? 'syncwarden',
  },
  merge: (other) => other ?? resource,
  getRawAttributes: () => Object.entries(resource.attributes),
};

const traceParentPattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** The context of the invocation with this trace parent, or none when there is none that can be read. */
function operationContext(traceParent: string | undefined): Context {
  const [, traceId, spanId, flags] = traceParentPattern.exec(traceParent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

/** Without a context manager `context.with` forgets its context, and only the SDK's global client would bring one. */
class CallContext implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    run: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(active, () => run.apply(thisArg, args));
  }

  bind<T>(_active: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.storage.disable();
    return this;
  }
}
