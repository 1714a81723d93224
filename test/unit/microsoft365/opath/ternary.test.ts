import { and, not, or, type Truth } from '../../../../src/lib/microsoft365/opath/ternary';

it.each<[Truth, Truth, Truth, Truth]>([
  [true, true, true, true],
  [true, false, false, true],
  [true, undefined, undefined, true],
  [false, true, false, true],
  [false, false, false, false],
  [false, undefined, false, undefined],
  [undefined, true, undefined, true],
  [undefined, false, false, undefined],
  [undefined, undefined, undefined, undefined],
])('%p and %p is %p, or: %p', (left, right, both, either) => {
  expect(and(left, right)).toBe(both);
  expect(or(left, right)).toBe(either);
});

it('does not know the reverse of what it does not know', () => {
  expect([true, false, undefined].map(not)).toEqual([false, true, undefined]);
});
