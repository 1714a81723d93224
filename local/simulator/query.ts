import { GraphFault } from './faults';
import type { GraphObject } from './state';

/** What a query asks of an object: only the properties of `$select`. */
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
  return Object.fromEntries(select.filter((name) => name in object).map((name) => [name, object[name]]));
}

/** The objects that `$filter` lets through. Only what the simulator knows is supported, and anything else refused. */
export function filtered(objects: readonly GraphObject[], query: URLSearchParams): GraphObject[] {
  const filter = query.get('$filter');
  if (filter === null) return [...objects];
  const tests = filter.split(/ and /i).map(parseCondition);
  return objects.filter((object) => tests.every((test) => test(object)));
}

/** A property's value in lower case, as filters compare it. */
function textOf(value: unknown, absent: string): string {
  if (value === undefined || value === null) return absent;
  return typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value);
}

function parseCondition(text: string): (object: GraphObject) => boolean {
  const equal = /^\s*(\w+) eq ('(?:[^']|'')*'|[0-9a-f-]{36}|true|false|null)\s*$/i.exec(text);
  if (equal !== null) {
    const [, property = '', literal = ''] = equal;
    const value = toText(literal);
    return (object) => textOf(object[property], 'null') === value;
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

  /** One page of a list, with the link to the next one. `$top` is heeded up to 999. */
  page(objects: readonly Record<string, unknown>[], url: URL, pageSize: number): Record<string, unknown> {
    const token = url.searchParams.get('$skiptoken');
    const start = token === null ? 0 : this.offsets.get(token);
    if (start === undefined) {
      throw new GraphFault(400, 'Directory_ExpiredPageToken', 'The specified page token value has expired.');
    }
    // What the tenant's state says wins over $top, so that small lists can have pages too.
    const size = Math.min(pageSize, Number(url.searchParams.get('$top') ?? 999), 999);
    const value = objects.slice(start, start + size);
    if (start + size >= objects.length) return { value };
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
