const comparison = String.raw`(?:-not\s+)?\w+\s+-\w+\s+[^\s()]+`;
const enclosed = new RegExp(String.raw`\(\s*(${comparison})\s*\)`, 'g');
const single = new RegExp(String.raw`(\(\s*)?(\b\w+\s+-(?:eq|ne|like|notlike|gt|ge|lt|le)\s+[^\s()]+)`, 'gi');

/** A filter as Exchange keeps it: with parentheses around each comparison, and around the whole. */
export function storedFilter(filter: string): string {
  return withoutTexts(filter.trim(), (masked) => {
    const inner = masked.replaceAll(single, (text, open: string | undefined, one: string) =>
      open === undefined ? `(${one})` : text,
    );
    return isEnclosed(inner) ? inner : `(${inner})`;
  });
}

/** A form that is the same for filters that differ in spacing, in case, and in parentheses that change nothing. */
export function comparableFilter(filter: string): string {
  const plain = withoutTexts(filter, (masked) => {
    let text = masked.replaceAll(/\s+/g, ' ').replaceAll(enclosed, '$1').trim();
    while (isEnclosed(text)) text = text.slice(1, -1).trim().replaceAll(enclosed, '$1');
    return text;
  });
  return plain.toLowerCase();
}

/** Whether one pair of parentheses holds everything. */
function isEnclosed(filter: string): boolean {
  if (!filter.startsWith('(')) return false;
  let depth = 0;
  for (const { 0: parenthesis, index } of filter.matchAll(/[()]/g)) {
    depth += parenthesis === '(' ? 1 : -1;
    if (depth === 0) return index === filter.length - 1;
  }
  return false;
}

/** Changes a filter with its quoted texts out of the way: parentheses and spaces in them mean nothing. */
function withoutTexts(filter: string, change: (masked: string) => string): string {
  const texts: string[] = [];
  const masked = filter.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, (text) => `§${texts.push(text) - 1}`);
  return change(masked).replaceAll(/§(\d+)/g, (_, place: string) => texts[Number(place)] ?? '');
}
