import { homeTenantId } from '../../local/simulator/demo';
import type { Answer, SimulatorClient, Who } from './simulator-client';

/** One page of what a cmdlet gave. */
export interface Page {
  '@odata.context': string;
  '@odata.nextLink'?: string;
  '@adminapi.warnings'?: string[];
  value: Record<string, unknown>[];
}

export const anchor = (tenantId: string = homeTenantId) => `APP:SystemMailbox{bb558c35}@${tenantId}`;

/** The body that runs a cmdlet. */
export const cmdletInput = (CmdletName: string, Parameters: object = {}) => ({
  CmdletInput: { CmdletName, Parameters },
});

/** The admin API of Contoso, or of another tenant, spoken to as the product is supposed to. */
export class SimulatedExchange {
  constructor(
    private readonly client: SimulatorClient,
    private readonly tenantId: string = homeTenantId,
    private readonly who: Who = 'reader',
  ) {}

  address(path: string): string {
    return `${this.client.simulator.exchangeUrl}/adminapi/beta/${this.tenantId}/${path}`;
  }

  /** Posts to the API, with a token for it and the anchor. */
  async post(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const authorization = `Bearer ${await this.token()}`;
    return this.client.request(address, {
      method: 'POST',
      headers: { authorization, 'x-anchormailbox': anchor(this.tenantId), ...headers },
      body,
    });
  }

  private token(): Promise<string> {
    const { exchangeUrl } = this.client.simulator;
    // A tenant of its own decides whose token it takes, so one of Contoso will do to be refused elsewhere.
    const tenantId = this.who === 'reader' ? homeTenantId : this.tenantId;
    return this.client.token(exchangeUrl, tenantId, this.who);
  }

  run(name: string, parameters: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(this.address('InvokeCommand'), cmdletInput(name, parameters), headers);
  }

  /** The first page of what a cmdlet gives. @throws when it gives something else. */
  async page(name: string, parameters: object = {}, headers: Record<string, string> = {}): Promise<Page> {
    const { status, body, text } = await this.run(name, parameters, headers);
    if (status !== 200) throw new Error(`${name}: ${status} ${text}`);
    return body as Page;
  }

  async rows(name: string, parameters: object = {}): Promise<Record<string, unknown>[]> {
    return (await this.page(name, parameters)).value;
  }

  /** Status and words with which a cmdlet is refused. */
  async refusal(name: string, parameters: object): Promise<[number, string | undefined]> {
    const { status, body } = await this.run(name, parameters);
    const { error } = body as { error: { details: { message: string }[] } };
    return [status, error.details[0]?.message];
  }

  /** One property of each row. */
  async column(property: string, name: string, parameters: object = {}): Promise<unknown[]> {
    return (await this.rows(name, parameters)).map((row) => row[property]);
  }
}
