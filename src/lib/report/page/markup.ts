import { html as template, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { visible } from './visible';

/** HTML that is safe to put into a page. */
export type Markup = HtmlEscapedString;

/** What may stand in a template. Text is escaped; what is `false`, `null` or `undefined` leaves nothing. */
export type Content = string | number | false | null | undefined | readonly Content[];

/**
 * A template that escapes what is put into it, in elements and in quoted attributes. Names in a tenant are hostile
 * input: what cannot be seen, or turns the direction of what follows, is shown as a replacement character.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  // The library answers with a promise only where one was put in, which the types rule out.
  return template(squeezed(parts), ...contents.map(shown)) as Markup;
}

const squeezedParts = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

/** The indentation of a template is for whoever reads the source; a page has the same lines thousands of times. */
function squeezed(parts: TemplateStringsArray): TemplateStringsArray {
  const known = squeezedParts.get(parts);
  if (known !== undefined) return known;
  const texts = parts.map((part) => part.replaceAll(/\s*\n\s*(?=>)/g, '').replaceAll(/\s*\n\s*/g, ' '));
  const result = Object.assign(texts, { raw: texts });
  squeezedParts.set(parts, result);
  return result;
}

/** HTML that this project has made itself, as it is. Never for anything that comes from a tenant or a person. */
export function trusted(text: string): Markup {
  return raw(text);
}

/** A name that somebody else chose, kept from changing the direction of the words around it. */
export function name(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

function shown(content: Content): Content {
  if (typeof content === 'string') return visible(content);
  return Array.isArray(content) ? content.map(shown) : content;
}
