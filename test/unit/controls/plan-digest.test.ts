import { createHash } from 'node:crypto';
import { digest } from '../../../src/lib/controls/plan';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

// What stands here is kept in tables, and in the hands of those who apply a plan by its hash: no new version may change it.
it.each<[string, unknown, string]>([
  [
    'the order of properties does not matter',
    { b: 1, a: { d: [], c: null } },
    '{"a":{"c":null,"d":[]},"b":1}',
  ],
  [
    'they are ordered by their code units',
    { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, ö: 6 },
    '{"\\r":2,"1":4,"ö":6,"€":1,"😀":5,"\ufb33":3}',
  ],
  ['the order of a list does', ['b', 'a', 2, 10], '["b","a",2,10]'],
  ['numbers', [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0], '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]'],
  ['what is not there', { a: undefined, b: [undefined] }, '{"b":[null]}'],
  ['text', '€$\u000f\nA\'B"\\/', '"€$\\u000f\\nA\'B\\"\\\\/"'],
  ['times', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['half of a character', { name: 'a\ud800' }, '{"name":"a\\ud800"}'],
])('a digest is one of canonical JSON: %s', (_what, value, json) => {
  expect(digest(value)).toBe(sha256(json));
});

it('names that differ in half a character alone are not the same: what a tenant has is not ours to refuse', () => {
  const names = ['\ud800', '\ud801', '\udc00', '\ufffd', 'a\ud800', '\ud800a'];
  expect(new Set(names.map((name) => digest({ name }))).size).toBe(names.length);
});
