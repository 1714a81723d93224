import { prepare, valueText, type Known, type Test } from './comparison';
import { comparisonsOf, type Comparison, type Filter, type Link } from './filter';
import { and, not, or, type Truth } from './ternary';
import { isReliable } from './wildcard';

export type { Known, Test } from './comparison';

/**
 * The content of a property; or, where a reader can answer only some tests of it, a function that answers those and
 * gives undefined for the others. Such a function may ask `test.matches` about contents of its choice.
 */
export type PropertyValue = Known | ((test: Test) => Truth);

/** A recipient as a reader knows it. */
export interface Recipient {
  /** The property of this name, which is in lower case. Undefined when the reader does not know the property. */
  property(name: string): PropertyValue | undefined;
}

/** Whether a recipient matches a filter; undefined when that cannot be told. */
export type Decide = (recipient: Recipient) => Truth;

/** Makes a filter ready to be asked about many recipients. Each answer takes time by the length of the filter. */
export function compileFilter(filter: Filter): Decide {
  switch (filter.kind) {
    case 'comparison':
      return compileComparison(filter);
    case 'not': {
      const operand = compileFilter(filter.operand);
      return (recipient) => not(operand(recipient));
    }
    case 'and':
      return all(filter.operands.map(compileFilter));
    case 'or':
      return some(filter.operands.map(compileFilter));
    case 'mixed':
      return mixed(compileFilter(filter.first), filter.rest);
  }
}

/** The comparisons whose wildcards Exchange Online does not promise to honour: in front or in the middle. */
export function unreliableWildcards(filter: Filter): Comparison[] {
  return comparisonsOf(filter).filter(
    ({ operator, value }) => (operator === 'like' || operator === 'notlike') && !isReliable(valueText(value)),
  );
}

function compileComparison(comparison: Comparison): Decide {
  const name = comparison.property.toLowerCase();
  const { test, negated } = prepare(comparison);
  const decide: Decide = (recipient) => {
    const value = recipient.property(name);
    if (value === undefined) return undefined;
    return typeof value === 'function' ? value(test) : test.matches(value);
  };
  return negated ? (recipient) => not(decide(recipient)) : decide;
}

// By index: these are asked about everybody, and an iterator for each would be most of what the memory is used for.
function all(operands: readonly Decide[]): Decide {
  return (recipient) => {
    let result: Truth = true;
    for (let index = 0; index < operands.length && result !== false; index++) {
      result = and(result, operands[index]?.(recipient));
    }
    return result;
  };
}

function some(operands: readonly Decide[]): Decide {
  return (recipient) => {
    let result: Truth = false;
    for (let index = 0; index < operands.length && result !== true; index++) {
      result = or(result, operands[index]?.(recipient));
    }
    return result;
  };
}

/**
 * A mix of -and and -or counts only where all ways to set the parentheses agree. As x or (y and z) is never less than
 * (x or y) and z, binding -and tighter gives the greatest value of all ways, and binding -or tighter the least; so
 * these two are enough. Both are worked out in one pass: asking every operand twice would take exponential time where
 * mixes are nested.
 */
function mixed(first: Decide, links: readonly Link[]): Decide {
  const rest = links.map(({ operator, operand }) => ({ operator, operand: compileFilter(operand) }));
  return (recipient) => {
    let conjunction = first(recipient);
    let greatest: Truth = false;
    let disjunction = conjunction;
    let least: Truth = true;
    for (const { operator, operand } of rest) {
      const value = operand(recipient);
      if (operator === 'and') {
        conjunction = and(conjunction, value);
        least = and(least, disjunction);
        disjunction = value;
      } else {
        disjunction = or(disjunction, value);
        greatest = or(greatest, conjunction);
        conjunction = value;
      }
    }
    greatest = or(greatest, conjunction);
    least = and(least, disjunction);
    return greatest === least ? greatest : undefined;
  };
}
