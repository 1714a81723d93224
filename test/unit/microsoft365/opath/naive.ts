import type {
  Comparison,
  Filter,
  Link,
  PropertyValue,
  Test,
  Truth,
} from '../../../../src/lib/microsoft365/opath';

type Properties = Readonly<Record<string, PropertyValue | undefined>>;

/** Evaluates a filter by the rules, word for word and without a thought to time. */
export function evaluate(filter: Filter, properties: Properties): Truth {
  switch (filter.kind) {
    case 'comparison':
      return compare(filter, properties[filter.property.toLowerCase()]);
    case 'not':
      return fromRank(1 - rank(evaluate(filter.operand, properties)));
    case 'and':
      return least(filter.operands.map((operand) => evaluate(operand, properties)));
    case 'or':
      return greatest(filter.operands.map((operand) => evaluate(operand, properties)));
    case 'mixed': {
      const operands = [filter.first, ...filter.rest.map(({ operand }) => operand)];
      const values = operands.map((operand) => evaluate(operand, properties));
      const results = new Set(
        readings(
          values,
          filter.rest.map(({ operator }) => operator),
        ),
      );
      return results.size === 1 ? [...results][0] : undefined;
    }
  }
}

/** The values of a level by all ways to set its parentheses. */
export function readings(values: readonly Truth[], operators: readonly Link['operator'][]): Truth[] {
  if (values.length === 1) return [...values];
  return operators.flatMap((operator, index) => {
    const left = readings(values.slice(0, index + 1), operators.slice(0, index));
    const right = readings(values.slice(index + 1), operators.slice(index + 1));
    const combine = operator === 'and' ? least : greatest;
    return left.flatMap((one) => right.map((other) => combine([one, other])));
  });
}

const rank = (value: Truth) => (value === undefined ? 0.5 : Number(value));
const fromRank = (value: number): Truth => (value === 0.5 ? undefined : value === 1);
const least = (values: readonly Truth[]) => fromRank(Math.min(...values.map(rank)));
const greatest = (values: readonly Truth[]) => fromRank(Math.max(...values.map(rank)));

function compare({ operator, value, ...rest }: Comparison, property: PropertyValue | undefined): Truth {
  if (property === undefined) return undefined;
  const reverse = (positive: Comparison['operator']) =>
    fromRank(1 - rank(compare({ ...rest, operator: positive, value }, property)));
  if (operator === 'ne') return reverse('eq');
  if (operator === 'notlike') return reverse('like');
  const text = value === null ? '' : String(value).toLowerCase();
  if (operator === 'like' && text === '*')
    return fromRank(1 - rank(compare({ ...rest, operator: 'eq', value: null }, property)));
  if (operator === 'like' && !text.includes('*'))
    return compare({ ...rest, operator: 'eq', value }, property);
  if (typeof property === 'function')
    return property({ operator, value: text, isLike: false, matches: unused });
  const values = [property].flat().flatMap((single) => (single === null || single === '' ? [] : [single]));
  if (text === '' && operator === 'eq') return values.length === 0;
  return greatest([false, ...values.map((single) => compareSingle(operator, single, text))]);
}

const unused: Test['matches'] = () => {
  throw new Error('The recipients of these tests answer by themselves.');
};

function compareSingle(operator: Test['operator'], single: string | number | boolean, text: string): Truth {
  if (operator === 'eq' && typeof single === 'number') return text !== '' && single === Number(text);
  const asText = agreed(String(single), text, (own, wanted) => {
    if (operator === 'eq') return own === wanted;
    return operator === 'like' ? fits(own, wanted) : inOrder(operator, own, wanted);
  });
  if (operator === 'eq') return asText;
  if (operator === 'like') return asText === true && !/^[^*]*\*$/.test(text) ? undefined : asText;
  if (typeof single === 'boolean' || !isNumber(String(single)) || !isNumber(text)) return asText;
  const asNumber = inOrder(operator, Number(single), Number(text));
  return typeof single === 'number' || asNumber === asText ? asNumber : undefined;
}

/** The answer with accents, where the one without is the same. There is only one accent here. */
function agreed(own: string, wanted: string, ask: (own: string, wanted: string) => boolean): Truth {
  const answer = ask(own, wanted);
  return ask(own.replaceAll('á', 'a'), wanted.replaceAll('á', 'a')) === answer ? answer : undefined;
}

function inOrder<T extends string | number>(operator: Test['operator'], left: T, right: T): boolean {
  if (operator === 'gt') return left > right;
  if (operator === 'lt') return left < right;
  return operator === 'ge' ? !(left < right) : !(left > right);
}

const isNumber = (text: string) => text !== '' && !Number.isNaN(Number(text));

/** Tries every length for every wildcard. */
export function fits(text: string, pattern: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*'))
    return fits(text, pattern.slice(1)) || (text !== '' && fits(text.slice(1), pattern));
  return text !== '' && text[0] === pattern[0] && fits(text.slice(1), pattern.slice(1));
}
