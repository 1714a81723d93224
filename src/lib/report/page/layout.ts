import { version } from '../../../../package.json';
import { type Frame, queryHref } from './frame';
import { toDocs } from './links';
import { html, type Markup, name, trusted } from './markup';
import { filePolicy, headers, inlined } from './policy';
import { moment } from './time';

/** A page, and what the app sends beside it. */
export interface Rendered {
  html: string;
  headers: Readonly<Record<string, string>>;
}

/** What a document is made of. */
export interface Document {
  /** For the window and for bookmarks. */
  title: string;
  /** Which page; all but `overview` and `problem` are about a target. */
  page: 'overview' | 'target' | 'history' | 'form' | 'problem';
  targetId?: string;
  /** Whose targets it is about, where it is about those of one customer. */
  customer?: string | undefined;
  generatedAt: string;
  /** Where the name of the product leads: to all targets, or nowhere. */
  home: string | undefined;
  main: Markup;
}

/** A square with a tick, drawn here so that nothing has to be fetched. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%230b5c8f'/%3E%3Cpath d='M4 8.5l2.6 2.6L12 5.6' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";

/** Puts a page together. It asks for nothing: style sheet, script and icon stand in it. */
export function documentOf(
  frame: Frame,
  { title, page, targetId, customer, generatedAt, home, main }: Document,
): Rendered {
  const { viewer } = frame;
  const markup = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        ${viewer === null && html`<meta http-equiv="Content-Security-Policy" content="${filePolicy}" />`}
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title} – Syncwarden</title>
        <link rel="icon" href="${icon}" />
        ${trusted(`<style>${inlined.styles}</style><script type="module">${inlined.script}</script>`)}
      </head>
      <body
        data-page="${page}"
        ${targetId !== undefined && html` data-target="${targetId}"`}${viewer !== null && html` data-live`}
      >
        <a class="skip" href="#main">To the content</a>
        <header class="top">
          ${home === undefined ? html`<span class="product">Syncwarden</span>` : html`<a class="product" href="${home}">Syncwarden</a>`}
          <p>As of ${moment(generatedAt)}${viewer !== null && html`. Signed in as ${name(viewer.name)}`}</p>
        </header>
        <main id="main" tabindex="-1">${main}</main>
        ${bottom(frame, { ...(targetId === undefined ? {} : { targetId }), customer })}
      </body>
    </html> `;
  return { html: markup.toString(), headers };
}

/** Where the same can be had in other forms, and which version this is. */
function bottom(frame: Frame, about: { targetId?: string; customer?: string | undefined }): Markup {
  const file = (format: string) => `export/${format}${queryHref(about).replace(/^\?$/, '')}`;
  return html`<footer class="bottom">
    ${
      frame.viewer !== null &&
      html`<nav aria-label="In other forms">
        <a href="${file('xlsx')}">Workbook</a>, <a href="${file('csv')}">CSV</a>,
        <a href="${file('md')}">Markdown</a>, <a href="${file('json')}">JSON with history</a>,
        <a href="openapi.json">the API</a>
      </nav>`
    }
    <p>${toDocs(frame, '', 'Syncwarden')} ${version}</p>
  </footer>`;
}
