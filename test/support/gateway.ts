import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listening } from './listening';

/** What came in. */
export interface Passed {
  method: string;
  url: string;
  /** Whether it came with a token. */
  hasToken: boolean;
}

/** Stands in front of apps, writes down what comes, and answers as no app should where it is told to. */
export interface Gateway {
  url: string;
  stop(): Promise<void>;
}

/** Answers instead of an app. */
export type Scene = (incoming: IncomingMessage, outgoing: ServerResponse, nth: number) => void;

/**
 * Starts a gateway on loopback. `/<name>/…` goes to the app of that name, or to the scene; a scene answers everything but
 * its health. `GET /requests` tells what has come so far.
 */
export async function startGateway(
  apps: Readonly<Record<string, string>>,
  scenes: Readonly<Record<string, Scene>>,
): Promise<Gateway> {
  const passed: Passed[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    if (url === '/requests') {
      json(outgoing, 200, passed);
      return;
    }
    const nth = passed.filter((each) => each.method === method && each.url === url).length;
    passed.push({ method, url, hasToken: headers.authorization !== undefined });
    const [, name = '', rest = ''] = /^\/([^/?]+)(.*)$/.exec(url) ?? [];
    const app = apps[name];
    const scene = scenes[name];
    if (app !== undefined) forward(incoming, outgoing, app, rest);
    else if (scene === undefined) outgoing.writeHead(404).end();
    else if (rest === '/api/health') json(outgoing, 200, { status: 'healthy' });
    else scene(incoming, outgoing, nth);
  });
  const { port, close } = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: close,
  };
}

/** Answers with JSON, or what calls itself so. */
export function json(
  outgoing: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, app: string, path: string): void {
  const { hostname, port, host } = new URL(app);
  const { method, headers } = incoming;
  const forwarded = request({ hostname, port, path, method, headers: { ...headers, host } }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.on('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
}
