import type { TableClient, TableEntityQueryOptions, TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import type { Unreadable } from '../model/unreadable';
import { hasStatus } from './errors';
import { notOfThisApi, positionIn } from './positions';
import { readOrTold } from './unreadable';

/** One page of a list, and how to ask for the next one. */
export interface Page<T> {
  items: T[];
  continuation?: string;
  /** What stands on the page too, and cannot be understood; absent where there is nothing of the kind. */
  unreadable?: Unreadable[];
}

/** Which part of a list: the beginning, or what comes after an earlier page. */
export interface PageRequest {
  /** Of the page before; from the beginning without it. */
  continuation?: string | undefined;
  /** The most items, from 1 to {@link largestPage}: the service may give fewer. */
  limit: number;
}

type Row = TableEntityResult<Record<string, unknown>>;

/** Table Storage gives at most this many rows at once. */
export const largestPage = 1000;

/**
 * Reads one page. The service may answer with fewer rows than there are, even none, and a continuation: empty pages
 * are skipped, so that a reader sees an empty one only at the end. `isWanted` leaves out what the service cannot be asked
 * to leave out; such a page is shorter than the limit. A row that cannot be understood leaves the others alone.
 * @throws {InputError} for a continuation that is none of this API.
 */
export async function readPage<T>(
  table: TableClient,
  queryOptions: TableEntityQueryOptions,
  { continuation, limit }: PageRequest,
  fromEntity: (row: Row) => T,
  isWanted: (item: T) => boolean = () => true,
): Promise<Page<T>> {
  const settings = {
    maxPageSize: Math.min(limit, largestPage),
    ...(continuation === undefined ? {} : { continuationToken: fromContinuation(continuation) }),
  };
  try {
    for await (const page of table.listEntities({ queryOptions }).byPage(settings)) {
      const unreadable: Unreadable[] = [];
      const items: T[] = [];
      for (const row of page) {
        readOrTold(
          (kept) => unreadable.push(kept),
          () => {
            const item = fromEntity(row);
            if (isWanted(item)) items.push(item);
          },
        );
      }
      if (items.length + unreadable.length === 0 && page.continuationToken) continue;
      return {
        items,
        ...(page.continuationToken ? { continuation: toContinuation(page.continuationToken) } : {}),
        ...(unreadable.length === 0 ? {} : { unreadable }),
      };
    }
    return { items: [] };
  } catch (error) {
    // The query is ours, so it is the place to go on from that the service cannot make anything of.
    if (continuation !== undefined && hasStatus(error, 400)) throw notOfThisApi();
    throw error;
  }
}

/** Whether anything stands on a page, understood or not. */
export function hasAny({ items, unreadable = [] }: Page<unknown>): boolean {
  return items.length + unreadable.length > 0;
}

/** Every item of a list: the service may end a page early, however few rows there are. */
export async function readAll<T>(
  page: (request: PageRequest) => Promise<Page<T>>,
): Promise<{ items: T[]; unreadable: Unreadable[] }> {
  const items: T[] = [];
  const unreadable: Unreadable[] = [];
  let continuation: string | undefined;
  do {
    const read = await page({ continuation, limit: largestPage });
    items.push(...read.items);
    unreadable.push(...(read.unreadable ?? []));
    continuation = read.continuation;
  } while (continuation !== undefined);
  return { items, unreadable };
}

/** The SDK's token, in letters that need no escaping in an address. */
function toContinuation(token: string): string {
  return Buffer.from(token, 'base64').toString('base64url');
}

/** A key as it stands in a header, which is how the service says where to go on. */
const NextKey = z.string().regex(/^[\x20-\x7e]+$/);
const NextKeys = z.strictObject({ nextPartitionKey: NextKey, nextRowKey: NextKey.optional() });

/** The SDK's tokens are base64 of JSON with the next keys; anything else it would only choke on. */
function fromContinuation(continuation: string): string {
  positionIn(NextKeys, continuation);
  return Buffer.from(continuation, 'base64url').toString('base64');
}
