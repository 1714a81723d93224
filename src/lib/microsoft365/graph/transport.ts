import type { TokenCredential } from '@azure/identity';
import {
  AuthenticationHandler,
  AuthenticationHandlerOptions,
  Client,
  type Context,
  type GraphRequest,
  type Middleware,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import { Sender } from '../sign-in/sender';
import { type HttpsReply, sendHttps, type SendHttps } from '../wire/https';
import type { TokenRenewal } from '../wire/retry-policy';
import type { Attempt } from '../wire/reply';

/** Of the interface. Nothing in `beta` is promised: only what has no other way is read there. */
export type GraphVersion = 'v1.0' | 'beta';

/** How something is changed. Nothing here replaces a whole object. */
export type WriteMethod = 'POST' | 'PATCH' | 'DELETE';

/** Sends single requests to Microsoft Graph for one tenant: https to the one configured host, no retries. */
export class GraphTransport implements TokenRenewal {
  private readonly client: Client;
  private readonly sender: Sender;

  /** @param endpoint origin of Microsoft Graph, e.g. `https://graph.microsoft.com`; the only host that gets a token. */
  constructor(
    readonly endpoint: string,
    credential: TokenCredential,
    readonly tenantId: string,
    send: SendHttps = sendHttps,
  ) {
    this.sender = new Sender(endpoint, credential, tenantId);
    // The client's own RetryHandler is left out: it comes back before a long Retry-After, and does not see inside a batch.
    this.client = Client.initWithMiddleware({
      baseUrl: endpoint,
      customHosts: new Set([new URL(endpoint).hostname]),
      middleware: [
        // Each request brings its own token.
        new AuthenticationHandler({ getAccessToken: () => Promise.reject(new Error('No token was given.')) }),
        new OverHttps(send),
      ],
    });
  }

  get renewals(): number {
    return this.sender.renewals;
  }

  renewedSince(renewals: number, timeoutMs: number): Promise<boolean> {
    return this.sender.renewedSince(renewals, timeoutMs);
  }

  get(version: GraphVersion, path: string, timeoutMs: number): Promise<Attempt> {
    return this.send(timeoutMs, version, path, (request) => request.get());
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
    return this.send(timeoutMs, version, path, (request) => {
      if (method === 'DELETE') return request.delete();
      return method === 'POST' ? request.post(body) : request.patch(body);
    });
  }

  private send(
    timeoutMs: number,
    version: GraphVersion,
    path: string,
    send: (request: GraphRequest) => Promise<unknown>,
  ): Promise<Attempt> {
    return this.sender.send(timeoutMs, async (token, timeLeftMs) => {
      const hop: Hop = { timeoutMs: timeLeftMs };
      const request = this.client
        .api(path)
        .version(version)
        .responseType(ResponseType.RAW)
        .header('Accept', 'application/json')
        .middlewareOptions([
          new AuthenticationHandlerOptions({ getAccessToken: () => Promise.resolve(token) }),
        ])
        .option('hop', hop);
      await send(request);
      if (hop.reply === undefined) throw new Error('The request was not sent.');
      return hop.reply;
    });
  }
}

/** What one request takes through the client's chain, and brings back from its end. */
interface Hop {
  timeoutMs: number;
  reply?: HttpsReply;
}

/** The end of the client's chain. The client is asked for the raw response, and looks into nothing. */
class OverHttps implements Middleware {
  constructor(private readonly send: SendHttps) {}

  async execute(context: Context): Promise<void> {
    const { method = 'GET', headers, body, hop } = context.options as SendOptions;
    const address = context.request as string;
    hop.reply = await this.send({ method, address, headers, body }, hop.timeoutMs);
    context.response = new Response();
  }
}

/** What the client makes of a request; its headers and its body are texts by then. */
interface SendOptions {
  method?: string;
  headers: Record<string, string>;
  body?: string;
  hop: Hop;
}
