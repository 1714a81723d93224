import {
  ClientAssertionCredential,
  EnvironmentCredential,
  type EnvironmentCredentialOptions,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { LRUCache } from 'lru-cache';
import { SharedCredential } from './shared-credential';
import { notingPolicies, notingUnreached } from './transport-note';

/** Where tokens for tenants come from. See the settings of the same names. */
export interface CredentialSettings {
  authorityHost: string;
  /** Client id of the user-assigned identity that reads; on a laptop, of the application. */
  clientId: string | undefined;
  /** Multi-tenant application for targets in other tenants than the identity's own. */
  federatedAppClientId: string | undefined;
  homeTenantId: string | undefined;
  /** `environment` on a laptop, where an application's secret or certificate stands in for the managed identity. */
  kind: 'managedIdentity' | 'environment';
}

/** One credential holds one tenant's tokens; beyond this many the least recently used makes room. */
const mostCredentials = 1000;

/** Audience of the assertion with which a managed identity speaks for an application. */
const exchangeScope = 'api://AzureADTokenExchange/.default';

/** What a tenant cannot be reached with: a configuration error, with the setting that mends it. */
export class ForeignTenantError extends Error {
  override readonly name = 'ForeignTenantError';

  constructor(readonly tenantId: string) {
    super(
      `Tenant ${tenantId} is not the home tenant of the managed identity. Set FEDERATED_APP_CLIENT_ID to a multi-tenant application that is consented there.`,
    );
  }
}

/** Gives the credential for a tenant: the identity itself at home, the multi-tenant application elsewhere. */
export class Credentials {
  private readonly home: SharedCredential;
  private readonly foreign = new LRUCache<string, SharedCredential>({ max: mostCredentials });
  private readonly authority: EnvironmentCredentialOptions;

  constructor(private readonly settings: CredentialSettings) {
    const { authorityHost, clientId } = settings;
    this.authority = {
      authorityHost,
      disableInstanceDiscovery: !isMicrosoftAuthority(authorityHost),
      additionalPolicies: notingPolicies,
    };
    this.home = new SharedCredential(
      settings.kind === 'environment'
        ? new EnvironmentCredential({ ...this.authority, additionallyAllowedTenants: ['*'] })
        : new ManagedIdentityCredential({
            additionalPolicies: notingUnreached,
            ...(clientId === undefined ? {} : { clientId }),
          }),
    );
  }

  /** Whether tokens for this tenant can be had at all with the present settings. */
  canReach(tenantId: string): boolean {
    const { kind, homeTenantId, federatedAppClientId } = this.settings;
    return (
      kind === 'environment' ||
      homeTenantId === undefined ||
      homeTenantId === tenantId ||
      federatedAppClientId !== undefined
    );
  }

  /** @throws {ForeignTenantError} when the tenant is another than the identity's and no application is set for that. */
  forTenant(tenantId: string): TokenCredential {
    if (!this.canReach(tenantId)) throw new ForeignTenantError(tenantId);
    const { kind, homeTenantId, federatedAppClientId } = this.settings;
    const isHome = homeTenantId === undefined || homeTenantId === tenantId;
    if (kind === 'environment' || isHome || federatedAppClientId === undefined) return this.home;

    const known = this.foreign.get(tenantId);
    if (known !== undefined) return known;
    const assertion = () => this.assertion();
    const made = new SharedCredential(
      new ClientAssertionCredential(tenantId, federatedAppClientId, assertion, this.authority),
    );
    this.foreign.set(tenantId, made);
    return made;
  }

  private async assertion(): Promise<string> {
    const token = await this.home.getToken(exchangeScope);
    if (token === null) throw new Error('The managed identity gave no token for the federated credential.');
    return token.token;
  }
}

/** Instance discovery asks Microsoft whether an authority is genuine, which only Microsoft's own can pass. */
export function isMicrosoftAuthority(authorityHost: string): boolean {
  return [
    'login.microsoftonline.com',
    'login.microsoftonline.us',
    'login.partner.microsoftonline.cn',
    'login.chinacloudapi.cn',
  ].includes(new URL(authorityHost).hostname);
}
