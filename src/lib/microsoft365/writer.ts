import { requestHeaders } from './admin-api/cmdlet';
import { AdminApiTransport } from './admin-api/transport';
import { GraphTransport, type GraphVersion, type WriteMethod } from './graph/transport';
import type { Credentials } from './sign-in/credentials';
import type { Attempt } from './wire/reply';

/** A request that changes a tenant, with the address in full. */
export interface WriteRequest {
  method: WriteMethod;
  url: string;
  body?: unknown;
}

/** Origins of the services that are written to, such as `https://graph.microsoft.com`. */
export interface WriterSettings {
  graphEndpoint: string;
  exchangeEndpoint: string;
}

/** Opens tenants for writing, with the identity that may. Nothing but the gate of remediations may have one. */
export class Writers {
  constructor(
    private readonly credentials: Credentials,
    private readonly settings: WriterSettings,
  ) {}

  /** Whether the writing identity can get tokens for this tenant at all. */
  canReach(tenantId: string): boolean {
    return this.credentials.canReach(tenantId);
  }

  /** @throws {ForeignTenantError} when it cannot. */
  open(tenantId: string): TenantWriter {
    return new TenantWriter(this.credentials, this.settings, tenantId);
  }
}

/** Sends single requests that change one tenant, each once: to ask again is the business of whoever sent it. */
export class TenantWriter {
  private readonly graph: GraphTransport;
  private readonly exchange: AdminApiTransport;

  constructor(
    credentials: Credentials,
    private readonly settings: WriterSettings,
    private readonly tenantId: string,
  ) {
    const credential = credentials.forTenant(tenantId);
    this.graph = new GraphTransport(settings.graphEndpoint, credential, tenantId);
    this.exchange = new AdminApiTransport(settings.exchangeEndpoint, credential, tenantId);
  }

  /** @throws when the address is neither Microsoft Graph's nor this tenant's part of the admin API. */
  send({ method, url, body }: WriteRequest, timeoutMs: number): Promise<Attempt> {
    if (this.exchange.owns(url)) {
      return this.exchange.post(url, requestHeaders(this.tenantId, cmdletOf(body)), body, timeoutMs);
    }
    const { graphEndpoint } = this.settings;
    const address = new URL(url);
    const [, version, path] = /^\/(v1\.0|beta)(\/.*)$/.exec(address.pathname) ?? [];
    if (address.origin !== graphEndpoint || version === undefined || path === undefined) {
      throw new Error('A change was about to be sent elsewhere than to Microsoft 365.');
    }
    return this.graph.write(method, version as GraphVersion, path + address.search, body, timeoutMs);
  }
}

/** Name of the cmdlet that a body runs. */
export function cmdletOf(body: unknown): string {
  const input = (body as { CmdletInput?: { CmdletName?: unknown } } | undefined)?.CmdletInput;
  return typeof input?.CmdletName === 'string' ? input.CmdletName : '';
}
