import * as z from 'zod';
import { counted } from '../counted';
import { dayMs } from '../durations';
import { InputError, NotFoundError } from '../errors';
import type { Transition } from '../model/finding';
import type { Unreadable } from '../model/unreadable';
import type { ControlId } from '../model/verdict';
import type { HistoryPart, HistoryTable } from '../storage/history';
import { encodeKey, timeOf } from '../storage/keys';
import type { HistoryFilter } from '../storage/history-rows';
import type { HistoryPosition, PlacedTransition } from '../storage/newest-history';
import { hasAny, type Page, type PageRequest } from '../storage/pages';
import { notOfThisApi, positionIn, toContinuation } from '../storage/positions';
import type { TargetTable } from '../storage/targets';
import { chooses } from './target-choice';

/** What history is read from. */
export interface HistoryServices {
  targets: TargetTable;
  history: HistoryTable;
  now: () => Date;
}

/**
 * Transitions that pass the filter, newest first; also of a target that was deleted.
 * @throws {NotFoundError} for one that never was.
 */
export async function pageOfHistory(
  { targets, history }: Pick<HistoryServices, 'targets' | 'history'>,
  targetId: string,
  filter: HistoryFilter,
  request: PageRequest,
): Promise<Page<Transition>> {
  const page = await history.page(targetId, filter, request);
  if (hasAny(page) || page.continuation !== undefined) return page;
  if (await targets.has(targetId)) return page;
  const any = await history.page(targetId, undefined, { limit: 1 });
  if (hasAny(any)) return page;
  throw new NotFoundError(`There is no target ${targetId}, and no history of one.`);
}

/** Which transitions of all targets are asked for. */
export interface HistoryChoice {
  /** From this moment on; {@link usualDays} before the end unless told … */
  since?: Date | undefined;
  /** … and before this one; without an end nothing is left out, also not what a clock that ran ahead has dated later than now. */
  until?: Date | undefined;
  customer?: string | undefined;
  control?: ControlId | undefined;
}

/** So many days are read unless told. */
const usualDays = 7;

/** So many days are read at most: all of them are gone through, since nothing keeps the transitions of all targets in order. */
export const mostDays = 92;

/** From when on it is read, and the last row that was given: the next page begins after it. */
const Position = z.tuple([z.iso.datetime(), z.string(), z.string()]);

/**
 * Transitions of all targets, newest first, also of those that were deleted; of one customer only those of targets that there
 * are, because nothing else says whose they were, and of their tenants: an id may have been that of somebody else's target before. Pages go on from a place and not from a count, so that transitions that come
 * meanwhile move nothing.
 * @throws {InputError} for a span that is too long, and for a continuation that is none of this list.
 */
export async function pageOfAllHistory(
  services: HistoryServices,
  choice: HistoryChoice,
  request: PageRequest,
): Promise<Page<Transition>> {
  const { from, after } = beginningOf(choice, request, services.now());
  const partitions = await partitionsOf(services, choice);
  if (partitions?.size === 0) return { items: [] };
  const part = { partitions, control: choice.control, after };
  const found: PlacedTransition[] = [];
  for (const span of spansOf(from, choice.until, after, services.now())) {
    found.push(...(await services.history.newest({ ...part, ...span }, request.limit + 1 - found.length)));
    if (found.length > request.limit) break;
  }
  return pageFrom(found, request.limit, from);
}

function beginningOf(
  { since, until }: HistoryChoice,
  { continuation }: PageRequest,
  now: Date,
): { from: Date; after?: HistoryPosition } {
  const end = until ?? now;
  const earliest = new Date(end.getTime() - mostDays * dayMs);
  if (continuation === undefined) {
    const from = since ?? new Date(end.getTime() - usualDays * dayMs);
    if (from < earliest) throw tooLong(until === undefined ? 'now' : 'until');
    return { from };
  }
  const [start, rowKey, partitionKey] = positionIn(Position, continuation);
  const from = new Date(start);
  // The end may have moved on since the first page, and with it the earliest beginning.
  if (from.getTime() < earliest.getTime() - dayMs) throw notOfThisApi();
  return { from, after: { rowKey, partitionKey } };
}

function tooLong(end: string): InputError {
  const message = `must lie at most ${counted(mostDays, 'day')} before ${end}: read a longer time in parts, or take export/json`;
  return new InputError([{ path: 'since', message }]);
}

/** The partitions of a customer's targets, each with the tenant; undefined stands for all. */
async function partitionsOf(
  { targets }: HistoryServices,
  { customer }: HistoryChoice,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (customer === undefined) return undefined;
  const partitions = new Map<string, string>();
  for await (const page of targets.all())
    for (const target of page)
      if (chooses({ customer }, target) === 'chosen')
        partitions.set(encodeKey(target.targetId), target.tenantId);
  return partitions;
}

/**
 * The time to be read in spans, the newest first: a day, then eight, then all the rest. Most pages are full before the last one;
 * each costs a search through the table.
 */
function* spansOf(
  from: Date,
  until: Date | undefined,
  after: HistoryPosition | undefined,
  now: Date,
): Generator<Pick<HistoryPart, 'from' | 'to'>> {
  let to = after === undefined ? until : new Date(Date.parse(timeOf(after.rowKey)) + 1);
  for (const days of [1, 8, Infinity]) {
    const start = Math.max(from.getTime(), (to ?? now).getTime() - days * dayMs);
    yield { from: new Date(start), to };
    if (start <= from.getTime()) return;
    to = new Date(start);
  }
}

function pageFrom(found: readonly PlacedTransition[], limit: number, from: Date): Page<Transition> {
  const items: Transition[] = [];
  const unreadable: Unreadable[] = [];
  const given = found.slice(0, limit);
  for (const each of given)
    if ('unreadable' in each) unreadable.push(each.unreadable);
    else items.push(each.transition);
  const last = found.length > limit ? given.at(-1) : undefined;
  return {
    items,
    ...(last === undefined
      ? {}
      : { continuation: toContinuation([from.toISOString(), last.rowKey, last.partitionKey]) }),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}
