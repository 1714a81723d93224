import { GraphFault } from './faults';
import type { GraphObject } from './state';

/** What a query asks of an object: only the properties of `$select`. The name of its type is no property. */
export function project(
  object: GraphObject,
  query: URLSearchParams,
  byDefault?: readonly string[],
): Record<string, unknown> {
  const select =
    query
      .get('$select')
      ?.split(',')
      .map((name) => name.trim()) ?? byDefault;
  if (select === undefined) return object;
  const names = ['@odata.type', ...select].filter((name) => name in object);
  return Object.fromEntries(names.map((name) => [name, object[name]]));
}

/** The objects that `$filter` lets through. Only what the simulator knows is supported, and anything else refused. */
export function filtered(objects: readonly GraphObject[], query: URLSearchParams): readonly GraphObject[] {
  const filter = query.get('$filter');
  if (filter === null) return objects;
  const choices = splitBy('or', filter).map((choice) => splitBy('and', choice).map(parseCondition));
  return objects.filter((object) => choices.some((tests) => tests.every((test) => test(object))));
}

/** Splits at a word that stands between conditions, and not at one inside a text. */
function splitBy(word: string, filter: string): string[] {
  const texts: string[] = [];
  const masked = filter.replaceAll(/'(?:[^']|'')*'/g, (text) => `'${texts.push(text) - 1}'`);
  const unmask = (part: string) =>
    part.replaceAll(/'(\d+)'/g, (_, index: string) => texts[Number(index)] ?? '');
  return masked.split(new RegExp(` ${word} `, 'i')).map(unmask);
}

/** A property's value in lower case, as filters compare it. */
function textOf(value: unknown, absent: string): string {
  if (value === undefined || value === null) return absent;
  return typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value);
}

/** The most values that one `in` may name. https://learn.microsoft.com/graph/filter-query-parameter */
const mostInFilter = 15;

function tooComplex(): GraphFault {
  return new GraphFault(
    400,
    'Request_UnsupportedQuery',
    'Too many child clauses specified in search filter expression.',
  );
}

function parseCondition(text: string): (object: GraphObject) => boolean {
  const equal = /^\s*(\w+) eq ('(?:[^']|'')*'|[0-9a-f-]{36}|true|false|null)\s*$/i.exec(text);
  if (equal !== null) {
    const [, property = '', literal = ''] = equal;
    const value = toText(literal);
    return (object) => textOf(object[property], 'null') === value;
  }
  const among = /^\s*(\w+) in \(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)\s*$/i.exec(text);
  if (among !== null) {
    const [, property = '', literals = ''] = among;
    const values = new Set((literals.match(/'(?:[^']|'')*'/g) ?? []).map(toText));
    if (values.size > mostInFilter) throw tooComplex();
    return (object) => values.has(textOf(object[property], 'null'));
  }
  const any = /^\s*(\w+)\/any\((\w+):\2 eq ('(?:[^']|'')*')\)\s*$/i.exec(text);
  if (any !== null) {
    const [, property = '', , literal = ''] = any;
    const value = toText(literal);
    return ({ [property]: values }) =>
      Array.isArray(values) && values.some((each) => textOf(each, '') === value);
  }
  const start = /^\s*startswith\((\w+),\s*('(?:[^']|'')*')\)\s*$/i.exec(text);
  if (start !== null) {
    const [, property = '', literal = ''] = start;
    const value = toText(literal);
    return (object) => textOf(object[property], '').startsWith(value);
  }
  throw new GraphFault(
    400,
    'Request_UnsupportedQuery',
    `Unsupported or invalid query filter clause: ${text}`,
  );
}

function toText(literal: string): string {
  return (literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : literal).toLowerCase();
}

/** Continuation links that were given out; each names where its list goes on. */
export class SkipTokens {
  private readonly offsets = new Map<string, number>();

  /** One page of a list, with the link to the next one. */
  page<T>(rows: readonly T[], url: URL, limits: PageLimits): { '@odata.nextLink'?: string; value: T[] } {
    const token = url.searchParams.get('$skiptoken');
    const start = token === null ? 0 : this.offsets.get(token);
    if (start === undefined) {
      throw new GraphFault(400, 'Directory_ExpiredPageToken', 'The specified page token value has expired.');
    }
    const size = sizeOf(url, limits);
    const value = rows.slice(start, start + size);
    if (start + size >= rows.length) return { value };
    const next = `m~${start + size}~${this.offsets.size}`;
    this.offsets.set(next, start + size);
    const link = new URL(url);
    link.searchParams.set('$skiptoken', next);
    return { '@odata.nextLink': link.href, value };
  }

  /** Lets every link that was given out expire. */
  expire(): void {
    this.offsets.clear();
  }
}

/** How long a page may be: as the tenant's state says, and as the list allows. */
interface PageLimits {
  pageSize?: number | undefined;
  largestPage?: number | undefined;
}

/** What the tenant's state says wins over `$top`, so that small lists can have pages too. */
function sizeOf(url: URL, { pageSize = 999, largestPage = 999 }: PageLimits): number {
  const top = Number(url.searchParams.get('$top') ?? 100);
  if (!Number.isInteger(top) || top < 1)
    throw new GraphFault(400, 'BadRequest', `Invalid page size: ${top}.`);
  return Math.min(pageSize, top, largestPage);
}
