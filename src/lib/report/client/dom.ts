import { visible } from '../page/visible';

/** What may stand in an element: text is put in as text, never as HTML. */
export type Part = string | Node | false | undefined;

/** An element with attributes and content. Names from a tenant are made visible, and never read as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...parts: readonly Part[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  fill(made, ...parts);
  return made;
}

/** Puts this into an element in place of what it holds. */
export function fill(into: Element, ...parts: readonly Part[]): void {
  into.replaceChildren(
    ...parts.flatMap((part) => {
      if (part === false || part === undefined) return [];
      return [typeof part === 'string' ? visible(part) : part];
    }),
  );
}

/** A link that leaves the page; the text alone where it would lead anywhere but to https. */
export function outward(href: string, text: string): Part {
  return href.startsWith('https://') ? element('a', { href, rel: 'noreferrer' }, text) : text;
}

/** The first element that matches. */
export function find(selector: string, within: ParentNode = document): HTMLElement | undefined {
  return findA(HTMLElement, selector, within);
}

/** The first element that matches, if it is of this kind. */
export function findA<E extends HTMLElement>(
  kind: new () => E,
  selector: string,
  within: ParentNode = document,
): E | undefined {
  const found = within.querySelector(selector);
  return found instanceof kind ? found : undefined;
}

/** All elements that match, in the order of the page, of the kind that the page has there. */
export function all<E extends HTMLElement>(selector: string, within: ParentNode = document): E[] {
  return [...within.querySelectorAll<E>(selector)];
}

/** Fields of a form by their names, as text. */
export function fieldsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

/** Makes the address say what is shown, so that a reload and a link show the same. What is empty is left out. */
export function showInAddress(parameters: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  const text = query.toString();
  history.replaceState(null, '', `${location.pathname}${text === '' ? '' : `?${text}`}${location.hash}`);
}
