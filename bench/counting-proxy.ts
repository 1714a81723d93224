import { createServer, request, type Server } from 'node:http';

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
    if (incoming.method !== 'GET' && !isTableCreation) proxy.writes++;
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
