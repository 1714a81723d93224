import fc from 'fast-check';
import { compileFilter, parseFilter, print } from '../../../../src/lib/microsoft365/opath';

/** Parses a text, and checks what holds of any text. Gives whether it is a filter. */
function parseAny(text: string): boolean {
  const result = parseFilter(text);
  if (result.ok) {
    const again = parseFilter(print(result.filter));
    if (JSON.stringify(again) !== JSON.stringify(result)) throw new Error('The filter did not come back.');
    return true;
  }
  const { message, position } = result.error;
  if (!/^expected .+, found .+$/su.test(message)) throw new Error(`The message says too little: ${message}`);
  if (!message.isWellFormed()) throw new Error('The message has half a character.');
  if (!Number.isInteger(position) || position < 0 || position > text.length) {
    throw new Error(`The position ${position} is outside of the text.`);
  }
  return false;
}

const words =
  "A City -eq -NE -like -gt -and -or -not ( ) { } 'x' 'O''H' \"y\" ' \" $null $true $x 5 -7 - * ! 1a ,";
const soup = fc
  .tuple(fc.array(fc.constantFrom(...words.split(' ')), { maxLength: 20 }), fc.constantFrom(' ', '', '\n'))
  .map(([tokens, space]) => tokens.join(space));
const sound = fc.constant("((City -eq 'O''Hare') -and (-not(A -like 'x*')) -or (B -ge -5))");
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), soup, sound);

/** The two texts joined at many places: a beginning of the one, a word perhaps, and an end of the other. */
function splice(one: string, other: string, word: string): string[] {
  return Array.from({ length: 50 }, (_, index) => {
    const place = (length: number) => (index * 7) % (length + 1);
    return one.slice(0, place(one.length)) + word + other.slice(place(other.length));
  });
}

it('survives 100,000 texts of any kind', () => {
  const word = fc.constantFrom('', ...words.split(' '));
  const count = { filters: 0, others: 0 };
  fc.assert(
    fc.property(text, text, word, (...parts) => {
      for (const each of splice(...parts)) count[parseAny(each) ? 'filters' : 'others']++;
    }),
    { numRuns: 2_000, endOnFailure: true },
  );
  expect(count.filters + count.others).toBe(100_000);
  expect(count.filters).toBeGreaterThan(100);
});

// Anything worse than linear would take hours at this length.
const length = 1_000_000;
const filled = (unit: string) => unit.repeat(Math.ceil(length / unit.length));

describe('a text of a million characters', () => {
  const units = [
    '(',
    '{',
    '-not ',
    '-not(',
    "'",
    "''",
    `'"`,
    '" ',
    ' ',
    'a',
    '-',
    '9',
    '$',
    '😀',
    'A -eq 1 ',
  ];

  it.each(units)('made of %j is no filter', (unit) => {
    for (const beginning of ['', '(A ', "A -eq 'x' -and "]) {
      const result = parseFilter(beginning + filled(unit));
      expect(result).toMatchObject({ ok: false });
      expect(JSON.stringify(result).length).toBeLessThan(250);
    }
  });

  it.each([
    ['a mix', `${filled("A -eq 'x' -and B -eq 'x' -or ")}A -eq 'x'`],
    ['a chain of groups', `${filled("(A -eq 'x' -or -not (B -eq 'x')) -and ")}A -eq 'x'`],
    ['a long text', `A -eq '${filled('x')}'`],
    ['a text of quotes', `A -eq '${filled("''")}'`],
    ['a text of wildcards', `A -like 'x${filled('*')}'`],
    ['a text of letters and wildcards', `A -notlike '${filled('x*')}x'`],
    ['much space', `A -eq${filled(' ')}'x'`],
  ])('can be a filter: %s', (_name, text) => {
    const result = parseFilter(text);
    if (!result.ok) throw new Error(result.error.message);
    expect(print(result.filter).length).toBeGreaterThan(8);
    const decide = compileFilter(result.filter);
    expect([true, false, undefined]).toContain(decide({ property: () => filled('x') }));
  });
});
