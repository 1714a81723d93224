import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Certificates } from './certificates';
import { type Fault, Faults } from './faults';
import { Graph } from './graph';
import { Identity, type SimulatedRequest } from './identity';
import type { RequestRecord } from './log';
import { SkipTokens } from './query';
import { readTenants, type TenantState } from './state';
import { Tokens } from './tokens';

export type { RequestRecord } from './log';
export type { TenantState } from './state';

export interface SimulatorOptions {
  tenantsFolder: string;
  certificate: Certificates;
  /** The tenant of the managed identity. */
  homeTenantId: string;
  /** What callers of the managed identity endpoint have to know. */
  identityHeader: string;
  /** Waits this long before every answer of Graph. */
  latencyMs?: number;
}

/** A Microsoft 365 on this machine: identities and Microsoft Graph, over https. */
export interface Simulator {
  /** Origin of Microsoft Graph. */
  url: string;
  /** Origin of the authority that issues tokens. */
  authorityUrl: string;
  identityEndpoint: string;
  /** Every request to Graph that was answered, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Whether bodies are kept in the log; off for runs of many thousand requests. */
  keepBodies: boolean;
  clearRequests(): void;
  /** The live state of a tenant: what is changed here, the next request sees. @throws for an unknown one. */
  tenant(tenantId: string): TenantState;
  /** Back to what the files say, without faults and without requests. */
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

/** Starts the simulator on a free port of loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  let tenants = readTenants(options.tenantsFolder);
  const requests: RequestRecord[] = [];
  const faults = new Faults();
  const skipTokens = new SkipTokens();
  const tokens = await Tokens.create();
  const find = (tenantId: string) => tenants.find((tenant) => tenant.tenantId === tenantId);
  const identity = new Identity({ ...options, tokens, tenants: () => tenants });
  const record = (entry: RequestRecord) =>
    requests.push(
      simulator.keepBodies ? entry : { ...entry, requestBody: undefined, responseBody: undefined },
    );
  const graph = new Graph({ tokens, tenant: find, faults, skipTokens, record });
  const server = createServer(
    { cert: options.certificate.cert, key: options.certificate.key },
    (incoming, outgoing) => {
      serve(incoming, outgoing, url).catch((error: unknown) => {
        outgoing.writeHead(500);
        outgoing.end(String(error));
      });
    },
  );
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse, origin: string) => {
    const request = await toSimulated(incoming, origin);
    const { pathname } = request.url;
    const [, tenantId = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
    if (pathname === '/msi/token') {
      reply(outgoing, await identity.managedIdentity(request));
      return;
    }
    if (rest === '/oauth2/v2.0/token') {
      reply(outgoing, await identity.token(request, tenantId));
      return;
    }
    if (rest === '/v2.0/.well-known/openid-configuration') {
      reply(outgoing, identity.discovery(origin, tenantId));
      return;
    }
    if (rest === '/discovery/v2.0/keys') {
      reply(outgoing, identity.keys());
      return;
    }
    if (pathname === '/simulator/requests') {
      reply(outgoing, { status: 200, body: requests });
      return;
    }
    if (pathname === '/simulator/faults') {
      reply(outgoing, addFault(faults, request.body));
      return;
    }
    if (options.latencyMs) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    const answer = await graph.answer(request);
    if (answer === 'drop') incoming.socket.destroy();
    else reply(outgoing, answer);
  };
  const url = `https://localhost:${await listen(server)}`;

  const simulator: Simulator = {
    url,
    authorityUrl: url,
    identityEndpoint: `${url}/msi/token`,
    requests,
    keepBodies: true,
    clearRequests: () => void requests.splice(0),
    tenant(tenantId) {
      const tenant = find(tenantId);
      if (tenant === undefined) throw new Error(`There is no tenant ${tenantId}.`);
      return tenant;
    },
    reset() {
      tenants = readTenants(options.tenantsFolder);
      requests.splice(0);
      faults.clear();
    },
    fail: (fault) => faults.add(fault),
    expireLinks: () => skipTokens.expire(),
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return simulator;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
  return address.port;
}

async function toSimulated(incoming: IncomingMessage, origin: string): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', origin),
    header: (name) => incoming.headers[name]?.toString(),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function reply(
  outgoing: ServerResponse,
  { status, headers, body }: { status: number; headers?: Record<string, string>; body?: unknown },
): void {
  outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
}

const FaultRequest = z.strictObject({
  match: z.string(),
  status: z.number().int(),
  code: z.string().optional(),
  retryAfter: z.number().optional(),
  times: z.number().int().optional(),
});

/** For a person with curl: `{"match": "GET /v1.0/domains", "status": 429, "retryAfter": 5, "times": 1}`. */
function addFault(faults: Faults, body: string): { status: number; body?: unknown } {
  const parsed = FaultRequest.safeParse(JSON.parse(body || '{}'));
  if (!parsed.success) return { status: 400, body: { problem: parsed.error.issues[0]?.message } };
  const { match, status, code, retryAfter, times } = parsed.data;
  faults.add({
    match: new RegExp(match),
    status,
    ...(code === undefined ? {} : { code }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(times === undefined ? {} : { times }),
  });
  return { status: 204 };
}
