import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { listening } from './listening';

/** What was posted. */
export interface Posted {
  path: string;
  contentType: string | undefined;
  body: string;
}

/** How a sink treats one request: an answer, none at all, a connection that breaks, or an answer that never ends. */
export type PostTreatment =
  { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'break' | 'endless';

/** A stand-in for whatever takes posts, on loopback. */
export interface PostSink {
  /** Where to post to, with a signature in it, as the addresses of workflows have one. */
  url: string;
  /** Every request, whatever became of it. */
  posted: Posted[];
  /** What was taken. */
  taken: Posted[];
  /** What becomes of the next requests, one entry each; after that of all as {@link otherwise} says. */
  treatments: PostTreatment[];
  otherwise: PostTreatment;
  /** Is called before a request is answered. */
  onPost: () => Promise<unknown>;
  close(): Promise<void>;
}

/** What no log, event or table may hold. */
export const signature = 'c2lnbmF0dXJl-of-nobody-else';

/**
 * Starts a sink, which says 202 unless told, as a Teams workflow does.
 * @param tls of a sink that speaks https.
 */
export async function startPostSink(tls?: { cert: string; key: string }): Promise<PostSink> {
  const answer = (request: IncomingMessage, response: ServerResponse) => void take(sink, request, response);
  const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  const { port, close } = await listening(server);
  const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  const sink: PostSink = {
    url: `${origin}/workflows/1/triggers/manual/paths/invoke?sig=${signature}`,
    posted: [],
    taken: [],
    treatments: [],
    otherwise: { status: 202 },
    onPost: () => Promise.resolve(),
    close,
  };
  return sink;
}

function* endless() {
  for (;;) yield 'x'.repeat(64 * 1024);
}

async function take(sink: PostSink, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const posted = {
    path: request.url ?? '',
    contentType: request.headers['content-type'],
    body: await text(request),
  };
  sink.posted.push(posted);
  const treatment = sink.treatments.shift() ?? sink.otherwise;
  if (treatment === 'hang') return;
  if (treatment === 'break') {
    request.socket.destroy();
    return;
  }
  if (treatment === 'endless') {
    sink.taken.push(posted);
    Readable.from(endless()).pipe(response.writeHead(202));
    return;
  }
  if (treatment.status < 300) sink.taken.push(posted);
  await sink.onPost();
  response.writeHead(treatment.status, treatment.headers).end(treatment.body);
}

/** Time that passes only by waiting. */
export function instantTime() {
  const waits: number[] = [];
  const began = Date.parse('2026-11-01T00:00:00Z');
  const timers = {
    now: () => began + waits.reduce((sum, wait) => sum + wait, 0),
    sleep: (milliseconds: number) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  return { waits, tools: { timers, random: () => 1, answerMs: 10_000 } };
}
