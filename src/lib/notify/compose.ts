import { compareText } from '../controls/evaluation';
import { counted, grouped } from '../counted';
import { severities } from '../model/verdict';
import type { Row } from '../report/model';
import { betterItems, endItems, type ItemContext, openItems, passedItems, unwatchedItems } from './items';
import { linked } from './link';
import {
  type Counts,
  type CustomerPart,
  type Digest,
  type Item,
  type SectionKind,
  sectionKinds,
  sectionTitles,
} from './model';
import type { News } from './news';
import type { Present } from './present';

/** Between what a digest is made. */
export interface Period {
  /** Undefined for the first one. */
  since: string | undefined;
  /** Of the app; undefined where it does not know its own. */
  address: string | undefined;
}

/** Puts into words what is new, customer by customer, the worst off first. */
export function compose(present: Present, news: News, { since, address }: Period): Digest {
  const counts = countsOf(news);
  const alarms = alarmsOf(news);
  return {
    from: since ?? null,
    until: present.at.toISOString(),
    headline: headlineOf(counts, alarms),
    alarms,
    customers: partsOf(present, news, address),
    moreCustomers: 0,
    counts,
    ...linked(address),
  };
}

function alarmsOf({ blind, poison }: News): string[] {
  const failed =
    poison === 0
      ? []
      : [
          `${counted(poison, 'audit')} failed five times, and ${poison === 1 ? 'waits' : 'wait'} in the poison queue.`,
        ];
  return [...blind.map(({ sentence }) => sentence), ...failed];
}

function countsOf({ open, ends, better, passed, unwatched, stillOpen }: News): Counts {
  const broke = open.filter(({ kind }) => kind === 'violation').length;
  return {
    ...{ broke, notKnown: open.length - broke, ending: ends.length, better: better.length },
    ...{ passed: passed.length, unwatched: unwatched.length, stillOpen: stillOpen.length },
  };
}

/** All that is new, in one sentence. */
function headlineOf(counts: Counts, alarms: readonly string[]): string {
  const { broke, notKnown, ending, better, passed, unwatched } = counts;
  const parts = [
    [broke, 'broke'],
    [notKnown, 'could not be read or verified'],
    [ending, ending === 1 ? 'ends soon' : 'end soon'],
    [better, 'got better'],
    [passed, 'came and went'],
    [unwatched, unwatched === 1 ? 'is no longer watched' : 'are no longer watched'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${grouped(count)} ${words}`);
  const news = said.length === 0 ? [] : [`${said.join(', ')}.`];
  return [...alarms.slice(0, 1), ...news].join(' ');
}

/** What there is of one customer. */
interface Share {
  customer: string | undefined;
  watched: number;
  news: Pick<News, 'open' | 'better' | 'passed' | 'unwatched' | 'ends'>;
}

function partsOf({ targets }: Present, news: News, address: string | undefined): CustomerPart[] {
  const watched = Map.groupBy(
    targets.filter(({ row }) => !row.paused),
    customerOf,
  );
  const [open, better, passed] = [byCustomer(news.open), byCustomer(news.better), byCustomer(news.passed)];
  const unwatched = Map.groupBy(news.unwatched, ({ customer }) => customer);
  const ends = byCustomer(news.ends);
  const customers = new Set([open, better, passed, unwatched, ends].flatMap((map) => [...map.keys()]));
  return [...customers]
    .map((customer): Share => ({
      customer,
      watched: watched.get(customer)?.length ?? 0,
      news: {
        ...{ open: open.get(customer) ?? [], better: better.get(customer) ?? [] },
        ...{ passed: passed.get(customer) ?? [], unwatched: unwatched.get(customer) ?? [] },
        ends: ends.get(customer) ?? [],
      },
    }))
    .sort(worstFirst)
    .map((share) => partOf(share, address));
}

function customerOf({ row }: { row: Row }): string | undefined {
  return row.customer;
}

function byCustomer<T extends { row: Row }>(all: readonly T[]): Map<string | undefined, T[]> {
  return Map.groupBy(all, customerOf);
}

function partOf({ customer, watched, news }: Share, address: string | undefined): CustomerPart {
  const context: ItemContext = { address, watched };
  const { open, ends, better, passed, unwatched } = news;
  const broke = open.filter(({ kind }) => kind === 'violation');
  const items: Record<SectionKind, Item[]> = {
    broke: openItems(broke, context),
    notKnown: openItems(
      open.filter((one) => !broke.includes(one)),
      context,
    ),
    ending: endItems(ends, context),
    better: betterItems(better, context),
    passed: passedItems(passed, context),
    unwatched: unwatchedItems(unwatched, context),
  };
  const { link } = linked(address);
  return {
    customer: customer ?? null,
    sections: sectionKinds
      .filter((kind) => items[kind].length > 0)
      .map((kind) => ({ kind, title: sectionTitles[kind], items: items[kind], more: 0 })),
    ...(link === undefined
      ? {}
      : { link: customer === undefined ? link : `${link}?customer=${encodeURIComponent(customer)}` }),
  };
}

/** Who has the most severe news comes first, then who has most of it; those without a customer last of their equals. */
function worstFirst(a: Share, b: Share): number {
  return (
    rankOf(a) - rankOf(b) ||
    b.news.open.length - a.news.open.length ||
    Number(a.customer === undefined) - Number(b.customer === undefined) ||
    compareText(a.customer ?? '', b.customer ?? '')
  );
}

/** By the most severe of what is open. What is known to be wrong comes before what is not known, and both before everything else. */
function rankOf({ news: { open } }: Share): number {
  return Math.min(
    2 * severities.length,
    ...open.map(
      ({ kind, cell }) =>
        // What is about a target as a whole weighs as the worst that it may hide.
        severities.indexOf(cell?.severity ?? severities[0]) + (kind === 'violation' ? 0 : severities.length),
    ),
  );
}
