import type { AzureMonitorOpenTelemetryOptions } from 'applicationinsights';
import * as z from 'zod';
import { problemOf } from './sender';

type ExporterOptions = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;
type Policy = NonNullable<ExporterOptions['additionalPolicies']>[number]['policy'];

/** What the ingestion endpoint answers to a batch of envelopes. */
const TrackReply = z.object({
  itemsReceived: z.number().int().nonnegative(),
  itemsAccepted: z.number().int().nonnegative(),
  errors: z
    .array(z.object({ index: z.number().int().nonnegative(), statusCode: z.number().nullish() }))
    .nullish(),
});
type TrackReply = z.infer<typeof TrackReply>;

/** What came back for the requests of one flush. */
export interface Receipt {
  replies: TrackReply[];
  /** Why a request was not fully accepted; empty when all were. */
  problem: string;
}

/** Below the 30 s after which the SDK stops waiting, so that no request goes on unseen behind a flush. */
const deadlineMs = 15_000;

/**
 * Reads the endpoint's answers on their way to the SDK, which keeps them to itself: its flush resolves whatever happens,
 * and with disk storage off it even takes a request that failed for delivered.
 */
export class Receipts {
  private open: Receipt = { replies: [], problem: '' };

  /** Stands in front of retries and sign-in, so that it sees what finally became of a request. */
  readonly policy: Policy = {
    name: 'receipts',
    sendRequest: async (request, next) => {
      // A request that outlives its flush must not count for the next one.
      const receipt = this.open;
      request.abortSignal ??= AbortSignal.timeout(deadlineMs);
      try {
        const response = await next(request);
        const reply = response.status === 200 || response.status === 206 ? parse(response.bodyAsText) : null;
        if (reply !== null) receipt.replies.push(reply);
        if (reply === null || reply.itemsAccepted < reply.itemsReceived) {
          receipt.problem = problemOfReply(response.status, reply);
        }
        return response;
      } catch (error) {
        receipt.problem = problemOf(error);
        throw error;
      }
    },
  };

  /** Collects the answers to the requests that are made while `flush` runs. */
  async during(flush: () => Promise<void>): Promise<Receipt> {
    const receipt: Receipt = { replies: [], problem: '' };
    this.open = receipt;
    await flush();
    return receipt;
  }
}

function parse(body: string | null | undefined): TrackReply | null {
  try {
    return TrackReply.parse(JSON.parse(body ?? ''));
  } catch {
    // Whoever answered, it was not the ingestion endpoint: a proxy's sign-in page is also a 200.
    return null;
  }
}

function problemOfReply(status: number, reply: TrackReply | null): string {
  if (reply === null) return `the ingestion endpoint answered ${status}`;
  const codes = [...new Set(reply.errors?.map(({ statusCode }) => statusCode ?? 'without a code'))];
  const refused = reply.itemsReceived - reply.itemsAccepted;
  return `the ingestion endpoint refused ${refused} of ${reply.itemsReceived} items (${codes.join(', ')})`;
}
