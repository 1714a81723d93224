import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Marked, type Tokens } from 'marked';
import { gfmHeadingId } from 'marked-gfm-heading-id';
import { html, type Markup, trusted } from '../src/lib/report/page/markup';

/** The pages, as they are in the project, in the order of the navigation. */
const groups: readonly (readonly [title: string, patterns: readonly string[]])[] = [
  ['Start', ['README.md']],
  ['Guide', ['docs/*.md', 'powershell/**/README.md']],
  ['Controls', ['src/lib/controls/*/README.md']],
  ['Project', ['CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md']],
];

/** One page of the site. */
interface Page {
  /** Where it is in the project: `docs/api.md`. */
  source: string;
  /** Where it is on the site: `docs/api.html`. */
  file: string;
  title: string;
  markdown: string;
}

/** A link that leads to no page of the site, and to nothing that could be copied there. */
export interface Unlinked {
  page: string;
  href: string;
}

/**
 * Builds the site from the pages of the project, as files that any web server can serve. Gives the pages, and the links that stay
 * text, because they lead to source code.
 * @param folder is emptied first.
 */
export function buildSite(root: string, folder: string): { pages: string[]; unlinked: Unlinked[] } {
  const all = groups.map(([title, patterns]) => ({ title, pages: pagesOf(root, patterns) }));
  const pages = all.flatMap((group) => group.pages);
  const known = new Map(pages.map((page) => [page.source, page]));
  const unlinked: Unlinked[] = [];
  rmSync(folder, { recursive: true, force: true });
  for (const page of pages) {
    const navigation = all.map((group) => navigationOf(group, page));
    const copy = (file: string) => put(folder, file, readFileSync(path.join(root, file)));
    put(folder, page.file, documentOf(page, navigation, contentOf(page, known, unlinked, copy)));
  }
  put(folder, 'style.css', readFileSync(path.join(root, 'build/site.css')));
  return { pages: pages.map(({ file }) => file), unlinked };
}

function pagesOf(root: string, patterns: readonly string[]): Page[] {
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }).sort())
    .map((found) => {
      const source = found.split(path.sep).join('/');
      const markdown = readFileSync(path.join(root, source), 'utf8');
      const title = /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '') ?? source;
      const file = source === 'README.md' ? 'index.html' : source.replace(/\.md$/, '.html');
      return { source, file, title, markdown };
    });
}

function navigationOf({ title, pages }: { title: string; pages: readonly Page[] }, at: Page): Markup | false {
  const item = (page: Page) => {
    const href = relative(at.file, page.file);
    return html`<li><a href="${href}" ${page === at && html`aria-current="page"`}>${page.title}</a></li>`;
  };
  return (
    pages.length > 0 &&
    html`<h2>${title}</h2>
      <ul>
        ${pages.map(item)}
      </ul>`
  );
}

/** A page as HTML: links to other pages lead to them on the site, pictures are taken along. */
function contentOf(
  page: Page,
  known: ReadonlyMap<string, Page>,
  unlinked: Unlinked[],
  copy: (file: string) => void,
): string {
  const resolved = (href: string) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(page.source), href));
  const markdown = new Marked(gfmHeadingId(), {
    renderer: {
      link({ href, tokens }: Tokens.Link) {
        const text = this.parser.parseInline(tokens);
        if (/^(https:|mailto:|#|http:\/\/127\.0\.0\.1)/.test(href)) return linked(href, text);
        const [to = '', anchor] = href.split('#');
        const target = known.get(resolved(to));
        if (target === undefined) {
          unlinked.push({ page: page.source, href });
          return text;
        }
        const fragment = anchor === undefined ? '' : `#${anchor}`;
        return linked(`${relative(page.file, target.file)}${fragment}`, text);
      },
      image({ href, text }: Tokens.Image) {
        if (!href.startsWith('https:')) copy(resolved(href));
        const source = href.startsWith('https:') ? href : relative(page.file, resolved(href));
        return html`<img src="${source}" alt="${text}" />`.toString();
      },
    },
  });
  return markdown.parse(page.markdown, { async: false });
}

function relative(from: string, to: string): string {
  return path.posix.relative(path.posix.dirname(from), to);
}

function put(folder: string, file: string, content: string | Uint8Array): void {
  const to = path.join(folder, file);
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, content);
}

/** @param text HTML that the library has made of the page. */
function linked(href: string, text: string): string {
  return html`<a href="${href}">${trusted(text)}</a>`.toString();
}

function documentOf({ file, title }: Page, navigation: readonly (Markup | false)[], content: string): string {
  const name = file === 'index.html' ? title : `${title} – Syncwarden`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${name}</title>
        <link rel="stylesheet" href="${relative(file, 'style.css')}" />
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <nav aria-label="Pages">${navigation}</nav>
        <main id="main" tabindex="-1">${trusted(content)}</main>
      </body>
    </html> `.toString();
}
