import { types } from 'node:util';
import type { TokenCredential } from '@azure/identity';
import type { Attempt } from './reply';
import { refusalOf } from './credentials';

/** No single attempt may take longer, or one hanging connection would use up the time of the whole audit. */
const longestAttemptMs = 30_000;

/**
 * Sends single requests to one service for one tenant, each with a token of `credential` for that service. No retries.
 * Whatever happens comes back as an {@link Attempt}; nothing is thrown.
 */
export class Sender {
  private readonly scope: string;

  /** @param endpoint origin of the service, e.g. `https://graph.microsoft.com`. */
  constructor(
    readonly endpoint: string,
    private readonly credential: TokenCredential,
    private readonly tenantId: string,
  ) {
    this.scope = `${endpoint}/.default`;
  }

  async send(
    timeoutMs: number,
    request: (token: string, signal: AbortSignal) => Promise<Response>,
  ): Promise<Attempt> {
    const limit = Math.max(1, Math.min(timeoutMs, longestAttemptMs));
    const abortSignal = AbortSignal.timeout(limit);
    let token: string;
    try {
      // Ahead of the request, so that a refused identity is not mistaken for a broken connection.
      const answer = await this.credential.getToken(this.scope, { tenantId: this.tenantId, abortSignal });
      if (answer === null) return { cause: 'permission', problem: 'the identity gave no token' };
      token = answer.token;
    } catch (error) {
      return refusalOf(error);
    }
    try {
      const response = await request(token, abortSignal);
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

/** The innermost message says what happened: `ECONNREFUSED`. */
export function innermostMessage(error: unknown): string {
  let innermost = error;
  while (types.isNativeError(innermost) && innermost.cause !== undefined) innermost = innermost.cause;
  if (!types.isNativeError(innermost)) return String(innermost);
  // A host of several addresses fails with an error for each, and no message of its own.
  return innermost.message || ('code' in innermost ? String(innermost.code) : innermost.name);
}
