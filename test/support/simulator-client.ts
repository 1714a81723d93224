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

  /** A token of the first reader of a tenant, good for one audience. */
  async token(audience = this.simulator.exchangeUrl, tenantId: string = homeTenantId): Promise<string> {
    const form = new URLSearchParams({
      client_id: this.simulator.tenant(tenantId).readers[0]?.appId ?? '',
      client_secret: 'any',
      scope: `${audience}/.default`,
    });
    const address = `${this.simulator.authorityUrl}/${tenantId}/oauth2/v2.0/token`;
    const { body } = await this.send(address, { method: 'POST' }, form.toString());
    return (body as { access_token: string }).access_token;
  }

  /** Asks Graph, as the first reader of a tenant. */
  async graph(address: string, tenantId: string = homeTenantId): Promise<Answer> {
    const { url } = this.simulator;
    const authorization = `Bearer ${await this.token(url, tenantId)}`;
    return this.request(new URL(address, url).href, { headers: { authorization } });
  }

  /** Sends a request; a body goes out as JSON. @throws when the connection breaks. */
  request(url: string, { body, ...options }: RequestOptions = {}): Promise<Answer> {
    return this.send(url, options, body === undefined ? undefined : JSON.stringify(body));
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.simulator.close();
  }

  private send(url: string, options: Omit<RequestOptions, 'body'>, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { ...options, agent: this.agent }, (incoming) => {
        text(incoming).then((said) => {
          const { statusCode: status = 0, headers } = incoming;
          resolve({ status, headers, text: said, body: jsonOf(said) });
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
