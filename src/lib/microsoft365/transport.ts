import { types } from 'node:util';
import {
  AuthenticationHandler,
  Client,
  type Context,
  HTTPMessageHandler,
  type Middleware,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import type { TokenCredential } from '@azure/identity';
import { refusalOf } from './credentials';
import type { Attempt } from './reply';

export type GraphVersion = 'v1.0' | 'beta';

/** No single attempt may take longer, or one hanging connection would use up the time of the whole audit. */
const longestAttemptMs = 30_000;

/**
 * Sends single requests to Microsoft Graph for one tenant: a token from `credential`, https to the one configured
 * host, no retries. Whatever happens comes back as an {@link Attempt}; nothing is thrown.
 */
export class GraphTransport {
  private readonly client: Client;
  private readonly scope: string;
  private token = '';

  /** @param endpoint origin of Microsoft Graph, e.g. `https://graph.microsoft.com`; the only host that gets a token. */
  constructor(
    readonly endpoint: string,
    private readonly credential: TokenCredential,
    private readonly tenantId: string,
  ) {
    this.scope = `${endpoint}/.default`;
    // The client's own RetryHandler is left out: it comes back before a long Retry-After, and does not see inside a batch.
    this.client = Client.initWithMiddleware({
      baseUrl: endpoint,
      customHosts: new Set([new URL(endpoint).hostname]),
      middleware: [
        new AuthenticationHandler({ getAccessToken: () => Promise.resolve(this.token) }),
        new FailureInWords(),
        new HTTPMessageHandler(),
      ],
    });
  }

  get(version: GraphVersion, path: string, timeoutMs: number): Promise<Attempt> {
    return this.send(timeoutMs, (signal) => this.request(version, path, signal).get() as Promise<Response>);
  }

  post(version: GraphVersion, path: string, body: unknown, timeoutMs: number): Promise<Attempt> {
    return this.send(
      timeoutMs,
      (signal) => this.request(version, path, signal).post(body) as Promise<Response>,
    );
  }

  private request(version: GraphVersion, path: string, signal: AbortSignal) {
    return this.client
      .api(path)
      .version(version)
      .responseType(ResponseType.RAW)
      .header('Accept', 'application/json')
      .option('redirect', 'manual')
      .option('signal', signal);
  }

  private async send(
    timeoutMs: number,
    request: (signal: AbortSignal) => Promise<Response>,
  ): Promise<Attempt> {
    const limit = Math.max(1, Math.min(timeoutMs, longestAttemptMs));
    const abortSignal = AbortSignal.timeout(limit);
    try {
      // Ahead of the request, so that a refused identity is not mistaken for a broken connection.
      const token = await this.credential.getToken(this.scope, { tenantId: this.tenantId, abortSignal });
      if (token === null) return { cause: 'permission', problem: 'the identity gave no token' };
      this.token = token.token;
    } catch (error) {
      return refusalOf(error);
    }
    try {
      const response = await request(abortSignal);
      const text = await response.text();
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: parseJson(text),
      };
    } catch (error) {
      const reason = abortSignal.aborted
        ? `no answer within ${Math.ceil(limit / 1000)} s`
        : innermostMessage(error);
      return {
        cause: 'unavailable',
        problem: `${new URL(this.endpoint).host} could not be reached: ${reason}`,
      };
    }
  }
}

/** Text that is not JSON stays text: the schema of whoever asked will refuse it. */
function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The client keeps an error's message and loses its cause, and fetch's message is only "fetch failed". */
class FailureInWords implements Middleware {
  private next: Middleware | undefined;

  async execute(context: Context): Promise<void> {
    try {
      await this.next?.execute(context);
    } catch (error) {
      throw new Error(innermostMessage(error), { cause: error });
    }
  }

  setNext(next: Middleware): void {
    this.next = next;
  }
}

/** The innermost message says what happened: `ECONNREFUSED`. */
function innermostMessage(error: unknown): string {
  let innermost = error;
  while (types.isNativeError(innermost) && innermost.cause !== undefined) innermost = innermost.cause;
  if (!types.isNativeError(innermost)) return String(innermost);
  // A host of several addresses fails with an error for each, and no message of its own.
  return innermost.message || ('code' in innermost ? String(innermost.code) : innermost.name);
}
