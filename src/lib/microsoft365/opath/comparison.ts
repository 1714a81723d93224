import type { Comparison, Value } from './filter';
import { withAndWithoutAccents } from './folding';
import { and, not, or, type Truth } from './ternary';
import { isReliable, toMatcher } from './wildcard';

/** What a recipient has in a property, with text in lower case. Null, an empty text and an empty list are blank. */
export type Known = string | number | boolean | null | readonly string[];

/** A comparison, made ready: put positively, with everything done that does not depend on a recipient. */
export interface Test {
  /**
   * Never -ne or -notlike, which are answered by turning the answer round. A -like without a wildcard comes as `eq`,
   * and `-like '*'` as the reverse of being equal to a blank.
   */
  readonly operator: 'eq' | 'like' | 'gt' | 'ge' | 'lt' | 'le';
  /** What is compared with, as text in lower case; empty for a blank. */
  readonly value: string;
  /** Whether it was written as -like or -notlike, also where that comes to the same as `eq`. */
  readonly isLike: boolean;
  /** Answers the test for a property that has this content. */
  readonly matches: (known: Known) => Truth;
}

/** The test that a comparison makes, and whether its answer has to be turned round. */
export interface Prepared {
  test: Test;
  negated: boolean;
}

type Single = string | number | boolean;

/** A comparison, made ready once for many recipients. */
export function prepare(comparison: Comparison): Prepared {
  const value = valueText(comparison.value);
  switch (comparison.operator) {
    case 'eq':
    case 'ne':
      return { test: equality(value), negated: comparison.operator === 'ne' };
    case 'like':
    case 'notlike':
      return prepareLike(value, comparison.operator === 'notlike');
    default:
      return { test: order(comparison.operator, value), negated: false };
  }
}

function prepareLike(value: string, negated: boolean): Prepared {
  if (value === '*') return { test: { ...equality(''), isLike: true }, negated: !negated };
  return { test: value.includes('*') ? likeness(value) : { ...equality(value), isLike: true }, negated };
}

/** A value as text in lower case. The property decides about the type, so `5` and `'5'` are the same. */
export function valueText(value: Value): string {
  return value === null ? '' : String(value).toLowerCase();
}

function equality(value: string): Test {
  const test = { operator: 'eq', value, isLike: false } as const;
  if (value === '') return { ...test, matches: (known) => not(any(known, () => true)) };
  const number = numberOf(value);
  const isSame = withAndWithoutAccents(value, (wanted) => (text) => text === wanted);
  // A number has no leading zeros to respect, a text that consists of digits has.
  const equals = (single: Single): Truth =>
    typeof single === 'number' ? single === number : isSame(String(single));
  return { ...test, matches: (known) => any(known, equals) };
}

function likeness(value: string): Test {
  const fits = withAndWithoutAccents(value, toMatcher, isReliable(value));
  // Exchange may match nothing with an unreliable wildcard, so that only a "no" is certain.
  const ifFits = isReliable(value) ? true : undefined;
  const isLike = (single: Single): Truth => and(ifFits, fits(String(single)));
  return { operator: 'like', value, isLike: true, matches: (known) => any(known, isLike) };
}

const orders = {
  gt: (left: Single, right: Single) => left > right,
  ge: (left: Single, right: Single) => left >= right,
  lt: (left: Single, right: Single) => left < right,
  le: (left: Single, right: Single) => left <= right,
};

/**
 * Numbers are put in order as numbers, and text by its UTF-16 units. Where a text looks like a number it is not
 * documented which of the two Exchange does, so the answer counts only where both agree.
 */
function order(operator: keyof typeof orders, value: string): Test {
  const holds = orders[operator];
  const number = numberOf(value);
  const holdsAsText = withAndWithoutAccents(value, (wanted) => (text) => holds(text, wanted));
  const isInOrder = (single: Single): Truth => {
    const asText = holdsAsText(String(single));
    const own = numberOf(single);
    if (own === undefined || number === undefined) return asText;
    const asNumber = holds(own, number);
    return typeof single === 'number' || asText === asNumber ? asNumber : undefined;
  };
  return { operator, value, isLike: false, matches: (known) => any(known, isInOrder) };
}

function numberOf(single: Single): number | undefined {
  if (typeof single === 'number') return single;
  return typeof single === 'string' && /^-?\d{1,15}$/.test(single) ? Number(single) : undefined;
}

/** Whether one of the values passes. A blank has none, so that it passes nothing. */
function any(known: Known, passes: (single: Single) => Truth): Truth {
  if (known === null || known === '') return false;
  if (typeof known !== 'object') return passes(known);
  let result: Truth = false;
  for (const single of known) {
    if (single !== '') result = or(result, passes(single));
    if (result === true) return true;
  }
  return result;
}
