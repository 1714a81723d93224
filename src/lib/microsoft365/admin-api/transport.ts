import type { TokenCredential } from '@azure/identity';
import { Sender } from '../sign-in/sender';
import { sendHttps, type SendHttps } from '../wire/https';
import type { TokenRenewal } from '../wire/retry-policy';
import type { Attempt } from '../wire/reply';

/**
 * Sends single requests to the admin API of Exchange Online for one tenant: https to the one configured host, no
 * retries, no redirects. It is the API behind Microsoft's own PowerShell module.
 * https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export class AdminApiTransport implements TokenRenewal {
  private readonly sender: Sender;
  /** Where this tenant's requests go to. */
  readonly base: string;

  /** @param endpoint origin of Exchange Online, e.g. `https://outlook.office365.com`; the only host that gets a token. */
  constructor(
    readonly endpoint: string,
    credential: TokenCredential,
    readonly tenantId: string,
    private readonly send: SendHttps = sendHttps,
  ) {
    this.sender = new Sender(endpoint, credential, tenantId);
    this.base = `${endpoint}/adminapi/beta/${tenantId}`;
  }

  get renewals(): number {
    return this.sender.renewals;
  }

  renewedSince(renewals: number, timeoutMs: number): Promise<boolean> {
    return this.sender.renewedSince(renewals, timeoutMs);
  }

  /** Posts to an address of this API. @throws when it is of another host: no token may go there. */
  post(
    address: string,
    headers: Readonly<Record<string, string>>,
    body: unknown,
    timeoutMs: number,
  ): Promise<Attempt> {
    if (!this.owns(address)) throw new Error('An address outside the admin API was about to be asked.');
    return this.sender.send(timeoutMs, (token, timeLeftMs) =>
      this.send(
        {
          method: 'POST',
          address,
          headers: { ...headers, Authorization: `Bearer ${token}` },
          body: JSON.stringify(body),
        },
        timeLeftMs,
      ),
    );
  }

  /** Whether an address, of a next page for instance, is this tenant's part of the API. */
  owns(address: string): boolean {
    const url = URL.parse(address);
    return url?.origin === this.endpoint && url.href.startsWith(`${this.base}/`);
  }
}
