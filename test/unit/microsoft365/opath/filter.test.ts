import { comparisonsOf, print, propertiesOf, type Filter } from '../../../../src/lib/microsoft365/opath';

const is = (property: string, value: string | number | boolean | null = 'x'): Filter => ({
  kind: 'comparison',
  property,
  operator: 'eq',
  value,
});
const [a, b, c] = [is('A'), is('B'), is('C')];

/** A -and -not (B) -or (C -and memberOfGroup -ne …) */
const everyKind: Filter = {
  kind: 'mixed',
  first: a,
  rest: [
    { operator: 'and', operand: { kind: 'not', operand: b } },
    {
      operator: 'or',
      operand: {
        kind: 'and',
        operands: [c, { kind: 'comparison', property: 'memberOfGroup', operator: 'ne', value: 'CN=x' }],
      },
    },
  ],
};

describe('the canonical form', () => {
  it.each<[string, Filter]>([
    ["A -eq 'x'", a],
    ["City -eq ''", is('City', '')],
    ["City -eq 'O''Hare''s'", is('City', "O'Hare's")],
    [`City -eq 'say "yes"'`, is('City', 'say "yes"')],
    ['City -eq $null', is('City', null)],
    ['City -eq $true', is('City', true)],
    ['City -eq $false', is('City', false)],
    ['City -eq -12', is('City', -12)],
    ["City -eq '12'", is('City', '12')],
    ["-not (A -eq 'x')", { kind: 'not', operand: a }],
    ["-not (-not (A -eq 'x'))", { kind: 'not', operand: { kind: 'not', operand: a } }],
    ["A -eq 'x' -or B -eq 'x' -or C -eq 'x'", { kind: 'or', operands: [a, b, c] }],
    [
      "(A -eq 'x' -and B -eq 'x') -and C -eq 'x'",
      { kind: 'and', operands: [{ kind: 'and', operands: [a, b] }, c] },
    ],
    [
      "-not (A -eq 'x' -or B -eq 'x') -and C -eq 'x'",
      { kind: 'and', operands: [{ kind: 'not', operand: { kind: 'or', operands: [a, b] } }, c] },
    ],
    ["A -eq 'x' -and -not (B -eq 'x') -or (C -eq 'x' -and memberOfGroup -ne 'CN=x')", everyKind],
  ])('is %s', (text, filter) => {
    expect(print(filter)).toBe(text);
  });
});

describe('the content of a filter', () => {
  it('names the properties once each, in lower case', () => {
    expect(propertiesOf(everyKind)).toEqual(new Set(['a', 'b', 'c', 'memberofgroup']));
    expect(propertiesOf({ kind: 'or', operands: [is('City'), is('CITY')] })).toEqual(new Set(['city']));
  });

  it('lists all comparisons in the order of writing', () => {
    expect(comparisonsOf(everyKind).map(({ property }) => property)).toEqual([
      'A',
      'B',
      'C',
      'memberOfGroup',
    ]);
  });

  it('finds the comparisons with one property, in any case', () => {
    const found = [{ kind: 'comparison', property: 'memberOfGroup', operator: 'ne', value: 'CN=x' }];
    expect(comparisonsOf(everyKind, 'MemberOfGroup')).toEqual(found);
    expect(comparisonsOf(everyKind, 'Member')).toEqual([]);
  });
});
