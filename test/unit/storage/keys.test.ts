import { decodeKey, encodeKey, newestFirst, pairKey, pairKeysOf } from '../../../src/lib/storage/keys';

// https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
// eslint-disable-next-line no-control-regex -- control characters are what must not be there
const forbidden = /[/\\#?%'\u0000-\u001f\u007f-\u009f]/;
const longest = 512;
const sorted = (keys: string[]) => [...keys].sort((a, b) => (a < b ? -1 : 1));

describe('a key', () => {
  it.each([
    'a/b\\c#d?e%f',
    '%2F',
    '=2F',
    "O'Hara=1",
    'Räume 会議室 🏢',
    '\u0000\t\n\u007f\u0085',
    'room.1_2-3~4!5*(6)',
    '',
  ])('holds %j, reversibly and without what a table refuses', (text) => {
    const key = encodeKey(text);
    expect(key).not.toMatch(forbidden);
    expect(decodeKey(key)).toBe(text);
  });

  it('is a readable text as it is', () => {
    expect(encodeKey('contoso-rooms')).toBe('contoso-rooms');
    expect(encodeKey('a/b')).toBe('a=2Fb');
  });

  it('keeps texts apart that differ in case or escapes only', () => {
    const texts = ['a/b', 'A/b', 'a=2Fb', 'a%2Fb', 'a%252Fb', 'a=b', 'a b', 'a+b'];
    expect(new Set(texts.map(encodeKey)).size).toBe(texts.length);
  });

  it.each([
    [longest, longest],
    [longest + 1, longest],
    [5_000, longest],
  ])('of a text of %i letters has %i', (length, expected) => {
    expect(encodeKey('x'.repeat(length))).toHaveLength(expected);
  });

  it('is kept whole up to the limit, and hashed beyond it', () => {
    const whole = 'x'.repeat(longest);
    expect(encodeKey(whole)).toBe(whole);
    expect(encodeKey(`${whole}y`)).toMatch(/^x{447}~[0-9a-f]{64}$/);
  });

  it('of long texts tells them apart, is always the same, and never holds what a table refuses', () => {
    const texts = ['a', 'b', '/', 'ä', '🏢'].map((end) => `${'会/'.repeat(300)}${end}`);
    const keys = texts.map(encodeKey);
    expect(new Set(keys).size).toBe(texts.length);
    expect(keys).toEqual(texts.map(encodeKey));
    expect(keys.filter((key) => forbidden.test(key) || key.length > longest)).toEqual([]);
  });
});

describe('a key of two texts', () => {
  const long = 'ä/'.repeat(500);

  it('is readable, holds what a key may, and no more of it', () => {
    expect(pairKey('contoso-rooms', 'ews-access')).toBe('contoso-rooms|ews-access');
    const key = pairKey(long, long);
    expect(key).not.toMatch(forbidden);
    expect(key.length).toBeLessThanOrEqual(longest);
  });

  it('is that of no other two', () => {
    const texts = ['', 'a', 'a|', '|a', 'a|b', 'b', '=7C', '%7C', long, `${long}|`, `|${long}`];
    const keys = texts.flatMap((first) => texts.map((second) => pairKey(first, second)));
    expect(new Set(keys).size).toBe(texts.length ** 2);
  });

  it('lies among those with the same first text, and only there', () => {
    const firsts = ['', 'a', 'a-1', 'a.', 'ab', 'a|', 'a}', 'a~', 'A', 'ä', long, `${long}a`];
    for (const first of firsts) {
      const { from, to } = pairKeysOf(first);
      const within = firsts.filter((other) =>
        ['', '!', 'rooms', '~', long].some(
          (second) => pairKey(other, second) >= from && pairKey(other, second) < to,
        ),
      );
      expect(within).toEqual([first]);
    }
  });
});

describe('keys by time', () => {
  it('come newest first, whatever the digits', () => {
    const times = [-1, 0, 1, 999, 1_000, 1e12, 1_795_399_200_000, 1_795_399_200_001, 8.64e15];
    const keys = times.map((time) => newestFirst(new Date(time), 'x'));
    expect(sorted(keys)).toEqual([...keys].reverse());
    expect(new Set(keys.map(({ length }) => length)).size).toBe(1);
  });

  it('of the same time are told apart by what stands behind it, which is encoded too', () => {
    const time = new Date('2026-11-23T02:00:00Z');
    expect(newestFirst(time, 'license')).not.toBe(newestFirst(time, 'consent'));
    expect(newestFirst(time, 'a/b')).toBe('8638204600800000|a=2Fb');
  });
});
