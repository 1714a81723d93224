import type { TokenCredential } from '@azure/identity';
import { GraphReader } from '../../src/lib/microsoft365/graph';
import { GraphSession } from '../../src/lib/microsoft365/graph/session';
import { GraphTransport } from '../../src/lib/microsoft365/graph/transport';
import type { HttpsReply, HttpsRequest } from '../../src/lib/microsoft365/wire/https';
import type { Usage } from '../../src/lib/microsoft365/wire/retry-policy';
import { Budget, type Timers } from '../../src/lib/microsoft365/wire/retry';

export const endpoint = 'https://graph.test';

/** A request as it went over the wire. */
export interface Sent {
  method: string;
  url: string;
  headers: Headers;
  body: unknown;
}

/** A request as it was handed over to be sent. */
export function toSent({ method, address, headers, body = '' }: HttpsRequest): Sent {
  const parsed = body === '' ? undefined : (JSON.parse(body) as unknown);
  return { method, url: address, headers: new Headers(headers), body: parsed };
}

/** An answer as it comes from the wire. */
export function toReply({ status = 200, headers = {}, body }: Answer): HttpsReply {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  return { status, headers: Object.fromEntries(new Headers(headers)), text };
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** What becomes of a request: an answer, or a broken connection. */
export type Scripted = Answer | Error;

/** An answer with an error in Graph's form. */
export function graphError(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: { error: { code, message: 'Simulated.' } } };
}

/** A clock that every wait moves on; it writes down the waits. */
export class FakeTimers implements Timers {
  readonly waits: number[] = [];
  private time = Date.parse('2026-11-23T02:00:00Z');

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.pass(milliseconds);
    return Promise.resolve();
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/**
 * A Graph in place of the network: each address has a queue of answers, and a batch is answered from the same queues.
 * Whatever has no answer left breaks the connection, and is an error in the end.
 */
export class StubGraph {
  readonly sent: Sent[] = [];
  readonly timers = new FakeTimers();
  private readonly answers = new Map<string, Scripted[]>();
  private readonly unexpected: string[] = [];

  /** The answers to `GET /v1.0/users`, one for each time that it is asked. */
  on(request: string, ...answers: Scripted[]): this {
    this.answers.set(request, [...(this.answers.get(request) ?? []), ...answers]);
    return this;
  }

  /** Methods and addresses of what was sent; parts of batches stand in the bodies. */
  get requests(): string[] {
    return this.sent.map(({ method, url }) => `${method} ${url.replace(endpoint, '')}`);
  }

  /** The addresses that the batches asked for, batch by batch. */
  get batches(): string[][] {
    return this.sent
      .filter(({ url }) => url.endsWith('/$batch'))
      .map(({ body }) => (body as { requests: { url: string }[] }).requests.map(({ url }) => url));
  }

  transport(credential: TokenCredential = tokens('token-1')): GraphTransport {
    return new GraphTransport(endpoint, credential, 'tenant-1', (request) => this.answer(request));
  }

  /** Starts one invocation; what comes back gives each reader its own usage. */
  open(budgetMs = 120_000, credential?: TokenCredential) {
    const session = new GraphSession(
      this.transport(credential),
      new Budget(budgetMs, this.timers),
      () => 1, // The longest jitter, which makes waits 500, 1,000, 2,000 …
    );
    return () => {
      const usage: Usage = { requests: 0, requestIds: [] };
      return { session, usage, graph: new GraphReader(session, usage) };
    };
  }

  /** @throws when anything was asked that had no answer, or an answer was not asked for. */
  close(): void {
    const left = [...this.answers].filter(([, answers]) => answers.length > 0).map(([request]) => request);
    if (this.unexpected.length > 0) throw new Error(`Not expected: ${this.unexpected.join(', ')}`);
    if (left.length > 0) throw new Error(`Never asked for: ${left.join(', ')}`);
  }

  private answer(request: HttpsRequest): Promise<HttpsReply> {
    const sent = toSent(request);
    this.sent.push(sent);
    const { method, url, body } = sent;
    const path = url.replace(endpoint, '');
    const [, version] = /^\/(v1\.0|beta)\/\$batch$/.exec(path) ?? [];
    const isScripted = (this.answers.get(`${method} ${path}`)?.length ?? 0) > 0;
    const answer =
      version === undefined || isScripted
        ? this.next(`${method} ${path}`)
        : this.batch(version, body as { requests: Part[] });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(toReply(answer));
  }

  private batch(version: string, { requests }: { requests: Part[] }): Answer {
    const responses = requests.map(({ id, method, url }) => {
      const answer = this.next(`${method} /${version}${url}`);
      return answer instanceof Error ? { id, status: 504 } : { id, status: 200, ...answer };
    });
    return { body: { responses: responses.reverse() } };
  }

  private next(request: string): Scripted {
    const answer = this.answers.get(request)?.shift();
    if (answer !== undefined) return answer;
    this.unexpected.push(request);
    return new Error('no answer is left');
  }
}

interface Part {
  id: string;
  method: string;
  url: string;
}

/** A credential that gives these tokens one after the other, the last one for ever. */
export function tokens(first: string, ...more: string[]): TokenCredential & { asked: unknown[][] } {
  const queue = [first, ...more];
  const asked: unknown[][] = [];
  return {
    asked,
    getToken: (scopes, options) => {
      asked.push([scopes, options?.tenantId]);
      const token = queue.length > 1 ? (queue.shift() ?? first) : (queue[0] ?? first);
      return Promise.resolve({ token, expiresOnTimestamp: Date.parse('2030-01-01T00:00:00Z') });
    },
  };
}
