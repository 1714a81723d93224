import { randomUUID } from 'node:crypto';
import type { TenantState } from './state';
import type { Tokens } from './tokens';

export const exchangeAudience = 'api://AzureADTokenExchange';

/** A request to the simulator, with its body read. */
export interface SimulatedRequest {
  method: string;
  /** Origin, path and query. */
  url: URL;
  header: (name: string) => string | undefined;
  body: string;
}

export interface SimulatedResponse {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of a body. */
  text?: string;
}

interface IdentityOptions {
  tokens: Tokens;
  tenant: (tenantId: string) => TenantState | undefined;
  homeTenantId: string;
  identityHeader: string;
}

/** Issues tokens: the managed identity endpoint of App Service, and the token endpoint of Microsoft Entra. */
export class Identity {
  constructor(private readonly options: IdentityOptions) {}

  /** https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference */
  async managedIdentity(request: SimulatedRequest): Promise<SimulatedResponse> {
    const { tokens, homeTenantId, identityHeader } = this.options;
    if (request.header('x-identity-header') !== identityHeader) {
      return {
        status: 401,
        body: { statusCode: 401, message: 'The X-IDENTITY-HEADER is missing or wrong.' },
      };
    }
    const resource = request.url.searchParams.get('resource') ?? '';
    const clientId = request.url.searchParams.get('client_id') ?? '';
    const application = applicationOf(this.options.tenant(homeTenantId), clientId);
    if (application === undefined) {
      return {
        status: 400,
        body: { statusCode: 400, message: `No User Assigned identity ${clientId} was found.` },
      };
    }
    const iss = `${request.url.origin}/${homeTenantId}/v2.0`;
    const isExchange = resource === exchangeAudience;
    const access_token = await tokens.sign({
      iss,
      aud: resource,
      tid: homeTenantId,
      oid: application.objectId,
      sub: application.objectId,
      appid: clientId,
      ...(isExchange ? {} : { roles: application.roles }),
    });
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    return {
      status: 200,
      body: { access_token, expires_on, resource, token_type: 'Bearer', client_id: clientId },
    };
  }

  /** Client credentials with an assertion of the managed identity, or with a secret. */
  async token(request: SimulatedRequest, tenantId: string): Promise<SimulatedResponse> {
    const form = new URLSearchParams(request.body);
    const tenant = this.options.tenant(tenantId);
    if (tenant === undefined) return refuse('invalid_request', 90002, `Tenant '${tenantId}' not found.`);
    const clientId = form.get('client_id') ?? '';
    const application = applicationOf(tenant, clientId);
    if (application === undefined) {
      const why = `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'.`;
      return refuse('unauthorized_client', 700016, why);
    }
    const problem = await this.checkProof(form, application, request.url.origin);
    if (problem !== undefined) return problem;
    const aud = (form.get('scope') ?? '').replace(/\/\.default$/, '');
    const access_token = await this.options.tokens.sign({
      iss: `${request.url.origin}/${tenantId}/v2.0`,
      aud,
      tid: tenantId,
      oid: application.objectId,
      appid: clientId,
      roles: application.roles,
    });
    return {
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token },
    };
  }

  /** What a client library asks for before it asks for tokens. */
  discovery(origin: string, tenantId: string): SimulatedResponse {
    const base = `${origin}/${tenantId}`;
    return {
      status: 200,
      body: {
        token_endpoint: `${base}/oauth2/v2.0/token`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
        issuer: `${base}/v2.0`,
        response_types_supported: ['code', 'id_token'],
        subject_types_supported: ['pairwise'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
    };
  }

  keys(): SimulatedResponse {
    return { status: 200, body: this.options.tokens.keys };
  }

  private async checkProof(
    form: URLSearchParams,
    { federatedIdentity }: Application,
    origin: string,
  ): Promise<SimulatedResponse | undefined> {
    const { tokens, homeTenantId } = this.options;
    const assertion = form.get('client_assertion');
    // Any secret will do here: what is simulated is the tenant, not the guarding of secrets.
    if (assertion === null) {
      return form.has('client_secret')
        ? undefined
        : refuse('invalid_client', 7000216, "'client_assertion' or 'client_secret' is required.");
    }
    try {
      const claims = await tokens.verify(assertion, exchangeAudience);
      const identity = applicationOf(this.options.tenant(homeTenantId), federatedIdentity);
      const isFromHome = claims.iss === `${origin}/${homeTenantId}/v2.0`;
      if (isFromHome && identity?.objectId === claims.sub) return undefined;
    } catch {
      // Said below, as for any other assertion that does not match.
    }
    return refuse(
      'invalid_client',
      70021,
      'No matching federated identity record found for presented assertion.',
    );
  }
}

type Application = TenantState['applications'][number];

function applicationOf(tenant: TenantState | undefined, clientId: string | undefined) {
  return tenant?.applications.find(({ appId }) => appId === clientId);
}

function refuse(error: string, code: number, why: string): SimulatedResponse {
  const trace = randomUUID();
  return {
    status: error === 'invalid_client' ? 401 : 400,
    body: {
      error,
      error_description: `AADSTS${code}: ${why} Trace ID: ${trace}`,
      error_codes: [code],
      timestamp: new Date().toISOString(),
      trace_id: trace,
      correlation_id: randomUUID(),
    },
  };
}
