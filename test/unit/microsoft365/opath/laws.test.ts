import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import {
  comparisonsOf,
  compileFilter,
  parseFilter,
  print,
  propertiesOf,
} from '../../../../src/lib/microsoft365/opath';
import { toMatcher } from '../../../../src/lib/microsoft365/opath/wildcard';
import { anyComparison, filters, recipients, smallComparison } from './arbitrary';
import { evaluate, fits } from './naive';

it('gives the same filter again when a filter is printed and parsed', () => {
  fc.assert(
    fc.property(filters(anyComparison), (filter) => {
      deepStrictEqual(parseFilter(print(filter)), { ok: true, filter });
    }),
    { numRuns: 2_000 },
  );
});

it('gives the same filter in braces, in more parentheses and with more space', () => {
  fc.assert(
    fc.property(filters(anyComparison), (filter) => {
      const text = ` {\t( (${print(filter)}))\r\n}`;
      deepStrictEqual(parseFilter(text), { ok: true, filter });
    }),
    { numRuns: 500 },
  );
});

it('names the properties of exactly the comparisons', () => {
  fc.assert(
    fc.property(filters(smallComparison), (filter) => {
      const all = comparisonsOf(filter);
      const byName = [...propertiesOf(filter)].map((name) => comparisonsOf(filter, name));
      expect(new Set(byName.flat())).toEqual(new Set(all));
      expect(byName.flat()).toHaveLength(all.length);
    }),
    { numRuns: 300 },
  );
});

it('evaluates by the rules', () => {
  const seen = new Set<unknown>();
  fc.assert(
    fc.property(filters(smallComparison), fc.array(recipients, { maxLength: 5 }), (filter, all) => {
      const decide = compileFilter(filter);
      for (const properties of all) {
        const answer = decide({ property: (name) => properties[name as 'p'] });
        deepStrictEqual(answer, evaluate(filter, properties));
        seen.add(answer);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(seen).toEqual(new Set([true, false, undefined]));
});

it('evaluates single comparisons by the rules', () => {
  fc.assert(
    fc.property(smallComparison, recipients, (comparison, properties) => {
      const answer = compileFilter(comparison)({ property: (name) => properties[name as 'p'] });
      deepStrictEqual(answer, evaluate(comparison, properties));
    }),
    { numRuns: 10_000 },
  );
});

it('fits wildcards like a matcher that tries everything', () => {
  const unit = fc.constantFrom('a', 'b', '*');
  const pattern = fc.string({ unit, maxLength: 8 }).filter((text) => text.includes('*'));
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(text, pattern, (value, wildcards) => {
      deepStrictEqual(toMatcher(wildcards)(value), fits(value, wildcards));
    }),
    { numRuns: 10_000 },
  );
});
