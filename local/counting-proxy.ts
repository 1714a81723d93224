import { createServer, type IncomingMessage, request, type Server } from 'node:http';

/** Stands between the app and a storage service, and counts what passes. */
export interface CountingProxy {
  url: string;
  /** Requests that change something, each entity of a transaction for itself. */
  writes: number;
  requests: number;
  stop(): Promise<void>;
}

/** Starts a proxy on loopback that forwards everything to `target`, an http origin. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const origin = new URL(target);
  const server: Server = createServer((incoming, outgoing) => {
    proxy.requests++;
    // Making a table that is there already (409) changes nothing.
    const isTableCreation = incoming.method === 'POST' && incoming.url?.endsWith('/Tables') === true;
    const isTransaction = incoming.method === 'POST' && incoming.url?.split('?')[0]?.endsWith('/$batch');
    if (isTransaction) whenRead(incoming, (body) => (proxy.writes += changesIn(body)));
    else if (incoming.method !== 'GET' && !isTableCreation) proxy.writes++;
    const forwarded = request(
      {
        host: origin.hostname,
        port: origin.port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, host: origin.host },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy: CountingProxy = {
    url: `http://127.0.0.1:${port}`,
    writes: 0,
    requests: 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

/** Hands over the body once all of it has come in, which is before it can be answered. */
function whenRead(incoming: IncomingMessage, use: (body: string) => void): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => use(Buffer.concat(chunks).toString('latin1')));
}

/** How many changes a transaction's body holds: each is a request of its own, beginning with a line like any other. */
function changesIn(body: string): number {
  return [...body.matchAll(/^(?:POST|PUT|PATCH|MERGE|DELETE) \S+ HTTP\/1\.1\r?$/gm)].length;
}
