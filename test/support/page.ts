/** What a test looks for in a page: HTML that our templates have made, so that simple patterns do. */

/** The page without its head: style sheet and script know every mark that a test may look for. */
export function bodyOf(html: string): string {
  return html.slice(html.indexOf('<body'));
}

/** What is read of a page: no tags, no style sheet or script, blanks as one. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<(style|script|template)\b.*?<\/\1>/gs, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([.,;:)])/g, '$1')
    .replaceAll('( ', '(')
    .trim();
}

/** Values of an attribute, in the order of the page. */
export function attributes(html: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value);
}

/** The first element of a page whose opening tag has these words, with its content up to its own end. */
export function part(html: string, tag: string, words: string): string {
  const start = html.search(new RegExp(`<${tag}\\b[^>]*${words}`));
  if (start < 0) throw new Error(`There is no ${tag} with ${words}.`);
  const pattern = new RegExp(`<(/?)${tag}\\b`, 'g');
  pattern.lastIndex = start;
  let depth = 0;
  for (let match = pattern.exec(html); match !== null; match = pattern.exec(html)) {
    depth += match[1] === '/' ? -1 : 1;
    if (depth === 0) return html.slice(start, html.indexOf('>', match.index) + 1);
  }
  throw new Error(`${tag} with ${words} has no end.`);
}
