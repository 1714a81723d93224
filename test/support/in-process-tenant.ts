import type { Answer as Answered, Desk } from '../../local/simulator/answering';
import { AdminApi as SimulatedAdminApi } from '../../local/simulator/exchange/admin-api';
import { ContinuationLinks } from '../../local/simulator/exchange/pages';
import { Faults } from '../../local/simulator/faults';
import { Graph } from '../../local/simulator/graph';
import type { SimulatedRequest } from '../../local/simulator/identity';
import { SkipTokens } from '../../local/simulator/query';
import type { TenantState } from '../../local/simulator/state';
import { Tenancy } from '../../local/simulator/tenancy';
import { AdminApi, type Cmdlet } from '../../src/lib/microsoft365/admin-api';
import { partHeaders, toCmdletInput } from '../../src/lib/microsoft365/admin-api/cmdlet';
import { exchangeFailureOf } from '../../src/lib/microsoft365/admin-api/failure';
import { AdminApiSession, type CmdletCall } from '../../src/lib/microsoft365/admin-api/session';
import { AdminApiTransport } from '../../src/lib/microsoft365/admin-api/transport';
import { GraphReader } from '../../src/lib/microsoft365/graph';
import { type Asked, GraphSession, type Question } from '../../src/lib/microsoft365/graph/session';
import { GraphTransport } from '../../src/lib/microsoft365/graph/transport';
import type { Tenant } from '../../src/lib/microsoft365/tenant';
import type { Answer, Usage } from '../../src/lib/microsoft365/wire/retry-policy';
import { failureOf, type ReadSubject, type Reply } from '../../src/lib/microsoft365/wire/reply';
import { Budget } from '../../src/lib/microsoft365/wire/retry';
import { FakeTimers, tokens } from './stub-graph';

const [graphOrigin, exchangeOrigin] = ['https://graph.test', 'https://exchange.test'];

/** What becomes of the answer to one read, given what Microsoft 365 would have said; undefined leaves it as it is. */
export type Spoil = (read: string, honest: Reply) => Reply | undefined;

/**
 * A simulated tenant without a network, for properties that need thousands: the product's own readers ask the
 * simulator's own routes. What was answered once is kept, so that the same tenant can be read again for little.
 */
export class InProcessTenant {
  private readonly answers = new Map<string, Reply>();
  private readonly graph: Graph;
  private readonly exchange: SimulatedAdminApi;

  /** @param now the time of the tenant's own clock, and of the reading. */
  constructor(
    private readonly state: TenantState,
    private readonly now = new Date(0),
  ) {
    const tenancy = new Tenancy(state, { consistencyDelayMs: 0, now: () => 0 });
    const [reader] = state.applications;
    const desk: Desk = { faults: new Faults(), record: () => undefined };
    const claims = { iss: '', aud: '', oid: '', tid: state.tenantId, appid: reader?.appId ?? '' };
    const common = {
      ...desk,
      tokens: { verify: () => Promise.resolve({ ...claims, roles: reader?.roles ?? [] }) },
      tenancy: () => tenancy,
    };
    this.graph = new Graph({ ...common, skipTokens: new SkipTokens(), now: () => now.getTime() });
    this.exchange = new SimulatedAdminApi({ ...common, links: new ContinuationLinks() });
  }

  /** Every read that was answered so far. */
  get reads(): readonly string[] {
    return [...this.answers.keys()];
  }

  /** What Microsoft 365 said to a read. */
  honest(read: string): Reply | undefined {
    return this.answers.get(read);
  }

  /** The tenant as one control sees it during one invocation. */
  open(spoil?: Spoil): Tenant {
    const { tenantId } = this.state;
    const usage: Usage = { requests: 0, requestIds: [] };
    const budget = new Budget(0, new FakeTimers());
    const credential = tokens('token');
    const graph = new DirectGraph(new GraphTransport(graphOrigin, credential, tenantId), budget);
    const exchange = new DirectExchange(new AdminApiTransport(exchangeOrigin, credential, tenantId), budget);
    graph.answerOf = (path, body) => {
      const read = body === undefined ? `GET ${path}` : `POST ${path} ${JSON.stringify(body)}`;
      return this.answer(read, spoil, () => this.askGraph(path, body));
    };
    exchange.answerOf = (cmdlet, address) =>
      this.answer(`${cmdlet.name} ${JSON.stringify(cmdlet.parameters)} ${address}`, spoil, () =>
        this.askExchange(cmdlet, address),
      );
    return {
      tenantId,
      cloud: 'worldwide',
      beganAt: this.now.getTime(),
      graph: new GraphReader(graph, usage),
      adminApi: new AdminApi(exchange, usage),
      usage,
    };
  }

  private async answer(read: string, spoil: Spoil | undefined, ask: () => Promise<Answered>): Promise<Reply> {
    const honest = this.answers.get(read) ?? replyOf(await ask());
    this.answers.set(read, honest);
    return spoil?.(read, honest) ?? honest;
  }

  private askGraph(path: string, body: unknown): Promise<Answered> {
    const url = new URL(path, graphOrigin);
    if (body === undefined) return this.graph.answer(request('GET', url, {}, ''));
    const headers = { 'content-type': 'application/json' };
    return this.graph.answer(request('POST', url, headers, JSON.stringify(body)));
  }

  private askExchange(cmdlet: Cmdlet, address: string): Promise<Answered> {
    const body = JSON.stringify(toCmdletInput(cmdlet));
    return this.exchange.answer(request('POST', new URL(address), partHeaders(this.state.tenantId), body));
  }
}

/** Asks without a wire, and without patience: whatever fails has failed for good. */
class DirectGraph extends GraphSession {
  answerOf: (path: string, body?: unknown) => Promise<Reply> = () =>
    Promise.reject(new Error('Nobody answers.'));

  override async send({ version, path, reading }: Asked): Promise<Answer> {
    const reply = await this.answerOf(`/${version}${path}`);
    return isSuccess(reply) ? { ok: true, reply } : { ok: false, failure: failureOf(reply, reading) };
  }

  override async post({ version, path, reading, body }: Question): Promise<Answer> {
    const reply = await this.answerOf(`/${version}${path}`, body);
    return isSuccess(reply) ? { ok: true, reply } : { ok: false, failure: failureOf(reply, reading) };
  }

  override sendAlone(asked: Asked): Promise<Answer> {
    return this.send(asked);
  }
}

/** As {@link DirectGraph}. */
class DirectExchange extends AdminApiSession {
  answerOf: (cmdlet: Cmdlet, address: string) => Promise<Reply> = () =>
    Promise.reject(new Error('Nobody answers.'));

  override async page({ cmdlet, reading }: CmdletCall, address: string): Promise<Answer> {
    const reply = await this.answerOf(cmdlet, address);
    return isSuccess(reply) ? { ok: true, reply } : { ok: false, failure: exchangeFailureOf(reply, reading) };
  }

  override batch(cmdlets: readonly Cmdlet[], reading: ReadSubject, usage: Usage): Promise<Answer[]> {
    return Promise.all(
      cmdlets.map((cmdlet) => this.page({ cmdlet, reading, usage }, this.addressOf(cmdlet))),
    );
  }
}

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

function replyOf(answer: Answered): Reply {
  if (answer === 'drop') throw new Error('Nothing was to be dropped.');
  return { status: answer.status, headers: {}, body: answer.body };
}

function request(
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): SimulatedRequest {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  lower.set('authorization', 'Bearer token');
  return { method, url, header: (name) => lower.get(name.toLowerCase()), body };
}
