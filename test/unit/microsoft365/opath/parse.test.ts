import { parseFilter, print, type Filter } from '../../../../src/lib/microsoft365/opath';

function parsed(text: string): Filter {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message} at ${result.error.position}`);
  return result.filter;
}

/** The canonical form shows the tree: it has parentheses wherever one level lies within another. */
const canonical = (text: string) => print(parsed(text));

describe('a comparison', () => {
  it.each(['eq', 'ne', 'like', 'notlike', 'gt', 'ge', 'lt', 'le'])('may use -%s, in any case', (operator) => {
    const expected = { kind: 'comparison', property: 'City', operator, value: 'x' };
    expect(parsed(`City -${operator} 'x'`)).toEqual(expected);
    expect(parsed(`City -${operator.toUpperCase()} 'x'`)).toEqual(expected);
  });

  it.each([
    ["'London'", 'London'],
    ['"London"', 'London'],
    ["''", ''],
    ['""', ''],
    ["''''", "'"],
    ["'O''Hare'", "O'Hare"],
    [`"O'Hare"`, "O'Hare"],
    [`"say ""yes"""`, 'say "yes"'],
    [`'say "yes"'`, 'say "yes"'],
    [`'two''''quotes'`, "two''quotes"],
    ["' spaces '", ' spaces '],
    ["'(-and {$null})'", '(-and {$null})'],
    ["'Zürich 😀'", 'Zürich 😀'],
    ["'12'", '12'],
    ["'$true'", '$true'],
    ['12', 12],
    ['-12', -12],
    ['007', 7],
    ['-0', 0],
    ['999999999999999', 999_999_999_999_999],
    ['$null', null],
    ['$true', true],
    ['$FALSE', false],
  ])('with %s compares with %p', (written, value) => {
    expect(parsed(`City -eq ${written}`)).toEqual({
      kind: 'comparison',
      property: 'City',
      operator: 'eq',
      value,
    });
  });

  it('keeps the property as it is written', () => {
    expect(canonical("cUSTOMattribute1 -EQ 'X'")).toBe("cUSTOMattribute1 -eq 'X'");
    expect(canonical('_a_1 -eq 1')).toBe('_a_1 -eq 1');
  });
});

describe('the shape of a filter', () => {
  it.each([
    ["City -eq'x'", "City -eq 'x'"],
    ["(City -eq 'x')-and(A -eq 1)", "City -eq 'x' -and A -eq 1"],
    ["City -eq 'x'-or -not(A -eq 1)", "City -eq 'x' -or -not (A -eq 1)"],
    ["\t City\r\n-eq\u00a0'x' ", "City -eq 'x'"],
    ["{City -eq 'x'}", "City -eq 'x'"],
    [" { (City -eq 'x') } ", "City -eq 'x'"],
    ['(((A -eq 1)))', 'A -eq 1'],
    ['-not A -eq 1', '-not (A -eq 1)'],
    ['-not ((A -eq 1))', '-not (A -eq 1)'],
    ['-NOT -Not (A -eq 1)', '-not (-not (A -eq 1))'],
    ['A -eq 1 -AND B -eq 2 -And C -eq 3', 'A -eq 1 -and B -eq 2 -and C -eq 3'],
    ['(A -eq 1 -and B -eq 2) -or C -eq 3', '(A -eq 1 -and B -eq 2) -or C -eq 3'],
    ['((A -eq 1) -and ((B -eq 2 -or C -eq 3)))', 'A -eq 1 -and (B -eq 2 -or C -eq 3)'],
    ['-not A -eq 1 -or B -eq 2', '-not (A -eq 1) -or B -eq 2'],
    [
      "((RecipientTypeDetails -eq 'RoomMailbox') -and (CustomAttribute1 -eq 'London'))",
      "RecipientTypeDetails -eq 'RoomMailbox' -and CustomAttribute1 -eq 'London'",
    ],
    [
      'RecipientTypeDetails -eq "RoomMailbox" -or RecipientTypeDetails -eq "EquipmentMailbox" -or PrimarySmtpAddress -eq ""',
      "RecipientTypeDetails -eq 'RoomMailbox' -or RecipientTypeDetails -eq 'EquipmentMailbox' -or PrimarySmtpAddress -eq ''",
    ],
    [
      "((((City -eq 'London') -and (-not(Name -like 'SystemMailbox{*')))) -and (-not(Name -like 'CAS_{*')))",
      "(City -eq 'London' -and -not (Name -like 'SystemMailbox{*')) -and -not (Name -like 'CAS_{*')",
    ],
  ])('%j reads %j', (written, expected) => {
    expect(canonical(written)).toBe(expected);
  });

  it('flattens a chain of one operator, and keeps groups', () => {
    const [a, b, c] = [parsed('A -eq 1'), parsed('B -eq 2'), parsed('C -eq 3')];
    expect(parsed('A -eq 1 -and B -eq 2 -and C -eq 3')).toEqual({ kind: 'and', operands: [a, b, c] });
    expect(parsed('(A -eq 1 -and B -eq 2) -or C -eq 3')).toEqual({
      kind: 'or',
      operands: [{ kind: 'and', operands: [a, b] }, c],
    });
  });

  it('keeps a mix of -and and -or without parentheses as it stands', () => {
    const mixed = 'A -eq 1 -and B -eq 2 -or -not (C -eq 3) -and (D -eq 4 -or E -eq 5)';
    expect(canonical(mixed)).toBe(mixed);
    expect(parsed('A -eq 1 -or B -eq 2 -and C -eq 3')).toEqual({
      kind: 'mixed',
      first: parsed('A -eq 1'),
      rest: [
        { operator: 'or', operand: parsed('B -eq 2') },
        { operator: 'and', operand: parsed('C -eq 3') },
      ],
    });
  });
});

const operand = 'expected a property, -not or an opening parenthesis';
const operator = 'expected one of -eq -ne -like -notlike -gt -ge -lt -le';
const value = 'expected a text in quotes, a whole number, $null, $true or $false';
const closing = 'expected -and, -or or a closing';
const end = 'the end of the filter';

describe('a text that is no filter', () => {
  it.each([
    ['', 0, `${operand}, found ${end}`],
    ['   ', 3, `${operand}, found ${end}`],
    ['{}', 1, `${operand}, found }`],
    ['()', 1, `${operand}, found )`],
    ["'City' -eq 'x'", 0, `${operand}, found 'City'`],
    ['-eq 1', 0, `${operand}, found -eq`],
    ['$true', 0, `${operand}, found $true`],
    ['1a -eq 1', 0, `${operand}, found 1a`],
    ['!(A -eq 1)', 0, `${operand}, found !`],
    ["City-eq 'x'", 0, `${operand}, found City-eq`],
    ['Größe -eq 1', 0, `${operand}, found Größe`],
    ['A -eq 1 -and', 12, `${operand}, found ${end}`],
    ['A -eq 1 -and -or B -eq 2', 13, `${operand}, found -or`],
    ['-not', 4, `${operand}, found ${end}`],
    ['City', 4, `${operator}, found ${end}`],
    ["City eq 'x'", 5, `${operator}, found eq`],
    ["City - eq 'x'", 5, `${operator}, found -`],
    ["City -contains 'x'", 5, `${operator}, found -contains`],
    ["City -and 'x'", 5, `${operator}, found -and`],
    ["City = 'x'", 5, `${operator}, found =`],
    ['City -eq', 8, `${value}, found ${end}`],
    ['City -eq London', 9, `${value}, found London`],
    ['City -eq $city', 9, `${value}, found $city`],
    ['City -eq 1.5', 9, `${value}, found 1.5`],
    ['City -eq +1', 9, `${value}, found +1`],
    ['City -eq 5-and A -eq 1', 9, `${value}, found 5-and`],
    ['City -eq ‘x’', 9, `${value}, found ‘x’`],
    ['City -eq (1)', 9, `${value}, found (`],
    ["City -eq 'x", 9, `expected a closing ' for the text that begins here, found ${end}`],
    ["City -eq 'x''", 9, `expected a closing ' for the text that begins here, found ${end}`],
    [`City -eq "x'`, 9, `expected a closing " for the text that begins here, found ${end}`],
    ['City -eq 1234567890123456', 9, 'expected a whole number of at most 15 digits, found 1234567890123456'],
    ["City -eq 'O'Hare'", 12, `expected -and, -or or ${end}, found Hare`],
    ['A -eq 1 B -eq 2', 8, `expected -and, -or or ${end}, found B`],
    ["A -eq 'x'-or-not(B -eq 2)", 9, `expected -and, -or or ${end}, found -or-not`],
    ['A -eq 1 -not B -eq 2', 8, `expected -and, -or or ${end}, found -not`],
    ['A -eq 1)', 7, `expected -and, -or or ${end}, found )`],
    ['A -eq 1}', 7, `expected -and, -or or ${end}, found }`],
    ['(A -eq 1', 8, `${closing} ), found ${end}`],
    ['(A -eq 1}', 8, `${closing} ), found }`],
    ['{A -eq 1', 8, `${closing} }, found ${end}`],
    ['{A -eq 1} -and B -eq 2', 10, `expected ${end}, found -and`],
    ['{{A -eq 1}}', 1, `${operand}, found {`],
    ['({A -eq 1})', 1, `${operand}, found {`],
    ['😀', 0, `${operand}, found 😀`],
    ['A -eq 1 😀 B', 8, `expected -and, -or or ${end}, found 😀`],
  ])('%j fails at %i: %s', (text, position, message) => {
    expect(parseFilter(text)).toEqual({ ok: false, error: { message, position } });
  });

  it('is not quoted at length, or with half a character', () => {
    expect(parseFilter('x'.repeat(101))).toMatchObject({
      error: { message: `${operand}, found ${'x'.repeat(40)}…` },
    });
    expect(parseFilter(`'${'😀'.repeat(50)}'`)).toMatchObject({
      error: { message: `${operand}, found '${'😀'.repeat(19)}\ufffd…` },
    });
    expect(parseFilter('\ud83d')).toMatchObject({ error: { message: `${operand}, found \ufffd` } });
  });
});

describe('nesting', () => {
  const inParentheses = (levels: number) => `${'('.repeat(levels)}A -eq 1${')'.repeat(levels)}`;
  const tooDeep = 'expected at most 100 levels of parentheses and -not, found more';

  it('goes a hundred levels deep', () => {
    expect(canonical(inParentheses(100))).toBe('A -eq 1');
    expect(canonical(`{${inParentheses(100)}}`)).toBe('A -eq 1');
  });

  it('goes no deeper', () => {
    expect(parseFilter(inParentheses(101))).toEqual({
      ok: false,
      error: { message: tooDeep, position: 100 },
    });
    expect(parseFilter(`${'-not '.repeat(101)}A -eq 1`)).toEqual({
      ok: false,
      error: { message: tooDeep, position: 500 },
    });
    expect(parseFilter(`${'-not ('.repeat(101)}A -eq 1${')'.repeat(101)}`)).toMatchObject({ ok: false });
  });

  it('comes through printing when it is as deep as can be', () => {
    for (const text of [
      `${'-not '.repeat(100)}A -eq 1`,
      `${'-not ('.repeat(100)}A -eq 1${')'.repeat(100)}`,
      `${'(B -eq 2 -or '.repeat(100)}A -eq 1${')'.repeat(100)}`,
    ]) {
      const filter = parsed(text);
      expect(parsed(print(filter))).toEqual(filter);
    }
  });

  it('does not add up side by side', () => {
    expect(parseFilter(`${'(A -eq 1) -and '.repeat(200)}-not (A -eq 1)`).ok).toBe(true);
  });
});
