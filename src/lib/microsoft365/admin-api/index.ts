import type { z } from 'zod';
import type { Tally } from '../patience';
import { type Read, readFailed, readOk } from '../read';
import { malformed, type Reading } from '../reply';
import type { Cmdlet } from './cmdlet';
import { largestBatch, toPath } from './cmdlet';
import { isExpiredLink } from './failure';
import { type AdminApiSession, CmdletPage } from './session';

export type { Cmdlet } from './cmdlet';

/**
 * Runs cmdlets of Exchange Online that read. Every one takes the schema of its rows and gives parsed rows or a typed
 * failure: a row that does not parse makes the whole reading fail, because dropping it would hide something.
 */
export class AdminApi {
  constructor(
    private readonly session: AdminApiSession,
    private readonly tally: Tally,
  ) {}

  /** All rows that a cmdlet gives, page by page. There is no partial list. */
  list<S extends z.ZodType>(cmdlet: Cmdlet, row: S, reading: Reading): Promise<Read<z.infer<S>[]>> {
    return this.session.shared.once(JSON.stringify(cmdlet), row, () => this.readList(cmdlet, row, reading));
  }

  /** The one row that a cmdlet gives about one object. No row at all means that there is no such object. */
  async get<S extends z.ZodType>(cmdlet: Cmdlet, row: S, reading: Reading): Promise<Read<z.infer<S>>> {
    const read = await this.list(cmdlet, row, reading);
    return read.ok ? oneOf(read.value, reading) : read;
  }

  /** The one row of each of these cmdlets, up to ten in one request. */
  async getEach<S extends z.ZodType>(
    cmdlets: readonly Cmdlet[],
    row: S,
    reading: Reading,
  ): Promise<Read<z.infer<S>>[]> {
    if (cmdlets.length > largestBatch)
      throw new RangeError(`A batch holds ${largestBatch} cmdlets at the most.`);
    const answers = await this.session.batch(cmdlets, reading, this.tally);
    return answers.map((answer) => {
      if (!answer.ok) return readFailed(answer.failure);
      const page = CmdletPage.safeParse(answer.reply.body);
      if (!page.success) return malformed(reading, answer.reply, page.error);
      const only = oneOf(page.data.value, reading);
      if (!only.ok) return only;
      const parsed = row.safeParse(only.value);
      return parsed.success ? readOk(parsed.data) : malformed(reading, answer.reply, parsed.error);
    });
  }

  private async readList<S extends z.ZodType>(
    cmdlet: Cmdlet,
    row: S,
    reading: Reading,
  ): Promise<Read<z.infer<S>[]>> {
    const first = await this.pages(cmdlet, row, reading);
    if (first !== 'expired') return first;
    const second = await this.pages(cmdlet, row, reading);
    if (second !== 'expired') return second;
    return readFailed({
      cause: 'unavailable',
      message: `Could not read ${reading.what} to its end: its continuation link expired twice.`,
    });
  }

  private async pages<S extends z.ZodType>(
    cmdlet: Cmdlet,
    row: S,
    reading: Reading,
  ): Promise<Read<z.infer<S>[]> | 'expired'> {
    const rows: z.infer<S>[] = [];
    const seen = new Set([this.session.transport.base + toPath(cmdlet)]);
    for (let next: string | undefined; ;) {
      const answer = await this.session.page({ cmdlet, reading, tally: this.tally }, next);
      if (!answer.ok) {
        const aged = next !== undefined && isExpiredLink(answer.failure);
        return aged ? 'expired' : readFailed(answer.failure);
      }
      const page = CmdletPage.safeParse(answer.reply.body);
      if (!page.success) return malformed(reading, answer.reply, page.error);
      for (const value of page.data.value) {
        const parsed = row.safeParse(value);
        if (!parsed.success) return malformed(reading, answer.reply, parsed.error);
        rows.push(parsed.data);
      }
      next = page.data['@odata.nextLink'];
      if (next === undefined) return readOk(rows);
      if (!this.session.transport.owns(next) || seen.has(next)) return strayLink(reading);
      seen.add(next);
    }
  }
}

function oneOf<T>(rows: readonly T[], { what }: Reading): Read<T> {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) return readOk(only);
  return rows.length === 0
    ? readFailed({ cause: 'notFound', message: `Could not read ${what}: it does not exist in Exchange.` })
    : readFailed({
        cause: 'malformed',
        message: `Could not read ${what}: Exchange gave ${rows.length} rows for one.`,
      });
}

function strayLink({ what }: Reading): Read<never> {
  return readFailed({
    cause: 'malformed',
    message: `Could not read ${what}: the link to the next page leads elsewhere than to the next page.`,
  });
}
