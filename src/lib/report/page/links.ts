import { type Frame, targetHref } from './frame';
import { type Content, html, type Markup } from './markup';

/** A link to another site, if it is one to https; else the text alone. */
export function outward(href: string, text: Content): Markup {
  return href.startsWith('https://') ? html`<a href="${href}" rel="noreferrer">${text}</a>` : html`${text}`;
}

/** A link to the page of a target, or to a place on it; the text alone where there is no such page. */
export function toTarget(frame: Frame, targetId: string, text: Content, place?: string): Markup {
  const href = targetHref(frame, targetId, place);
  return href === undefined ? html`${text}` : html`<a href="${href}">${text}</a>`;
}

/** A link to one of this project's pages; the text alone where nobody knows where they are. */
export function toDocs({ docsUrl }: Frame, page: string, text: Content): Markup {
  return docsUrl === undefined ? html`${text}` : outward(`${docsUrl}${page}`, text);
}
