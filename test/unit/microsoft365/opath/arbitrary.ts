import fc from 'fast-check';
import {
  operators,
  type Comparison,
  type Filter,
  type Known,
  type PropertyValue,
  type Test,
  type Truth,
  type Value,
} from '../../../../src/lib/microsoft365/opath';

/** Objects like those that the parser makes: fast-check would leave out the prototype of some. */
const plain = { noNullPrototype: true };

/** Filters of any shape that the parser can give, over these comparisons. */
export function filters(comparisons: fc.Arbitrary<Comparison>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'filter' },
      comparisons,
      fc.record({ kind: fc.constant('not' as const), operand: tie('filter') }, plain),
      fc.record(
        {
          kind: fc.constantFrom('and' as const, 'or' as const),
          operands: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }),
        },
        plain,
      ),
      mixed(tie('filter')),
    ),
  })).filter;
}

/** Three to five operands, with both operators between them. */
function mixed(operand: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  const link = fc.record({ operator: fc.constantFrom('and' as const, 'or' as const), operand }, plain);
  return fc
    .tuple(operand, fc.array(link, { minLength: 2, maxLength: 4 }), fc.boolean())
    .map(([first, links, isAndFirst]) => {
      const rest = links.map((each, index) =>
        index < 2
          ? { ...each, operator: isAndFirst === (index === 0) ? ('and' as const) : ('or' as const) }
          : each,
      );
      return { kind: 'mixed', first, rest };
    });
}

function comparison(property: fc.Arbitrary<string>, value: fc.Arbitrary<Value>): fc.Arbitrary<Comparison> {
  const kind = fc.constant('comparison' as const);
  return fc.record({ kind, property, operator: fc.constantFrom(...operators), value }, plain);
}

/** Comparisons with any name and any value that can be written down. */
export const anyComparison = comparison(
  fc.stringMatching(/^[A-Za-z_]\w{0,12}$/),
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom("'", '"', '*', '(', ' ', '-', '$', 'a') }),
    fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
    fc.constantFrom(null, true, false),
  ),
);

const texts = ['', 'a', 'ab', 'b', 'aba', 'á', 'áb', 'abá', '5', '05', '10', '-3', 'true'];
const patterns = ['a*', 'A*', 'Á*', '*', '**', '*b', 'a*a', 'á*a', 'a**', '*a*b*', '1*', 'B', 'AB', 'ÁB'];
const numbers = [0, 5, 10, -3];

/** Comparisons that have something to do with {@link recipients}. */
export const smallComparison = comparison(
  fc.constantFrom('p', 'P', 'q', 'r', 's', 'T'),
  fc.constantFrom<Value>(...texts, ...patterns, ...numbers, null, true, false),
);

const truth = fc.constantFrom<Truth>(true, false, undefined);
const known: fc.Arbitrary<Known> = fc.oneof(
  fc.constantFrom<Known>(...texts, ...numbers, null, true, false),
  fc.array(fc.constantFrom(...texts), { maxLength: 3 }),
);

/** Knows the answers to some tests of equality. */
const partly = fc
  .dictionary(fc.constantFrom(...texts, ...patterns), truth)
  .map((answers) => (test: Test) => (test.operator === 'eq' ? answers[test.value] : undefined));

const property: fc.Arbitrary<PropertyValue | undefined> = fc.oneof(
  { weight: 6, arbitrary: known },
  { weight: 1, arbitrary: partly },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

/** Properties by their names in lower case. */
export const recipients = fc.record({ p: property, q: property, r: property, s: property, t: property });
