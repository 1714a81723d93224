import { isReliable, toMatcher } from '../../../../src/lib/microsoft365/opath/wildcard';

it.each([
  ['abc', true],
  ['abc*', true],
  ['*', true],
  ['*abc', false],
  ['a*c', false],
  ['*b*', false],
  ['**', false],
  ['abc**', false],
])('relies on %p: %p', (pattern, expected) => {
  expect(isReliable(pattern)).toBe(expected);
});

it.each([
  ['abc*', ['abc', 'abcd'], ['ab', 'xabc', '']],
  ['*', ['', 'x'], []],
  ['**', ['', 'x'], []],
  ['*abc', ['abc', 'xabc', 'abcabc'], ['abcd', 'bc']],
  ['a*a', ['aa', 'aba'], ['a', 'ab']],
  ['a*b*c', ['abc', 'a-b-b-c', 'abcbc'], ['acb', 'ac', 'abcx']],
  ['*ab*ab*', ['abab', '-ab-ab-'], ['ab', 'aab', 'aba']],
  ['ab*bc', ['abbc', 'ab-bc'], ['abc']],
  ['a*bc*bcd', ['abcbcd'], ['abcd', 'abcbc', 'abcxcd']],
  ['room.*', ['room.1'], ['roomx1']],
  ['a***b', ['ab', 'axb'], ['a']],
])('%p fits %j and not %j', (pattern, fitting, others) => {
  const fits = toMatcher(pattern);
  expect([...fitting, ...others].filter(fits)).toEqual(fitting);
});

it('does not try the same text again and again', () => {
  const fits = toMatcher(`${'a*'.repeat(50_000)}b`);
  expect(fits('a'.repeat(100_000))).toBe(false);
  expect(fits(`${'a'.repeat(50_000)}b`)).toBe(true);
  expect(toMatcher('*'.repeat(1_000_000))('x')).toBe(true);
});
