import { Agent, request } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type Simulator, startSimulator, type TenantState } from '../../local/simulator';
import { createCertificates } from '../../local/simulator/certificates';
import { homeTenantId, tenantsFolder } from '../../local/simulator/demo';

/** What a request over https came to. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON, where it is that. */
  body: unknown;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of a body. */
  raw?: string;
}

interface SendOptions {
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
}

/** The application that only reads a tenant, or the one that may write to it. */
export type Who = 'reader' | 'writer';

/** Which application of which tenant. */
export interface Caller {
  tenantId?: string;
  who?: Who;
}

/** A started simulator, and real https to it without any code of the product. */
export class SimulatorClient {
  private constructor(
    readonly simulator: Simulator,
    private readonly agent: Agent,
  ) {}

  static async start(): Promise<SimulatorClient> {
    const certificate = await createCertificates();
    const simulator = await startSimulator({
      tenantsFolder: tenantsFolder(path.resolve(__dirname, '../..')),
      certificate,
      homeTenantId,
      identityHeader: 'identity-header-of-the-test',
    });
    return new SimulatorClient(simulator, new Agent({ ca: certificate.ca, keepAlive: true }));
  }

  /** The state of Contoso. */
  get state(): TenantState {
    return this.simulator.tenant(homeTenantId);
  }

  /** A token of an application of a tenant, good for one audience; of the one that reads, unless told. */
  async token(
    audience = this.simulator.exchangeUrl,
    tenantId: string = homeTenantId,
    who: Who = 'reader',
  ): Promise<string> {
    const { applications } = this.simulator.tenant(tenantId);
    const fields = {
      client_id: applications[who === 'reader' ? 0 : 1]?.appId ?? '',
      client_secret: 'any',
      scope: `${audience}/.default`,
    };
    const { body } = await this.form(`${this.simulator.authorityUrl}/${tenantId}/oauth2/v2.0/token`, fields);
    return (body as { access_token: string }).access_token;
  }

  /** Asks Graph, as the application that reads a tenant. */
  async graph(address: string, tenantId: string = homeTenantId): Promise<Answer> {
    return this.ask('GET', address, undefined, { tenantId, who: 'reader' });
  }

  /** What Graph lists, which has to be on one page. */
  async list(address: string): Promise<Record<string, unknown>[]> {
    return ((await this.graph(address)).body as { value: Record<string, unknown>[] }).value;
  }

  /** Asks Graph for a change, as the application that writes to a tenant. */
  async change(method: string, address: string, body?: unknown, caller: Caller = {}): Promise<Answer> {
    return this.ask(method, address, body, { who: 'writer', ...caller });
  }

  /** Sends a request; a body goes out as JSON. @throws when the connection breaks. */
  request(url: string, options: RequestOptions = {}): Promise<Answer> {
    const { method, headers, body, raw = body === undefined ? undefined : JSON.stringify(body) } = options;
    if (raw === undefined) return this.send(url, { method, headers });
    return this.send(url, { method, headers: { 'content-type': 'application/json', ...headers } }, raw);
  }

  /** Posts a form. */
  form(url: string, fields: Record<string, string>): Promise<Answer> {
    return this.send(url, { method: 'POST' }, new URLSearchParams(fields).toString());
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.simulator.close();
  }

  private async ask(method: string, address: string, body: unknown, { tenantId, who }: Caller) {
    const { url } = this.simulator;
    const authorization = `Bearer ${await this.token(url, tenantId, who)}`;
    return this.request(new URL(address, url).href, { method, headers: { authorization }, body });
  }

  private send(url: string, options: SendOptions, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method, headers = {} } = options;
      const sent = request(url, { method, headers, agent: this.agent }, (incoming) => {
        text(incoming).then((said) => {
          const { statusCode: status = 0, headers: received } = incoming;
          resolve({ status, headers: received, text: said, body: jsonOf(said) });
        }, reject);
      });
      sent.on('error', reject).end(body);
    });
  }
}

function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said) as unknown;
  } catch {
    return undefined;
  }
}
