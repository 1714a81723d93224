/**
 * Exchange Online promises one form of wildcard, a single `*` at the end. It takes any other too, but may then treat
 * it as a wildcard or match nothing. https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export function isReliable(pattern: string): boolean {
  const star = pattern.indexOf('*');
  return star === -1 || star === pattern.length - 1;
}

/**
 * Turns a pattern with at least one `*` into a test of a text. Every part is looked for once, from left to right:
 * when the parts fit at all, they fit where they are found first.
 */
export function toMatcher(pattern: string): (text: string) => boolean {
  const beginning = pattern.slice(0, pattern.indexOf('*'));
  const ending = pattern.slice(pattern.lastIndexOf('*') + 1);
  if (isReliable(pattern)) return (text) => text.startsWith(beginning);
  const between = pattern.slice(beginning.length, pattern.length - ending.length);
  const parts = between.split('*').filter((part) => part !== '');
  return (text) =>
    text.startsWith(beginning) &&
    text.endsWith(ending) &&
    holdsInOrder(text, parts, beginning.length, text.length - ending.length);
}

/** Whether `start` is not behind `end`, and the parts follow each other between them without overlap. */
function holdsInOrder(text: string, parts: readonly string[], start: number, end: number): boolean {
  let from = start;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= end;
}
