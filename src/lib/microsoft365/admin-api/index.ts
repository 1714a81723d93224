import * as z from 'zod';
import { ReadPage, readPages } from '../wire/pages';
import type { Usage } from '../wire/retry-policy';
import { type Read, type ReadFailure, readFailed, readOk } from '../wire/read';
import { malformed, type ReadSubject, type Reply } from '../wire/reply';
import type { Cmdlet } from './cmdlet';
import { largestBatch } from './cmdlet';
import { isExpiredLink } from './failure';
import type { AdminApiSession } from './session';

export type { Cmdlet } from './cmdlet';

/**
 * Runs cmdlets of Exchange Online that read. Every one takes the schema of its rows and gives parsed rows or a typed
 * failure: a row that does not parse makes the whole reading fail, because dropping it would hide something.
 */
export class AdminApi {
  constructor(
    private readonly session: AdminApiSession,
    private readonly usage: Usage,
  ) {}

  /** All rows that a cmdlet gives, page by page. There is no partial list. */
  list<S extends z.ZodType>(cmdlet: Cmdlet, row: S, reading: ReadSubject): Promise<Read<z.infer<S>[]>> {
    const key = JSON.stringify(cmdlet);
    return this.session.cache.once(key, row, this.usage, (usage) =>
      this.readList(cmdlet, row, reading, usage),
    );
  }

  /** The one row that a cmdlet gives about one object. No row at all means that there is no such object. */
  async get<S extends z.ZodType>(cmdlet: Cmdlet, row: S, reading: ReadSubject): Promise<Read<z.infer<S>>> {
    const read = await this.list(cmdlet, row, reading);
    return read.ok ? oneOf(read.value, reading) : read;
  }

  /** The one row of each of these cmdlets, up to ten in one request. */
  async getEach<S extends z.ZodType>(
    cmdlets: readonly Cmdlet[],
    row: S,
    reading: ReadSubject,
  ): Promise<Read<z.infer<S>>[]> {
    const reads = await this.listEach(cmdlets, row, reading);
    return reads.map((read) => (read.ok ? oneOf(read.value, reading) : read));
  }

  /**
   * All rows of each of these cmdlets, up to ten in one request. One that gives more than a page is read again by itself: a
   * part of a batch cannot be followed.
   * @throws {RangeError} for more than ten.
   */
  async listEach<S extends z.ZodType>(
    cmdlets: readonly Cmdlet[],
    row: S,
    reading: ReadSubject,
  ): Promise<Read<z.infer<S>[]>[]> {
    if (cmdlets.length > largestBatch)
      throw new RangeError(`A batch holds ${largestBatch} cmdlets at the most.`);
    const answers = await this.session.batch(cmdlets, reading, this.usage);
    const reads: Read<z.infer<S>[]>[] = [];
    for (const [index, cmdlet] of cmdlets.entries()) {
      const answer = answers[index];
      if (answer?.ok !== true) reads.push(readFailed(answer?.failure ?? notAnswered(reading)));
      else if (goesOn(answer.reply)) reads.push(await this.list(cmdlet, row, reading));
      else reads.push(rowsOf(answer.reply, row, reading));
    }
    return reads;
  }

  private readList<S extends z.ZodType>(
    cmdlet: Cmdlet,
    row: S,
    reading: ReadSubject,
    usage: Usage,
  ): Promise<Read<z.infer<S>[]>> {
    const { session } = this;
    return readPages(
      {
        reading,
        first: session.addressOf(cmdlet),
        ask: (address) => session.page({ cmdlet, reading, usage }, address),
        follow: (link) => (session.transport.owns(link) ? link : undefined),
        isExpired: isExpiredLink,
      },
      row,
    );
  }
}

function goesOn({ body }: Reply): boolean {
  return ReadPage.safeParse(body).data?.['@odata.nextLink'] !== undefined;
}

function notAnswered({ what }: ReadSubject): ReadFailure {
  return { cause: 'unavailable', message: `Could not read ${what}: that part of the batch has no answer.` };
}

function rowsOf<S extends z.ZodType>(reply: Reply, row: S, reading: ReadSubject): Read<z.infer<S>[]> {
  const page = ReadPage.safeParse(reply.body);
  if (!page.success) return malformed(reading, reply, page.error);
  const rows: z.infer<S>[] = [];
  for (const value of page.data.value) {
    const parsed = row.safeParse(value);
    if (!parsed.success) return malformed(reading, reply, parsed.error);
    rows.push(parsed.data);
  }
  return readOk(rows);
}

function oneOf<T>(rows: readonly T[], { what }: ReadSubject): Read<T> {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) return readOk(only);
  return rows.length === 0
    ? readFailed({ cause: 'notFound', message: `Could not read ${what}: it does not exist in Exchange.` })
    : readFailed({
        cause: 'malformed',
        message: `Could not read ${what}: Exchange gave ${rows.length} rows for one.`,
      });
}
