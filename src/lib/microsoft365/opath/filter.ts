/**
 * Every operator of OPATH that compares, without its hyphen.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export const operators = ['eq', 'ne', 'like', 'notlike', 'gt', 'ge', 'lt', 'le'] as const;

/** How a comparison compares; written with a hyphen before it. */
export type Operator = (typeof operators)[number];

/** What a property is compared with. Numbers are whole. */
export type Value = string | number | boolean | null;

/** One condition: a property, an operator and a value. */
export interface Comparison {
  kind: 'comparison';
  /** As it was written; names are compared in lower case. */
  property: string;
  operator: Operator;
  value: Value;
}

/** An operand with the word that joins it to what stands before it. */
export interface Link {
  operator: 'and' | 'or';
  operand: Filter;
}

/**
 * A recipient filter of Exchange Online, in the language that Microsoft calls OPATH.
 * https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export type Filter =
  | Comparison
  | { kind: 'not'; operand: Filter }
  /** Two operands or more. */
  | { kind: 'and' | 'or'; operands: readonly Filter[] }
  /**
   * Both -and and -or on one level without parentheses. It is not documented which of the two binds tighter, so the
   * level is kept as it stands.
   */
  | { kind: 'mixed'; first: Filter; rest: readonly Link[] };

/** Writes a filter in its canonical form, which parses to the same filter again. */
export function print(filter: Filter): string {
  switch (filter.kind) {
    case 'comparison':
      return `${filter.property} -${filter.operator} ${printValue(filter.value)}`;
    case 'not':
      return `-not (${print(filter.operand)})`;
    case 'mixed': {
      const rest = filter.rest.map(({ operator, operand }) => ` -${operator} ${printOperand(operand)}`);
      return printOperand(filter.first) + rest.join('');
    }
    default:
      return filter.operands.map(printOperand).join(` -${filter.kind} `);
  }
}

/** Parentheses stay even around the same operator: without them the nested level would melt into the outer one. */
function printOperand(filter: Filter): string {
  return filter.kind === 'comparison' || filter.kind === 'not' ? print(filter) : `(${print(filter)})`;
}

function printValue(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return typeof value === 'number' ? String(value) : `$${value}`;
}

/** The names of the properties that a filter asks for, in lower case. */
export function propertiesOf(filter: Filter): Set<string> {
  return new Set(comparisonsOf(filter).map(({ property }) => property.toLowerCase()));
}

/** The comparisons of a filter in the order of writing: all of them, or those with one property, in any case. */
export function comparisonsOf(filter: Filter, property?: string): Comparison[] {
  const found: Comparison[] = [];
  collect(filter, found);
  const wanted = property?.toLowerCase();
  return wanted === undefined ? found : found.filter((each) => each.property.toLowerCase() === wanted);
}

function collect(filter: Filter, found: Comparison[]): void {
  switch (filter.kind) {
    case 'comparison':
      found.push(filter);
      break;
    case 'not':
      collect(filter.operand, found);
      break;
    case 'mixed':
      collect(filter.first, found);
      for (const { operand } of filter.rest) collect(operand, found);
      break;
    default:
      for (const operand of filter.operands) collect(operand, found);
  }
}
