/** Three-valued logic after Kleene: undefined is "not known", and false < undefined < true. */
export type Truth = boolean | undefined;

/** The opposite; of what is not known nothing else is known. */
export function not(value: Truth): Truth {
  return value === undefined ? undefined : !value;
}

/** The lesser of the two: false as soon as one is false, whatever the other may be. */
export function and(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  return left === undefined ? undefined : right;
}

/** The greater of the two: true as soon as one is true, whatever the other may be. */
export function or(left: Truth, right: Truth): Truth {
  if (left === true || right === true) return true;
  return left === undefined ? undefined : right;
}
