import * as z from 'zod';
import { innermostMessage } from '../../lib/microsoft365/wire/https';
import { Unreadable } from '../../lib/model/unreadable';
import { CliError, type ExitCode, exitCodes } from '../exit';
import { printable } from '../show/printable';
import type { AppAddress } from './address';

/** What an app answers when it refuses. https://www.rfc-editor.org/rfc/rfc9457 */
const Problem = z.looseObject({
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The app has refused. */
export class AppRefusal extends CliError {
  constructor(
    readonly problem: Problem,
    exitCode: ExitCode,
  ) {
    super(`The app refuses: ${printable(problem.detail)} (${printable(problem.code)})`, exitCode);
  }
}

const json = 'application/json';

/** A remediation answers within 200 s; everything else is much faster. */
const timeoutMs = 230_000;

/** Calls the HTTP API of a running app. Every answer passes a schema. */
export class AppClient {
  /**
   * @param token bearer token of the caller; undefined where nobody has to sign in.
   * @throws when a token would be sent without encryption.
   */
  constructor(
    private readonly address: AppAddress,
    private readonly token: string | undefined,
  ) {
    if (token !== undefined && !address.isEncrypted) {
      throw new Error('A token was about to be sent without encryption.');
    }
  }

  get<S extends z.ZodType>(path: string, answer: S): Promise<z.infer<S>> {
    return this.call('GET', path, answer);
  }

  /** All items of a list, page by page, and what stands among them that the app cannot read. */
  async list<S extends z.ZodType>(
    path: string,
    item: S,
    filter: Readonly<Record<string, string | undefined>> = {},
  ): Promise<{ items: z.infer<S>[]; unreadable: Unreadable[] }> {
    const Page = z.object({
      items: z.array(item),
      continuation: z.string().optional(),
      unreadable: z.array(Unreadable).default([]),
    });
    const items: z.infer<S>[] = [];
    const unreadable: Unreadable[] = [];
    for (let continuation: string | undefined = ''; continuation !== undefined;) {
      const query = queryOf({ limit: '1000', ...filter, continuation: continuation || undefined });
      const page: z.infer<typeof Page> = await this.get(`${path}${query}`, Page);
      items.push(...page.items);
      unreadable.push(...page.unreadable);
      continuation = page.continuation;
    }
    return { items, unreadable };
  }

  /** A file, as the app gives it, byte by byte. @throws {AppRefusal} when the app says no, {CliError} when there is no answer. */
  async bytes(path: string): Promise<Buffer> {
    const { status, bytes } = await this.send('GET', path, undefined, json);
    if (status < 200 || status > 299) throw refusalOf(status, parseJson(textOf(bytes)));
    return bytes;
  }

  /**
   * @param body is sent as JSON, unless it is text of another type.
   * @throws {AppRefusal} when the app says no, {CliError} when there is no answer, or one that is not of this API.
   */
  async call<S extends z.ZodType>(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    answer: S,
    body?: unknown,
    type = json,
  ): Promise<z.infer<S>> {
    const response = await this.send(method, path, body, type);
    const content = parseJson(textOf(response.bytes));
    if (response.status < 200 || response.status > 299) throw refusalOf(response.status, content);
    const parsed = answer.safeParse(content);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new CliError(
      `The answer to ${method} ${path} is not of this API: ${printable(where)} ${issue?.message ?? 'is wrong'}.`,
    );
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    type: string,
  ): Promise<{ status: number; bytes: Buffer }> {
    try {
      const response = await fetch(`${this.address.api}/${path}`, {
        method,
        // A token must not follow to wherever an answer points.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' && type !== json ? body : JSON.stringify(body) }),
      });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    } catch (error) {
      throw new CliError(`${this.address.api} cannot be reached: ${printable(innermostMessage(error))}`);
    }
  }
}

/** Bytes as the text that they are, without a byte order mark. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Parameters of an address; those that are undefined are left out. */
export function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function refusalOf(status: number, body: unknown): CliError {
  const problem = Problem.safeParse(body);
  if (problem.success) return new AppRefusal(problem.data, exitCodeOf(problem.data));
  const advice = [301, 302, 303, 307, 308, 401, 403].includes(status)
    ? ' Something in front of the app wants a sign-in: set --app-scope, or the right one.'
    : '';
  return new CliError(`The app answers ${status}, and not in the way of this API.${advice}`);
}

/** What was asked for wrongly, or does not exist, is for whoever asked; whether something holds stays unknown otherwise. */
function exitCodeOf({ status }: Problem): ExitCode {
  return [400, 404, 413].includes(status) ? exitCodes.usage : exitCodes.unknown;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Where the API has what belongs to a target. */
export function pathOf(target: string, what: string): string {
  return `targets/${encodeURIComponent(target)}/${what}`;
}
