import {
  AuthenticationHandler,
  Client,
  type Context,
  HTTPMessageHandler,
  type Middleware,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import type { TokenCredential } from '@azure/identity';
import type { Attempt } from './reply';
import { innermostMessage, Sender } from './sender';

export type GraphVersion = 'v1.0' | 'beta';
export type WriteMethod = 'POST' | 'PATCH' | 'DELETE';

/** Sends single requests to Microsoft Graph for one tenant: https to the one configured host, no retries. */
export class GraphTransport {
  private readonly client: Client;
  private readonly sender: Sender;
  private token = '';

  /** @param endpoint origin of Microsoft Graph, e.g. `https://graph.microsoft.com`; the only host that gets a token. */
  constructor(
    readonly endpoint: string,
    credential: TokenCredential,
    tenantId: string,
  ) {
    this.sender = new Sender(endpoint, credential, tenantId);
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
    return this.write('POST', version, path, body, timeoutMs);
  }

  write(
    method: WriteMethod,
    version: GraphVersion,
    path: string,
    body: unknown,
    timeoutMs: number,
  ): Promise<Attempt> {
    return this.send(timeoutMs, (signal) => {
      const request = this.request(version, path, signal);
      if (method === 'DELETE') return request.delete() as Promise<Response>;
      return (method === 'POST' ? request.post(body) : request.patch(body)) as Promise<Response>;
    });
  }

  private send(timeoutMs: number, request: (signal: AbortSignal) => Promise<Response>): Promise<Attempt> {
    return this.sender.send(timeoutMs, (token, signal) => {
      this.token = token;
      return request(signal);
    });
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
