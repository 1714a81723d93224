/** A length of time, which KQL keeps apart from numbers. */
export class Span {
  constructor(readonly ms: number) {}

  /** `3h`, `2d`. */
  static of(text: string): Span {
    const [, count = '', unit = ''] = /^(\d+)(d|h|m|s)$/.exec(text) ?? [];
    const ms = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }[unit];
    if (ms === undefined) throw new Error(`${text} is no length of time that is known here.`);
    return new Span(Number(count) * ms);
  }
}

/** A value of KQL; a bag is as it comes from JSON. */
export type Value =
  string | number | boolean | Date | Span | null | readonly Value[] | { readonly [name: string]: Value };

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, Value>>;

/** What compares: undefined for what has no order. */
function ordinal(value: Value): string | number | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date) return value.getTime();
  return value instanceof Span ? value.ms : undefined;
}

/** A value as text: nothing is empty. */
export function textOf(value: Value): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : String(ordinal(value) ?? JSON.stringify(value));
}

/** What comes of two values; null where one is, and undefined for an operator that is not known. */
export function binary(operator: string, left: Value, right: Value): Value | undefined {
  const [a, b] = [ordinal(left), ordinal(right)];
  const isKnown = a !== undefined && b !== undefined;
  switch (operator) {
    case '==':
      return isKnown ? a === b : null;
    case '!=':
      return isKnown ? a !== b : null;
    case '=~':
      return isKnown ? a === b || String(a).toLowerCase() === String(b).toLowerCase() : null;
    case '<':
      return isKnown ? a < b : null;
    case '<=':
      return isKnown ? a <= b : null;
    case '>':
      return isKnown ? a > b : null;
    case '>=':
      return isKnown ? a >= b : null;
    case '+':
    case '-':
    case '*':
    case '/':
      return isKnown ? calculated(operator, left, right) : null;
    default:
      return undefined;
  }
}

function calculated(operator: string, left: Value, right: Value): Value {
  const [a, b] = [Number(ordinal(left)), Number(ordinal(right))];
  const result = { '+': a + b, '-': a - b, '*': a * b, '/': b === 0 ? NaN : a / b }[operator] ?? NaN;
  if (Number.isNaN(result)) return null;
  if (left instanceof Date) return right instanceof Date ? new Span(result) : new Date(result);
  return left instanceof Span || right instanceof Span ? new Span(result) : result;
}

/** The same few times are read over and over. */
const times = new Map<string, Date | null>();

function timeIn(text: string): Date | null {
  let time = times.get(text);
  if (time === undefined) {
    time = Number.isNaN(Date.parse(text)) ? null : new Date(text);
    times.set(text, time);
  }
  return time;
}

type Call = (given: readonly Value[], now: Date) => Value;

/** The functions that the queries use, as Microsoft describes them: https://learn.microsoft.com/kusto/query/scalar-functions */
export const functions: Readonly<Record<string, Call>> = {
  ago: ([span], now) => (span instanceof Span ? new Date(now.getTime() - span.ms) : null),
  now: (_given, now) => now,
  tostring: ([value = null]) => textOf(value),
  todatetime: ([value = null]) =>
    typeof value === 'string' ? timeIn(value) : value instanceof Date ? value : null,
  tolong: ([value]) => (typeof value === 'number' ? Math.trunc(value) : null),
  toreal: ([value]) => (typeof value === 'number' ? value : null),
  iff: ([condition, yes = null, no = null]) => (condition === true ? yes : no),
  case: (given) => {
    const otherwise = given.length - 1;
    for (let index = 0; index < otherwise; index += 2)
      if (given[index] === true) return given[index + 1] ?? null;
    return given[otherwise] ?? null;
  },
  strcat: (given) => given.map(textOf).join(''),
  split: ([text = null, by = null]) => textOf(text).split(textOf(by)),
  isnotnull: ([value = null]) => value !== null,
  round: ([value, digits = 0]) => {
    if (typeof value !== 'number' || typeof digits !== 'number') return null;
    return Math.round(value * 10 ** digits) / 10 ** digits;
  },
  bin: ([value, span]) =>
    value instanceof Date && span instanceof Span
      ? new Date(Math.floor(value.getTime() / span.ms) * span.ms)
      : null,
  datetime_diff: ([unit, later, earlier]) => {
    if (unit !== 'hour' || !(later instanceof Date) || !(earlier instanceof Date)) return null;
    const hours = (time: Date) => Math.floor(time.getTime() / 3_600_000);
    return hours(later) - hours(earlier);
  },
  // Which of the rules a tenant falls to is all that it decides, so that any one that spreads them will do.
  hash: ([value = null, into = 1]) => {
    let sum = 0;
    for (const letter of textOf(value)) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
    return typeof into === 'number' ? sum % into : sum;
  },
};

type Aggregate = (values: readonly Value[], more: readonly Value[]) => Value;

const known = (values: readonly Value[]) => values.filter((value) => value !== null);

/** Likewise: https://learn.microsoft.com/kusto/query/aggregation-functions */
export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: (values) => values.length,
  sum: (values) => known(values).reduce<number>((sum, value) => sum + Number(value), 0),
  max: (values) =>
    known(values).reduce<Value>((most, value) => (binary('<=', value, most) === true ? most : value), null),
  min: (values) =>
    known(values).reduce<Value>(
      (least, value) => (binary('>=', value, least) === true ? least : value),
      null,
    ),
  percentile: (values, [percent]) => {
    const sorted = known(values)
      .map(Number)
      .sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((Number(percent) / 100) * sorted.length) - 1)] ?? null;
  },
};
