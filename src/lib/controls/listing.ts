/** The most names that one sentence lists. */
const mostNames = 20;

/** Names as a part of a sentence: in a fixed order, and the first ones only when there are many. */
export function listOf(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, mostNames).join(', ');
  return sorted.length > mostNames ? `${shown} and ${sorted.length - mostNames} more` : shown;
}
