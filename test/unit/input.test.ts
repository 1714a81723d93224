import fc from 'fast-check';
import * as z from 'zod';
import type { FieldError } from '../../src/lib/errors';
import * as inputs from '../../src/lib/http/inputs';
import { parseInput } from '../../src/lib/input';
import { Target, TargetBody } from '../../src/lib/model/target';

function complaints(schema: z.ZodType, value: unknown, prefix?: string): readonly FieldError[] {
  try {
    parseInput(schema, value, prefix);
    return [];
  } catch (error) {
    return (error as { errors: FieldError[] }).errors;
  }
}

describe('input', () => {
  const Person = z.strictObject({
    name: z.string().max(3, 'is too long'),
    tags: z.array(z.string()).optional(),
    address: z.strictObject({ city: z.string() }).optional(),
  });

  it('comes out parsed', () => {
    expect(parseInput(z.object({ limit: z.coerce.number() }), { limit: '5' })).toEqual({ limit: 5 });
  });

  it.each<[string, unknown, FieldError[]]>([
    ['that is missing', {}, [{ path: 'name', message: 'is required' }]],
    ['that is wrong', { name: 'long name' }, [{ path: 'name', message: 'is too long' }]],
    [
      'with properties that nobody knows',
      { name: 'a', naem: 'b', extra: 1 },
      [
        { path: 'naem', message: 'is not a known property: remove it' },
        { path: 'extra', message: 'is not a known property: remove it' },
      ],
    ],
    [
      'with one deep inside',
      { name: 'a', address: { city: 'b', zip: 'c' } },
      [{ path: 'address.zip', message: 'is not a known property: remove it' }],
    ],
    ['wrong in a list', { name: 'a', tags: ['b', 3] }, [{ path: 'tags.1', message: 'must be a text' }]],
    ['that is nothing', undefined, [{ path: '', message: 'is required' }]],
    ['that is no object', 'text', [{ path: '', message: 'must be an object' }]],
  ])('%s is named field by field', (_case, value, errors) => {
    expect(complaints(Person, value)).toEqual(errors);
  });

  it('is named below a prefix', () => {
    expect(complaints(Person, { name: 'a', x: 1 }, 'items.0')).toEqual([
      { path: 'items.0.x', message: 'is not a known property: remove it' },
    ]);
    expect(complaints(z.string(), 1, 'items.0')).toMatchObject([{ path: 'items.0' }]);
  });
});

describe('text that is no well-formed Unicode', () => {
  const anything = z.unknown();
  const paths = (value: unknown) => complaints(anything, value).map(({ path }) => path);

  it('is refused whatever the schema, and named with what is wrong', () => {
    expect(complaints(anything, { rooms: { roomLists: ['a@contoso.com', '\ud800@contoso.com'] } })).toEqual([
      { path: 'rooms.roomLists.1', message: expect.stringContaining('well-formed Unicode') as string },
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ['the first half of a character', '\ud83d', ['']],
    ['the second half', { a: '\udcaa' }, ['a']],
    ['two halves in the wrong order', { a: '\udcaa\ud83d' }, ['a']],
    ['the name of a property', { a: { 'b\ud800': 1 } }, ['a.b\ufffd']],
    ['several places', { a: '\ud800', b: [{ c: '\udfff' }], d: 'fine' }, ['a', 'b.0.c']],
  ])('is found: %s', (_case, value, expected) => {
    expect(paths(value)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['a whole character of two halves', { '💪': ['💪', '\ud83d\udcaa'] }],
    ['a character that is not assigned', '\uffff'],
    ['the mark for what could not be read', '\ufffd'],
    ['control characters', '\u0000\u0007'],
  ])('is not what is only unusual: %s', (_case, value) => {
    expect(paths(value)).toEqual([]);
  });

  it('comes before what a schema says, and is named below a prefix', () => {
    expect(complaints(z.strictObject({ a: z.number() }), { a: '\ud800', b: 1 }, 'items.0')).toMatchObject([
      { path: 'items.0.a' },
    ]);
  });

  it('is found at any depth, and named by where that begins', () => {
    const levels = 100_000;
    const deep: unknown = JSON.parse(`${'['.repeat(levels)}"\\ud800"${']'.repeat(levels)}`);
    expect(paths(deep)).toEqual([Array(10).fill('0').join('.')]);
  });

  it('is not named more often than somebody would read', () => {
    expect(paths(Array(1000).fill('\ud800'))).toHaveLength(20);
  });

  it('is found exactly where JSON is not what it says', () => {
    const text = fc.string({
      unit: fc.integer({ min: 0xd7f0, max: 0xe010 }).map((unit) => String.fromCharCode(unit)),
    });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, text, fc.array(tie('tree')), fc.dictionary(text, tie('tree'))),
    }));
    const roundTrip = (value: unknown) =>
      JSON.parse(new TextDecoder().decode(new TextEncoder().encode(unescaped(value)))) as unknown;
    const property = fc.property(tree, (value) => {
      const isKept = unescaped(roundTrip(value)) === unescaped(value);
      expect(paths(value).length === 0).toBe(isKept);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

/** JSON with halves of characters as they are: it escapes them, which hides what becomes of them on the wire. */
function unescaped(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\u(d[89a-f][0-9a-f]{2})/g, (_whole, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

describe('what is wrong with an input', () => {
  /** Every schema that what people send is parsed with. */
  const schemas = Object.entries<unknown>({ ...inputs, Target, TargetBody }).flatMap(([name, one]) =>
    one instanceof z.ZodType ? [[name, one] as const] : [],
  );
  const wrong = [undefined, null, '', 'x'.repeat(3000), 7, -1.5, 1e9, true, [], [null], {}, { x: 1 }];

  /** The names that a schema knows, as far as they can be found. */
  function namesOf(schema: z.ZodType): string[] {
    const json = JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }));
    return [...json.matchAll(/"([A-Za-z]+)":\{/g)].map(([, name = '']) => name);
  }

  it.each(schemas)('is said in words of our own: %s', (_name, schema) => {
    const inputsWithin = namesOf(schema).flatMap((name) => wrong.map((value) => ({ [name]: value })));
    const rooms = wrong.flatMap((value) =>
      ['all', 'list', 'roomLists'].map((source) => ({ rooms: { source, mailboxes: value, desks: value } })),
    );
    const said = [...wrong, ...inputsWithin, ...rooms].flatMap((value) => complaints(schema, value));
    expect(said.length).toBeGreaterThan(0);
    for (const { message } of said) {
      expect(message).not.toMatch(/Invalid|Too (?:small|big)|expected |Unrecognized/);
      expect(message).toMatch(/^(?:must|is|has|are|may|makes)\b/);
    }
  });

  it('is that something is required when it is not there, whatever it would have to be', () => {
    const Anything = z.strictObject({
      text: z.string().min(3),
      choice: z.enum(['a', 'b']),
      only: z.literal('x'),
      either: z.union([z.string(), z.number()]),
      list: z.array(z.string()),
    });
    expect(complaints(Anything, {}).map(({ message }) => message)).toEqual(Array(5).fill('is required'));
  });

  it('is told together: a service account that is missing, too', () => {
    const told = complaints(Target, {}).map(({ path }) => path);
    expect(told.sort()).toEqual(['clientAppId', 'profile', 'serviceAccount', 'targetId', 'tenantId']);
    const planon = { profile: 'planon-connect-for-calendars' };
    expect(complaints(Target, planon).map(({ path }) => path)).not.toContain('serviceAccount');
  });
});
