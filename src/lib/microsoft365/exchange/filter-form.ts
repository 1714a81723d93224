import { type Filter, print } from '../opath/filter';
import { parseFilter } from '../opath/parse';

/**
 * A recipient filter in the one form that all its spellings have in common. Exchange adds parentheses to what it is
 * given, and may change capitals, spaces in distinguished names, and the order of what is joined. A text that is no
 * filter stays as it is.
 */
export function filterForm(text: string): string {
  const parsed = parseFilter(text);
  return parsed.ok ? print(formOf(parsed.filter)) : text;
}

function formOf(filter: Filter): Filter {
  switch (filter.kind) {
    case 'comparison': {
      const property = filter.property.toLowerCase();
      return { ...filter, property, value: valueForm(property, filter.value) };
    }
    case 'not':
      return { kind: 'not', operand: formOf(filter.operand) };
    case 'mixed':
      return {
        kind: 'mixed',
        first: formOf(filter.first),
        rest: filter.rest.map(({ operator, operand }) => ({ operator, operand: formOf(operand) })),
      };
    default:
      return join(filter.kind, filter.operands.map(formOf));
  }
}

/** Joins operands: those that are joined in the same way become part of it, each once, in a fixed order. */
function join(kind: 'and' | 'or', operands: readonly Filter[]): Filter {
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand]));
  const byText = new Map(flat.map((operand) => [print(operand), operand]));
  const sorted = [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
  const [only] = sorted;
  return sorted.length === 1 && only !== undefined ? only : { kind, operands: sorted };
}

function valueForm<T>(property: string, value: T): T | string {
  if (typeof value !== 'string') return value;
  const lower = value.toLowerCase();
  // A comma with a backslash before it belongs to a name, and so does the space behind it.
  return property === 'memberofgroup' ? lower.replaceAll(/(?<!\\),\s+/g, ',') : lower;
}
