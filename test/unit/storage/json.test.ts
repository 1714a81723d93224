import { cutToFit, longestString, readJson, shorten, writeJson } from '../../../src/lib/storage/json';

describe('JSON in properties', () => {
  it.each([[null], [{}], [[]], ['text'], [{ a: [1, { b: null }] }], ['x'.repeat(100_000)]])(
    'comes back as it was (%#)',
    (value) => {
      expect(readJson(writeJson('name', value), 'name')).toEqual(value);
    },
  );

  it('never has a property that is too long, or half a character in one', () => {
    const value = `x${'😀'.repeat(40_000)}`;
    const parts = Object.values(writeJson('name', value));
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(longestString);
      expect(part.isWellFormed()).toBe(true);
    }
  });

  it('is refused when it is longer than an entity', () => {
    expect(() => writeJson('name', 'x'.repeat(400_000))).toThrow(RangeError);
  });

  it('is nothing where there is none', () => {
    expect(readJson({ name: 5 }, 'name')).toBeUndefined();
  });
});

describe('a text', () => {
  it.each([
    ['', ''],
    ['x'.repeat(2000), 'x'.repeat(2000)],
    ['x'.repeat(2001), `${'x'.repeat(1999)}…`],
    [`${'x'.repeat(1998)}😀😀`, `${'x'.repeat(1998)}…`],
    [`${'x'.repeat(1997)}😀😀`, `${'x'.repeat(1997)}😀…`],
  ])('is kept up to 2,000 characters, and by whole ones (%#)', (text, kept) => {
    expect(shorten(text)).toBe(kept);
  });
});

describe('evidence', () => {
  it('stays as it is when it fits', () => {
    const evidence = { plans: ['E1'], note: 'x' };
    expect(cutToFit(evidence)).toBe(evidence);
  });

  it('loses the end of its lists, and says how much', () => {
    const cut = cutToFit({ id: 'a', rows: Array.from({ length: 10_000 }, (_row, index) => `row-${index}`) });
    expect(JSON.stringify(cut).length).toBeLessThanOrEqual(longestString);
    const rows = cut.rows as string[];
    expect(cut).toMatchObject({ id: 'a', omitted: { rows: `${10_000 - rows.length} of 10000 items` } });
    expect(rows.slice(0, 2)).toEqual(['row-0', 'row-1']);
    expect(rows.length).toBeGreaterThan(1_000);
  });

  it('loses other long values altogether, and says how long they were', () => {
    expect(cutToFit({ id: 'a', text: 'x'.repeat(50_000), gone: undefined })).toEqual({
      id: 'a',
      gone: undefined,
      omitted: { text: '50002 characters' },
    });
  });
});
