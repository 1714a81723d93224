import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, answered, type Desk, withRetryAfter } from './answering';
import { type Fault, GraphFault } from './faults';
import type { SimulatedRequest, SimulatedResponse } from './identity';
import type { SkipTokens } from './query';
import { routes } from './routes';
import type { TenantState } from './state';
import type { Claims, Tokens } from './tokens';

interface GraphOptions extends Desk {
  tokens: Tokens;
  tenant: (tenantId: string) => TenantState | undefined;
  skipTokens: SkipTokens;
}

const Batch = z.object({
  requests: z.array(
    z.object({ id: z.string(), method: z.string(), url: z.string(), body: z.unknown().optional() }),
  ),
});
const largestBatch = 20;

/** Microsoft Graph for the tenant that the caller's token is for, with the permissions that the token carries. */
export class Graph {
  constructor(private readonly options: GraphOptions) {}

  async answer(request: SimulatedRequest): Promise<Answer> {
    const bearer = /^Bearer (.+)$/.exec(request.header('authorization') ?? '')?.[1] ?? '';
    let claims: Claims;
    try {
      claims = await this.options.tokens.verify(bearer, request.url.origin);
    } catch {
      return this.refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure.');
    }
    const body = request.body === '' ? undefined : (JSON.parse(request.body) as unknown);
    return this.carryOut(claims, request.method, request.url, body, false);
  }

  private carryOut(
    claims: Claims,
    method: string,
    url: URL,
    body: unknown,
    batched: boolean,
  ): Promise<Answer> {
    const request = {
      service: 'graph' as const,
      tenantId: claims.tid,
      appId: claims.appid ?? '',
      method,
      url: `${url.pathname}${decodeURIComponent(url.search)}`,
      requestBody: body,
      batched,
    };
    const honest = () => this.respond(claims, method, url, body);
    return answered(this.options, request, honest, (fault) => this.failure(fault));
  }

  private async respond(claims: Claims, method: string, url: URL, body: unknown): Promise<SimulatedResponse> {
    const [, version = '', path = ''] = /^\/(v1\.0|beta)(\/.*)$/.exec(url.pathname) ?? [];
    if (version === '') return this.refusal(400, 'BadRequest', 'Invalid version.');
    if (path === '/$batch' && method === 'POST') return this.batch(claims, version, url, body);
    const tenant = this.options.tenant(claims.tid);
    if (tenant === undefined) return this.refusal(401, 'InvalidAuthenticationToken', 'Unknown tenant.');
    for (const route of routes) {
      if (route.method !== method || (route.version ?? version) !== version) continue;
      const match = route.path.exec(decodeURIComponent(path));
      if (match === null) continue;
      if (!route.permissions.some((permission) => claims.roles?.includes(permission))) {
        const message = 'Insufficient privileges to complete the operation.';
        return this.refusal(403, 'Authorization_RequestDenied', message);
      }
      try {
        const { skipTokens } = this.options;
        const answer = route.answer({ tenant, url, params: match.slice(1), skipTokens, body });
        return { ...answer, headers: headers() };
      } catch (error) {
        if (error instanceof GraphFault) return this.refusal(error.status, error.code, error.message);
        throw error;
      }
    }
    const segment = path.split('/').at(-1) ?? '';
    return this.refusal(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
  }

  /** Each part for itself, and the answers in no particular order. https://learn.microsoft.com/graph/json-batching */
  private async batch(claims: Claims, version: string, url: URL, body: unknown): Promise<SimulatedResponse> {
    const parsed = Batch.safeParse(body);
    const requests = parsed.success ? parsed.data.requests : [];
    const ids = new Set(requests.map(({ id }) => id.toLowerCase()));
    if (requests.length === 0 || requests.length > largestBatch || ids.size < requests.length) {
      return this.refusal(400, 'BadRequest', 'Invalid batch payload format.');
    }
    const responses = await Promise.all(
      requests.map(async ({ id, method, url: relative, body: part }) => {
        const answer = await this.carryOut(
          claims,
          method,
          new URL(`/${version}${relative}`, url),
          part,
          true,
        );
        return answer === 'drop'
          ? { id, status: 504, body: errorBody('UnknownError', '') }
          : { id, status: answer.status, headers: answer.headers ?? {}, body: answer.body };
      }),
    );
    return { status: 200, headers: headers(), body: { responses: responses.reverse() } };
  }

  private failure(fault: Fault): SimulatedResponse {
    const { status = 500, code, message } = fault;
    const byDefault = status === 429 ? 'TooManyRequests' : 'UnknownError';
    return withRetryAfter(this.refusal(status, code ?? byDefault, message ?? 'Simulated.'), fault);
  }

  private refusal(status: number, code: string, message: string): SimulatedResponse {
    return { status, headers: headers(), body: errorBody(code, message) };
  }
}

function headers(): Record<string, string> {
  return {
    'Content-Type':
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    'request-id': randomUUID(),
  };
}

function errorBody(code: string, message: string) {
  const id = randomUUID();
  const date = new Date().toISOString().slice(0, 19);
  return { error: { code, message, innerError: { date, 'request-id': id, 'client-request-id': id } } };
}
