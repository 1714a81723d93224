import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type * as core from '@azure/functions-core';
import { isLoopback } from '../../src/lib/http/loopback';
import type { RegisteredFunction } from './core-module';
import { type Invocations, newTraceParent } from './invocation';
import type { Routes } from './routes';

/** The largest body that Azure passes on, in bytes. */
const largestBody = 100 * 1024 * 1024;

/** What the admin endpoint can start. */
export type Trigger = (name: string, input: unknown) => boolean;

interface Parts {
  routes: Routes;
  invocations: Invocations;
  /** Names of all functions with their triggers, for those who look. */
  functions: readonly RegisteredFunction[];
  trigger: Trigger;
}

/** Serves the app's HTTP functions, and `POST /admin/functions/{name}` as Azure does. */
export function createHttpServer(parts: Parts): Server {
  return createServer((request, response) => {
    handle(parts, request, response).catch(() => {
      // The function's own error is in the log; Azure tells the caller no more than this.
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [rawPath = '/', rawQuery = ''] = (request.url ?? '/').split('?', 2);
  const method = request.method ?? 'GET';
  if (!isLoopback(request.headers.host)) {
    problem(response, 403, 'auth.forbidden', 'This host answers to names of this machine only.');
    return;
  }
  if (rawPath === '/' && method === 'GET') {
    response.writeHead(302, { location: '/api/report' }).end();
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    problem(response, 413, 'input.tooLarge', 'The body is larger than 100 MiB.');
    return;
  }
  if (rawPath.startsWith('/admin/functions')) {
    administer(parts, method, rawPath, body, response);
    return;
  }

  let match: ReturnType<Routes['match']>;
  try {
    match = parts.routes.match(method, rawPath);
  } catch {
    problem(response, 400, 'input.invalid', 'The address is not encoded as addresses are.');
    return;
  }
  if (match === undefined) {
    problem(response, 404, 'notFound', `There is no ${method} ${rawPath}.`);
    return;
  }

  const headers = headersOf(request);
  const input: core.RpcTypedData = {
    http: {
      method,
      url: `http://${request.headers.host ?? '127.0.0.1'}${cleanPath(rawPath)}${rawQuery ? `?${rawQuery}` : ''}`,
      headers,
      query: Object.fromEntries(new URLSearchParams(rawQuery)),
      params: match.params,
      ...(body.length === 0 ? {} : { body: { bytes: body } }),
    },
  };
  const result = await parts.invocations.run(
    match.target,
    input,
    {},
    headers.traceparent ?? newTraceParent(),
  );
  send(response, result.returnValue?.http ?? result.outputData?.[0]?.data?.http ?? {});
}

/** An address must stay what it was: `..` would be resolved away by whoever parses it. */
function cleanPath(rawPath: string): string {
  return rawPath.replaceAll('..', '%252e%252e');
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** The whole body; undefined when there is too much of it. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= largestBody) chunks.push(chunk);
  }
  return length > largestBody ? undefined : Buffer.concat(chunks);
}

function send(response: ServerResponse, { statusCode, headers, body, cookies }: core.RpcHttpData): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (cookies && cookies.length > 0) {
    response.setHeader(
      'set-cookie',
      cookies.map(({ name, value }) => `${name ?? ''}=${value ?? ''}`),
    );
  }
  response.writeHead(Number(statusCode ?? 200));
  response.end(body?.bytes ? Buffer.from(body.bytes) : (body?.string ?? body?.json ?? undefined));
}

function administer(
  { functions, trigger }: Parts,
  method: string,
  rawPath: string,
  body: Buffer,
  response: ServerResponse,
): void {
  const name = decodeURIComponent(rawPath.split('/')[3] ?? '');
  if (method === 'GET' && name === '') {
    const list = functions.map(({ metadata, trigger: { type } }) => ({ name: metadata.name, trigger: type }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(list));
    return;
  }
  const input =
    body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as { input?: unknown }).input;
  if (method !== 'POST' || !trigger(name, input)) {
    problem(response, 404, 'notFound', `There is no function ${name} that could be started.`);
    return;
  }
  response.writeHead(202);
  response.end();
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: detail, status, detail, code }));
}
