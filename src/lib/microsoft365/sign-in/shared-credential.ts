import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { decodeJwt } from 'jose';
import { started } from '../../started';
import { withTransportNote } from './transport-note';

/** No request for a token may take longer. */
const longestMs = 30_000;

/**
 * Asks once for a token that several want at the same time. Credentials keep tokens, but only once they have them, and
 * all audits of a tenant begin at the same time.
 */
export class SharedCredential implements TokenCredential {
  private readonly asked = new Map<string, Promise<AccessToken | null>>();

  constructor(readonly inner: TokenCredential) {}

  async getToken(
    scopes: string | string[],
    { tenantId, abortSignal, claims }: GetTokenOptions = {},
  ): Promise<AccessToken | null> {
    const key = JSON.stringify([scopes, tenantId, claims]);
    let asked = this.asked.get(key);
    if (asked === undefined) {
      // Not with the signal of one who asks: when he gives up, the others still wait.
      const options = {
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(claims === undefined ? {} : { claims }),
        abortSignal: AbortSignal.timeout(longestMs),
      };
      const ask = () => this.inner.getToken(scopes, options);
      asked = started(withTransportNote(ask).finally(() => this.asked.delete(key)));
      this.asked.set(key, asked);
    }
    const given = [asked, ...(abortSignal === undefined ? [] : [whenAborted(abortSignal)])];
    const token = await Promise.race(given);
    if (tenantId !== undefined && token !== null) refuseOther(token.token, tenantId);
    return token;
  }
}

/** A token of another tenant than the one that is to be read. */
export class WrongTenantError extends Error {
  override readonly name = 'WrongTenantError';
  /** Refused, and not out of order: repeating it is no use. */
  readonly statusCode = 403;
}

/**
 * A managed identity gives tokens of its own tenant, whichever one is asked for: what is read with them would be said of
 * the wrong customer. Tokens are not ours to read, so one that cannot be read is taken as it is.
 * @throws {WrongTenantError}
 */
function refuseOther(token: string, tenantId: string): void {
  const actual = tenantOf(token);
  if (actual === undefined || actual.toLowerCase() === tenantId.toLowerCase()) return;
  throw new WrongTenantError(
    `the identity gave one of tenant ${actual} and not of ${tenantId}. Set HOME_TENANT_ID to the tenant of the managed identity, and FEDERATED_APP_CLIENT_ID for other tenants.`,
  );
}

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
function tenantOf(token: string): string | undefined {
  try {
    const { tid } = decodeJwt<{ tid?: unknown }>(token);
    return typeof tid === 'string' ? tid : undefined;
  } catch {
    return undefined;
  }
}

/** Rejects as soon as a signal says so, and is pending until then. */
function whenAborted(signal: NonNullable<GetTokenOptions['abortSignal']>): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(new Error('there was no token in time'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
}
