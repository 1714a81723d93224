import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { started } from '../../started';
import type { Answer } from './retry-policy';
import { type Read, type ReadFailure, readFailed, readOk } from './read';
import { malformed, type ReadSubject } from './reply';

/** One page of a list, as OData has it. */
export const ReadPage = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

/** How much of a list is read. */
export interface ListLimits {
  /** The most rows. */
  rows: number;
  /** The most pages. */
  pages: number;
}

/**
 * A list that is longer than this is not read on: it takes the time and the memory of the audits beside it, and one that has an
 * end at all is most likely not the one that was meant.
 */
export const longestList: ListLimits = { rows: 200_000, pages: 5_000 };

/** A list that comes in pages. */
export interface PagedList {
  reading: ReadSubject;
  /** Address of the first page. */
  first: string;
  ask: (address: string) => Promise<Answer>;
  /** The address that a continuation link leads to; undefined when that is somewhere else, where no token may go. */
  follow: (link: string) => string | undefined;
  /** Whether a failure says that a link has aged. Starting over is the documented remedy. */
  isExpired: (failure: ReadFailure) => boolean;
  /** @default {@link longestList} */
  limits?: ListLimits;
  /** After so many rows no further page is asked for: for a list that begins with those that count. All rows unless told. */
  enough?: number;
}

/**
 * Reads a list to its end, page by page. There is no partial list: a page that fails makes the reading fail, and so does
 * a row that does not parse, because dropping it would hide something.
 */
export async function readPages<S extends z.ZodType>(list: PagedList, row: S): Promise<Read<z.infer<S>[]>> {
  const first = await readOnce(list, row);
  if (first !== 'expired') return first;
  const second = await readOnce(list, row);
  if (second !== 'expired') return second;
  return readFailed({
    cause: 'unavailable',
    message: `Could not read ${list.reading.what} to its end: its continuation link expired twice.`,
  });
}

async function readOnce<S extends z.ZodType>(
  list: PagedList,
  row: S,
): Promise<Read<z.infer<S>[]> | 'expired'> {
  const rows: z.infer<S>[] = [];
  const seen = new Set([list.first]);
  for (let next: Promise<Answer> | undefined = started(list.ask(list.first)); next !== undefined;) {
    const { failure, following }: Taken = await takePage(list, await next, row, rows, seen);
    if (failure !== undefined) {
      // Nothing is under way any more when the reading has ended.
      await following;
      return failure;
    }
    next = following;
  }
  return readOk(rows);
}

interface Taken {
  failure?: Read<never> | 'expired' | undefined;
  /** The next page, which is under way. */
  following?: Promise<Answer> | undefined;
}

/** Takes the rows out of a page: a function of its own, so that nothing holds the page while the next one is awaited. */
async function takePage<S extends z.ZodType>(
  { reading, ask, follow, isExpired, limits = longestList, enough = Infinity }: PagedList,
  answer: Answer,
  row: S,
  rows: z.infer<S>[],
  seen: Set<string>,
): Promise<Taken> {
  if (!answer.ok) {
    const isFirst = seen.size === 1;
    return { failure: isFirst ? readFailed(answer.failure) : laterFailure(answer.failure, isExpired) };
  }
  const { reply } = answer;
  const page = ReadPage.safeParse(reply.body);
  if (!page.success) return { failure: malformed(reading, reply, page.error) };
  const { value } = page.data;
  const isEnough = rows.length + value.length >= enough;
  const link = isEnough ? undefined : page.data['@odata.nextLink'];
  const address = link === undefined ? undefined : follow(link);
  if (link !== undefined && (address === undefined || seen.has(address)))
    return { failure: strayLink(reading) };
  if (rows.length + value.length > limits.rows) return { failure: tooLong(reading, limits.rows, 'rows') };
  if (address !== undefined && seen.size === limits.pages)
    return { failure: tooLong(reading, limits.pages, 'pages') };
  let following: Promise<Answer> | undefined;
  if (address !== undefined) {
    seen.add(address);
    following = started(ask(address));
    // It is to be on its way before the rows of this page keep the processor busy.
    await setImmediate();
  }
  const error = parseInto(rows, value, row);
  return { failure: error && malformed(reading, reply, error), following };
}

/** Adds what a schema makes of these values; gives what is wrong with the first one that it does not take. */
function parseInto<S extends z.ZodType>(
  rows: z.infer<S>[],
  values: readonly unknown[],
  row: S,
): z.ZodError | undefined {
  for (const value of values) {
    const parsed = row.safeParse(value);
    if (!parsed.success) return parsed.error;
    rows.push(parsed.data);
  }
  return undefined;
}

function laterFailure(failure: ReadFailure, isExpired: PagedList['isExpired']): Read<never> | 'expired' {
  if (isExpired(failure)) return 'expired';
  // What is not there is the page, which says nothing about the list.
  return readFailed(failure.cause === 'notFound' ? { ...failure, cause: 'unavailable' } : failure);
}

function strayLink({ what }: ReadSubject): Read<never> {
  return readFailed({
    cause: 'malformed',
    message: `Could not read ${what}: the link to the next page leads elsewhere than to the next page.`,
  });
}

function tooLong({ what }: ReadSubject, most: number, of: keyof ListLimits): Read<never> {
  const limit = `${most.toLocaleString('en-GB')} ${of}`;
  return readFailed({
    cause: 'unavailable',
    message: `Could not read ${what} to the end: there are more than ${limit}, and Syncwarden reads no further.`,
  });
}
