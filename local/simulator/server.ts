import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Answer } from './answering';
import type { Certificates } from './certificates';
import type { SimulatedRequest, SimulatedResponse } from './identity';

/** An https server on a free port of loopback. */
export interface Listener {
  /** Where it answers, without a slash at the end. */
  origin: string;
  close: () => Promise<void>;
}

/** Starts a server that gives every request to `answer`. */
export async function startListener(
  { cert, key }: Certificates,
  answer: (request: SimulatedRequest) => Answer | Promise<Answer>,
): Promise<Listener> {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const given = await answer(await toSimulated(incoming, origin));
    if (given === 'drop') incoming.socket.destroy();
    else reply(outgoing, given);
  };
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500);
      outgoing.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
  const origin = `https://localhost:${address.port}`;
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function toSimulated(incoming: IncomingMessage, origin: string): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', origin),
    header: (name) => incoming.headers[name]?.toString(),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function reply(outgoing: ServerResponse, { status, headers, body, text }: SimulatedResponse): void {
  outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  outgoing.end(text ?? (body === undefined ? undefined : JSON.stringify(body)));
}
