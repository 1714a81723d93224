import type { AccessToken, TokenCredential } from '@azure/identity';
import { type HttpsReply, innermostMessage } from '../wire/https';
import type { TokenRenewal } from '../wire/retry-policy';
import type { Attempt } from '../wire/reply';
import { refusalOf } from './refusal';

/** No single attempt may take longer, or one hanging connection would use up the time of the whole audit. */
const longestAttemptMs = 30_000;

/** A token that ends sooner than this is not used any more. */
const shortestTokenMs = 5 * 60_000;

/**
 * Sends single requests to one service for one tenant, each with a token of `credential` for that service. No retries.
 * Whatever happens comes back as an {@link Attempt}; nothing is thrown.
 */
export class Sender implements TokenRenewal {
  renewals = 0;
  private readonly scope: string;
  private known: AccessToken | undefined;
  private renewal: Promise<void> | undefined;

  /** @param endpoint origin of the service, e.g. `https://graph.microsoft.com`. */
  constructor(
    readonly endpoint: string,
    private readonly credential: TokenCredential,
    private readonly tenantId: string,
  ) {
    this.scope = `${endpoint}/.default`;
  }

  /** @param request is to end, one way or the other, within the milliseconds that it is given. */
  async send(
    timeoutMs: number,
    request: (token: string, timeoutMs: number) => Promise<HttpsReply>,
  ): Promise<Attempt> {
    const began = Date.now();
    const limit = Math.max(1, Math.min(timeoutMs, longestAttemptMs));
    let token: string;
    try {
      // Ahead of the request, so that a refused identity is not mistaken for a broken connection.
      const answer = await this.token(limit);
      if (answer === null) return { cause: 'permission', problem: 'the identity gave no token' };
      token = answer.token;
    } catch (error) {
      return refusalOf(error);
    }
    try {
      const { status, headers, text } = await request(token, Math.max(1, began + limit - Date.now()));
      return { status, headers, body: parseJson(text) };
    } catch (error) {
      return {
        cause: 'unavailable',
        problem: `${new URL(this.endpoint).host} could not be reached: ${innermostMessage(error)}`,
      };
    }
  }

  async renewedSince(renewals: number, timeoutMs: number): Promise<boolean> {
    if (this.renewals === 0) await (this.renewal ??= this.renew(timeoutMs));
    return this.renewals > renewals;
  }

  private async renew(timeoutMs: number): Promise<void> {
    const abortSignal = AbortSignal.timeout(Math.max(1, Math.min(timeoutMs, longestAttemptMs)));
    const options = { tenantId: this.tenantId, abortSignal, claims: issuedFrom(Date.now()) };
    try {
      const token = await this.credential.getToken(this.scope, options);
      if (token === null) return;
      this.known = token;
      this.renewals++;
    } catch {
      // The old one stays, and what was answered to it is what is told.
    }
  }

  /** The last token while it is good. The credential keeps it too, and looks for it so long that a thousand times count. */
  private async token(timeoutMs: number): Promise<AccessToken | null> {
    if (this.known !== undefined && this.known.expiresOnTimestamp - Date.now() > shortestTokenMs)
      return this.known;
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const token = await this.credential.getToken(this.scope, { tenantId: this.tenantId, abortSignal });
    this.known = token ?? undefined;
    return token;
  }
}

/**
 * Asks for a token that was issued from now on, in the words in which Microsoft's services ask for one: credentials keep their
 * tokens, and give a kept one otherwise. A managed identity does all the same.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
function issuedFrom(now: number): string {
  const nbf = { essential: true, value: String(Math.floor(now / 1000)) };
  return JSON.stringify({ access_token: { nbf } });
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
