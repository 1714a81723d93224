import type { TokenCredential } from '@azure/identity';
import { AdminApi } from '../../src/lib/microsoft365/admin-api';
import { AdminApiSession } from '../../src/lib/microsoft365/admin-api/session';
import { AdminApiTransport } from '../../src/lib/microsoft365/admin-api/transport';
import type { HttpsReply, HttpsRequest } from '../../src/lib/microsoft365/wire/https';
import type { Usage } from '../../src/lib/microsoft365/wire/retry-policy';
import { Budget } from '../../src/lib/microsoft365/wire/retry';
import { type Answer, FakeTimers, type Scripted, type Sent, tokens, toReply, toSent } from './stub-graph';

export const endpoint = 'https://exchange.test';
export const tenantId = 'tenant-1';
export const base = `${endpoint}/adminapi/beta/${tenantId}`;

/** The address of a further page. */
export const pageLink = (token: string) => `${base}/InvokeCommand?$skiptoken=${token}`;

/** An error as Exchange words it: the reason stands in the details. */
export function exchangeError(status: number, message: string, headers: Record<string, string> = {}): Answer {
  const details = [{ code: 'Context', target: '', message }];
  return {
    status,
    headers,
    body: { error: { code: 'BadRequest', message: 'Error executing request.', details } },
  };
}

interface Part {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/**
 * The admin API of Exchange in place of the network: each cmdlet has a queue of answers, and so has each further page as
 * `<cmdlet> <token>`; a batch is answered from the same queues. Whatever has no answer left breaks the connection,
 * and is an error in the end.
 */
export class StubExchange {
  readonly sent: Sent[] = [];
  readonly timers = new FakeTimers();
  private readonly answers = new Map<string, Scripted[]>();
  private readonly unexpected: string[] = [];

  /** The answers to a cmdlet, to a page or to `$batch`, one for each time that it is asked. */
  on(asked: string, ...answers: Scripted[]): this {
    this.answers.set(asked, [...(this.answers.get(asked) ?? []), ...answers]);
    return this;
  }

  /** What was asked for, in the words of {@link on}; parts of batches stand in the bodies. */
  get requests(): string[] {
    return this.sent.map(({ url, body }) => nameOf(url, body));
  }

  /** The parts of each batch. */
  get batches(): Part[][] {
    return this.sent.flatMap(({ url, body }) =>
      url.endsWith('/$batch') ? [(body as { requests: Part[] }).requests] : [],
    );
  }

  /** Starts one invocation; what comes back gives each control its own view. */
  open(budgetMs = 120_000, credential: TokenCredential = tokens('token-1')) {
    const session = new AdminApiSession(
      new AdminApiTransport(endpoint, credential, tenantId, (request) => this.answer(request)),
      new Budget(budgetMs, this.timers),
      () => 1, // The longest jitter, which makes waits 500, 1,000, 2,000 …
    );
    return () => {
      const usage: Usage = { requests: 0, requestIds: [] };
      return { session, usage, adminApi: new AdminApi(session, usage) };
    };
  }

  /** @throws when anything was asked that had no answer, or an answer was not asked for. */
  close(): void {
    const left = [...this.answers].filter(([, answers]) => answers.length > 0).map(([asked]) => asked);
    if (this.unexpected.length > 0) throw new Error(`Not expected: ${this.unexpected.join(', ')}`);
    if (left.length > 0) throw new Error(`Never asked for: ${left.join(', ')}`);
  }

  private answer(request: HttpsRequest): Promise<HttpsReply> {
    const sent = toSent(request);
    this.sent.push(sent);
    const { url, body } = sent;
    const name = nameOf(url, body);
    const isScripted = (this.answers.get(name)?.length ?? 0) > 0;
    const answer =
      name === '$batch' && !isScripted ? this.batch(body as { requests: Part[] }) : this.next(name);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(toReply(answer));
  }

  private batch({ requests }: { requests: Part[] }): Answer {
    const responses = requests.map(({ id, url, body }) => {
      const answer = this.next(nameOf(url, body));
      return answer instanceof Error ? { id, status: 504 } : { id, status: 200, ...answer };
    });
    return { body: { responses: responses.reverse() } };
  }

  private next(asked: string): Scripted {
    const answer = this.answers.get(asked)?.shift();
    if (answer !== undefined) return answer;
    this.unexpected.push(asked);
    return new Error('no answer is left');
  }
}

function nameOf(url: string, body: unknown): string {
  if (url.endsWith('/$batch')) return '$batch';
  const { CmdletInput } = body as { CmdletInput: { CmdletName: string; Parameters: { Identity?: string } } };
  const { CmdletName, Parameters } = CmdletInput;
  const token = new URL(url).searchParams.get('$skiptoken');
  return [CmdletName, Parameters.Identity, token]
    .filter((part) => part !== undefined && part !== null)
    .join(' ');
}
