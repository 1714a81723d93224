import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { listening } from './listening';

/** One telemetry item as it travels; only what tests look at. */
const Envelope = z.object({
  name: z.string(),
  time: z.string(),
  tags: z.record(z.string(), z.string()),
  data: z.object({
    baseType: z.string(),
    baseData: z.object({
      name: z.string().optional(),
      properties: z.record(z.string(), z.string()).optional(),
      measurements: z.record(z.string(), z.number()).optional(),
      metrics: z.array(z.object({ name: z.string(), value: z.number(), count: z.number() })).optional(),
    }),
  }),
});
export type Envelope = z.infer<typeof Envelope>;

/** How the sink treats one request: a status for all of it, or the positions of the items that it refuses. */
export type Treatment = { status: number; body?: string } | { refuse: readonly number[] };

/** A stand-in for the ingestion endpoint of Application Insights, on loopback. */
export interface TelemetrySink {
  connectionString: string;
  /** What was accepted, in the order of arrival. */
  envelopes: Envelope[];
  /** Every request, accepted or not. */
  requests: { path: string; authorization: string | undefined; items: number }[];
  /** What becomes of the next requests, one entry each; after that they are accepted. */
  treatments: Treatment[];
  /** Takes requests and does not answer until it is closed, while true. */
  hangs: boolean;
  close(): Promise<void>;
}

/** Starts a sink. The client must trust the certificate, because the SDK speaks https only. */
export async function startTelemetrySink(tls: { cert: string; key: string }): Promise<TelemetrySink> {
  const server = createServer(tls, (request, response) => {
    void readItems(request).then((items) => {
      const { url: path = '', headers } = request;
      sink.requests.push({ path, authorization: headers.authorization, items: items.length });
      if (sink.hangs) return;
      const [status, body] = treat(sink, items, path);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  const { port, close } = await listening(server);
  const sink: TelemetrySink = {
    connectionString: `InstrumentationKey=11111111-1111-4111-8111-111111111111;IngestionEndpoint=https://localhost:${port}/`,
    envelopes: [],
    requests: [],
    treatments: [],
    hangs: false,
    close,
  };
  return sink;
}

async function readItems(request: IncomingMessage): Promise<Envelope[]> {
  const raw = await buffer(request);
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  return z.array(Envelope).parse(JSON.parse(text.toString()));
}

function treat(sink: TelemetrySink, items: Envelope[], path: string): [status: number, body: string] {
  if (path !== '/v2.1/track') return [404, '{}'];
  const treatment = sink.treatments.shift() ?? { refuse: [] };
  if ('status' in treatment) return [treatment.status, treatment.body ?? '{}'];
  const refused = new Set(treatment.refuse);
  const accepted = items.filter((_item, index) => !refused.has(index));
  sink.envelopes.push(...accepted);
  const errors = [...refused].map((index) => ({ index, statusCode: 400, message: 'refused by the test' }));
  const reply = { itemsReceived: items.length, itemsAccepted: accepted.length, errors };
  return [refused.size === 0 ? 200 : 206, JSON.stringify(reply)];
}
