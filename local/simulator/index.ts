import type { Answer } from './answering';
import type { Certificates } from './certificates';
import { addFault } from './control';
import { AdminApi } from './exchange/admin-api';
import { ContinuationLinks } from './exchange/pages';
import { type Fault, Faults } from './faults';
import { Graph } from './graph';
import { Identity, type SimulatedRequest } from './identity';
import type { RequestRecord, TokenRecord } from './log';
import { SkipTokens } from './query';
import { startListener } from './server';
import type { TenantState } from './state';
import { Tenancies } from './tenancy';
import { Tokens } from './tokens';

export { isAccepted, isWrite, type RequestRecord } from './log';
export type { TenantState } from './state';

export interface SimulatorOptions {
  tenantsFolder: string;
  certificate: Certificates;
  /** The tenant of the managed identity. */
  homeTenantId: string;
  /** What callers of the managed identity endpoint have to know. */
  identityHeader: string;
}

/** A Microsoft 365 on this machine: identities, Microsoft Graph and the admin API of Exchange, over https. */
export interface Simulator {
  /** Origin of Microsoft Graph. */
  url: string;
  /** Origin of the admin API of Exchange; tokens for it are not good for Graph, and the other way round. */
  exchangeUrl: string;
  /** Origin of the authority that issues tokens. */
  authorityUrl: string;
  identityEndpoint: string;
  /** Every request to Graph and to Exchange that was answered, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Every request for a token of an application, oldest first. Those for the managed identity itself are not among them. */
  readonly tokenRequests: readonly TokenRecord[];
  /** Whether bodies are kept in the log; off for runs of many thousand requests. */
  keepBodies: boolean;
  /** Every answer of Graph and of Exchange takes this long, with the time that it takes to be found. */
  latencyMs: number;
  /**
   * How long readers do not see what was written; `Infinity` is for ever, and 0, as it is at first, not at all. It counts
   * for everything that waits already, too.
   */
  consistencyDelayMs: number;
  /** The clock that this goes by, in milliseconds since 1970; `Date.now` unless a test has one of its own. */
  now: () => number;
  clearRequests(): void;
  /** Adds a tenant that stands in no file, until the next reset. Several may share lists, as long as nobody writes to them. */
  addTenant(state: TenantState): void;
  /** The live state of a tenant as readers see it: what is changed here, the next request sees. @throws for an unknown one. */
  tenant(tenantId: string): TenantState;
  /** A tenant with everything that was written to it, whether readers see it yet or not. @throws for an unknown one. */
  written(tenantId: string): TenantState;
  /** Back to what the files say, without faults, without requests, and with everything seen at once. */
  reset(): void;
  /** Shows a failure; call what comes back to end it. */
  fail(fault: Fault): () => void;
  /** Lets every continuation link that was given out expire. */
  expireLinks(): void;
  /** A token for the product's own API, as a person or an application would bring one. */
  mintUserToken(claims: {
    tenantId: string;
    audience: string;
    roles: string[];
    expiresIn?: number;
    iss?: string;
  }): Promise<string>;
  close(): Promise<void>;
}

/** Starts the simulator on two free ports of loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const tenancies = new Tenancies(options.tenantsFolder);
  const requests: RequestRecord[] = [];
  const tokenRequests: TokenRecord[] = [];
  const faults = new Faults();
  const skipTokens = new SkipTokens();
  const tokens = await Tokens.create();
  const tenancy = (tenantId: string) => tenancies.find(tenantId);
  const identity = new Identity({ ...options, tokens, tenant: (tenantId) => tenancy(tenantId)?.seen() });
  const record = (entry: RequestRecord) =>
    requests.push(
      simulator.keepBodies ? entry : { ...entry, requestBody: undefined, responseBody: undefined },
    );
  const shared = { tokens, tenancy, faults, record };
  const links = new ContinuationLinks();
  const graph = new Graph({ ...shared, skipTokens, now: () => tenancies.now() });
  const adminApi = new AdminApi({ ...shared, links });
  const slowly = async (answer: () => Promise<Answer>) => {
    const { latencyMs } = simulator;
    if (latencyMs === 0) return answer();
    const [given] = await Promise.all([answer(), new Promise((resolve) => setTimeout(resolve, latencyMs))]);
    return given;
  };
  const issue = async (request: SimulatedRequest, tenantId: string) => {
    const answer = await identity.token(request, tenantId);
    const form = new URLSearchParams(request.body);
    const [appId, scope] = [form.get('client_id') ?? '', form.get('scope') ?? ''];
    tokenRequests.push({ tenantId, appId, scope, status: answer.status });
    return answer;
  };
  const serve = (request: SimulatedRequest): Answer | Promise<Answer> => {
    const { origin, pathname } = request.url;
    const [, tenantId = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
    if (pathname === '/msi/token') return identity.managedIdentity(request);
    if (rest === '/oauth2/v2.0/token') return issue(request, tenantId);
    if (rest === '/v2.0/.well-known/openid-configuration') return identity.discovery(origin, tenantId);
    if (rest === '/discovery/v2.0/keys') return identity.keys();
    if (pathname === '/simulator/requests') return { status: 200, body: requests };
    if (pathname === '/simulator/faults') return addFault(faults, request.body);
    return slowly(() => graph.answer(request));
  };
  const [{ origin: url, close }, exchange] = await Promise.all([
    startListener(options.certificate, serve),
    startListener(options.certificate, (request) => slowly(() => adminApi.answer(request))),
  ]);

  const simulator: Simulator = {
    url,
    exchangeUrl: exchange.origin,
    authorityUrl: url,
    identityEndpoint: `${url}/msi/token`,
    requests,
    tokenRequests,
    keepBodies: true,
    latencyMs: 0,
    clearRequests() {
      requests.splice(0);
      tokenRequests.splice(0);
    },
    addTenant: (state) => tenancies.add(state),
    get consistencyDelayMs() {
      return tenancies.consistencyDelayMs;
    },
    set consistencyDelayMs(milliseconds) {
      tenancies.consistencyDelayMs = milliseconds;
    },
    get now() {
      return tenancies.now;
    },
    set now(clock) {
      tenancies.now = clock;
    },
    tenant: (tenantId) => tenancies.get(tenantId).seen(),
    written: (tenantId) => tenancies.get(tenantId).written(),
    reset() {
      tenancies.reset();
      simulator.clearRequests();
      faults.clear();
    },
    fail: (fault) => faults.add(fault),
    expireLinks() {
      skipTokens.expire();
      links.expire();
    },
    mintUserToken: ({ tenantId, audience, roles, expiresIn, iss = `${url}/${tenantId}/v2.0` }) =>
      tokens.sign(
        {
          iss,
          aud: audience,
          tid: tenantId,
          oid: 'ada00000-0000-4000-8000-000000000001',
          name: 'Ada',
          roles,
        },
        expiresIn,
      ),
    close: async () => {
      await Promise.all([close(), exchange.close()]);
    },
  };
  return simulator;
}
