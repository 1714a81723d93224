import { type Answer, answered, type Desk } from './answering';
import { GraphFault } from './faults';
import { Batch, partAnswer } from './graph-batch';
import { failure, headers, refusal } from './graph-replies';
import type { SimulatedRequest, SimulatedResponse } from './identity';
import type { SkipTokens } from './query';
import { type GraphCall, type GraphRoute, requireOneOf } from './route';
import { routes } from './routes';
import type { Tenancy } from './tenancy';
import type { Claims, Tokens } from './tokens';

interface GraphOptions extends Desk {
  tokens: Pick<Tokens, 'verify'>;
  tenancy: (tenantId: string) => Tenancy | undefined;
  skipTokens: SkipTokens;
  now: () => number;
}

/** One request, or one part of a batch. */
interface Call {
  claims: Claims;
  method: string;
  url: URL;
  body: unknown;
  batched: boolean;
}

/** Microsoft Graph for the tenant that the caller's token is for, with the permissions that the token carries. */
export class Graph {
  constructor(private readonly options: GraphOptions) {}

  async answer(request: SimulatedRequest): Promise<Answer> {
    const { method, url, header } = request;
    const bearer = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1] ?? '';
    let claims: Claims;
    try {
      claims = await this.options.tokens.verify(bearer, url.origin);
    } catch {
      return refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure.');
    }
    return this.carryOut({ claims, method, url, body: bodyOf(request), batched: false });
  }

  private carryOut(call: Call): Promise<Answer> {
    const { claims, method, url, body, batched } = call;
    const request = {
      service: 'graph' as const,
      tenantId: claims.tid,
      appId: claims.appid ?? '',
      method,
      url: `${url.pathname}${decodeURIComponent(url.search)}`,
      requestBody: body,
      batched,
    };
    return answered(this.options, request, () => this.respond(call), failure);
  }

  private async respond(call: Call): Promise<SimulatedResponse> {
    const { claims, method, url } = call;
    const [, version = '', path = ''] = /^\/(v1\.0|beta)(\/.*)$/.exec(url.pathname) ?? [];
    if (version === '') return refusal(400, 'BadRequest', 'Invalid version.');
    if (path === '/$batch' && method === 'POST') return this.batch(call, version);
    const tenancy = this.options.tenancy(claims.tid);
    if (tenancy === undefined) return refusal(401, 'InvalidAuthenticationToken', 'Unknown tenant.');
    for (const route of routes) {
      if (route.method !== method || (route.version ?? version) !== version) continue;
      const match = route.path.exec(decodeURIComponent(path));
      if (match !== null) return this.take(route, match.slice(1), call, tenancy);
    }
    const segment = path.split('/').at(-1) ?? '';
    return refusal(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
  }

  private take(
    route: GraphRoute,
    params: readonly string[],
    { claims, url, body }: Call,
    tenancy: Tenancy,
  ): SimulatedResponse {
    const { skipTokens, now } = this.options;
    const roles = claims.roles ?? [];
    const call: GraphCall = {
      tenant: route.method === 'GET' ? tenancy.seen() : tenancy.written(),
      write: (change) => tenancy.write(change),
      now: () => new Date(now()),
      ...{ url, params, skipTokens, body, roles },
    };
    try {
      requireOneOf(route.permissions, roles);
      if (route.also !== undefined) requireOneOf(route.also, roles);
      return { ...route.answer(call), headers: headers() };
    } catch (error) {
      if (error instanceof GraphFault) return refusal(error.status, error.code, error.message);
      throw error;
    }
  }

  /** Each part for itself, and the answers in no particular order. */
  private async batch({ claims, url, body }: Call, version: string): Promise<SimulatedResponse> {
    const parsed = Batch.safeParse(body);
    if (!parsed.success) {
      const why = parsed.error.issues[0]?.message ?? '';
      return refusal(400, 'BadRequest', `Invalid batch payload format. ${why}`);
    }
    const responses = parsed.data.requests.map(async ({ id, method, url: relative, body: part }) => {
      const address = new URL(`/${version}${relative}`, url);
      const answer = await this.carryOut({ claims, method, url: address, body: part, batched: true });
      return partAnswer(id, answer);
    });
    const answers = await Promise.all(responses);
    return { status: 200, headers: headers(), body: { responses: answers.reverse() } };
  }
}

/** The body as JSON. What is none, or is not said to be, stays a text, which no route takes. */
function bodyOf({ body, header }: SimulatedRequest): unknown {
  if (body === '') return undefined;
  if (!/^application\/json/i.test(header('content-type') ?? '')) return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
